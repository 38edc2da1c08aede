import { randomUUID } from 'node:crypto';
import { startRedis, startRedisCluster } from '@candlefish/testkit/redis';
import { afterEach, describe, expect, test } from 'vitest';
import { type Cache, type CacheKey, createRedisCache } from '../cache/index.ts';
import { createRedisPubSub, type PubSub } from '../pubsub/index.ts';
import { type Redis, RedisUnavailableError } from '../redis/index.ts';
import { connected, gate, until, whyWithoutRedis } from './drivers.ts';

const TTL_MS = 60_000;
const key = (name: string = randomUUID(), tenantId = 't1'): CacheKey => ({ tenantId, service: 's', name });
const never = async (): Promise<never> => expect.fail('loaded though the value was there');

describe.skipIf(whyWithoutRedis() !== null)('cache over Redis', () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function nodeOn(url: string): Promise<{ cache: Cache; pubsub: PubSub; degraded: () => number }> {
    const redis = await connected(url);
    let count = 0;
    const pubsub = createRedisPubSub({ redis, onDegraded: () => undefined });
    const cache = await createRedisCache({ redis, pubsub, onDegraded: (use) => void (use === 'cache' && count++) });
    open.push(redis.close, () => cache.close());
    return { cache, pubsub, degraded: () => count };
  }

  async function server(): Promise<Awaited<ReturnType<typeof startRedis>>> {
    const redis = await startRedis();
    open.push(redis.stop);
    return redis;
  }

  test('a value loaded by one process is not loaded by the next, and a stampede over processes loads once', async () => {
    const redis = await server();
    const caches = await Promise.all([nodeOn(redis.url), nodeOn(redis.url), nodeOn(redis.url)]);
    const k = key();
    let loads = 0;
    const load = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return ++loads;
    };
    const calls = caches.flatMap(({ cache }) => Array.from({ length: 50 }, () => cache.get(k, TTL_MS, load)));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([1]));
    const late = await nodeOn(redis.url);
    expect(await late.cache.get(k, TTL_MS, never)).toBe(1);
  });

  test('a process that dies while it loads holds the others up for half a second, not longer', async () => {
    const redis = await server();
    const [a, b] = await Promise.all([nodeOn(redis.url), nodeOn(redis.url)]);
    const k = key();
    const started = gate();
    const stuck = a.cache.get(k, TTL_MS, () => {
      started.resolve();
      return new Promise<never>(() => undefined);
    });
    stuck.catch(() => undefined); // ends when the node is closed
    await started.promise;
    expect(await b.cache.get(k, TTL_MS, async () => 'value')).toBe('value');
    const late = await nodeOn(redis.url);
    expect(await late.cache.get(k, TTL_MS, never)).toBe('value');
  });

  test('a killed Redis leaves the loader and the memory, with a signal, and is used again when it is back', async () => {
    const redis = await server();
    const [a, b] = await Promise.all([nodeOn(redis.url), nodeOn(redis.url)]);
    const k = key();
    await a.cache.get(k, TTL_MS, async () => 'old');
    await redis.kill();
    expect(await a.cache.get(key(), TTL_MS, async () => 'loaded')).toBe('loaded');
    expect(a.degraded()).toBeGreaterThan(0);
    await a.cache.invalidate(k);
    expect(await a.cache.get(k, TTL_MS, async () => 'new')).toBe('new');
    await redis.restart();
    const shared = key();
    await until('the shared level is used again', async () => {
      await a.cache.get(shared, TTL_MS, async () => 'shared');
      await a.cache.invalidate(shared);
      await a.cache.get(shared, TTL_MS, async () => 'shared');
      const before = b.degraded();
      return (await b.cache.get(shared, TTL_MS, async () => 'own')) === 'shared' && b.degraded() === before;
    });
  });

  test('an invalidation that Redis could not take is made up for, and until then the old value is not read there', async () => {
    const redis = await server();
    const [a, b] = await Promise.all([nodeOn(redis.url), nodeOn(redis.url)]);
    const k = key();
    const options = { tags: ['tag'] };
    const tagged = key();
    for (const { cache } of [a, b]) {
      await cache.get(k, TTL_MS, async () => 'old');
      await cache.get(tagged, TTL_MS, async () => 'old', options);
    }
    // Frozen, not killed: what Redis holds is still there afterwards.
    redis.pause();
    await Promise.all([a.cache.invalidate(k), a.cache.invalidateTags('t1', ['tag'])]);
    redis.resume();
    expect(await a.cache.get(k, TTL_MS, async () => 'new')).toBe('new');
    expect(await a.cache.get(tagged, TTL_MS, async () => 'new', options)).toBe('new');
    await until('the other node is told', async () => (await b.cache.get(k, TTL_MS, async () => 'new')) === 'new');
    await until(
      'of the tag too',
      async () => (await b.cache.get(tagged, TTL_MS, async () => 'new', options)) === 'new',
    );
  });

  /** A node whose removals in Redis pass through `before`. */
  async function nodeRemoving(url: string, before: () => Promise<void>): Promise<Cache> {
    const redis = await connected(url);
    const run: Redis['run'] = async (...command) => {
      if (command[0] === 'unlink') await before();
      return redis.run(...command);
    };
    const pubsub = createRedisPubSub({ redis, onDegraded: () => undefined });
    const cache = await createRedisCache({ redis: { ...redis, run }, pubsub, onDegraded: () => undefined });
    open.push(redis.close, () => cache.close());
    return cache;
  }

  test('what is read from the shared level while an invalidation is under way is not kept', async () => {
    const redis = await server();
    const [asked, go] = [gate(), gate()];
    const a = await nodeRemoving(redis.url, () => {
      asked.resolve();
      return go.promise;
    });
    const { cache: b } = await nodeOn(redis.url);
    const k = key();
    await b.get(k, TTL_MS, async () => 'old');
    const invalidated = a.invalidate(k);
    await asked.promise;
    expect(await a.get(k, TTL_MS, never)).toBe('old');
    go.resolve();
    await invalidated;
    expect(await a.get(k, TTL_MS, async () => 'new')).toBe('new');
  });

  test('while a removal is owed to Redis this node does not read there, and pays when it can', async () => {
    const redis = await server();
    let cut = true;
    const a = await nodeRemoving(redis.url, async () => {
      if (cut) throw new RedisUnavailableError('cut');
    });
    const { cache: b } = await nodeOn(redis.url);
    const [k, tagged] = [key(), key()];
    const options = { tags: ['tag'] };
    await b.get(k, TTL_MS, async () => 'old');
    await b.get(tagged, TTL_MS, async () => 'old', options);
    await a.invalidate(k);
    await a.invalidateTags('t1', ['tag']);
    expect(await a.get(k, TTL_MS, async () => 'new')).toBe('new');
    expect(await a.get(tagged, TTL_MS, async () => 'new', options)).toBe('new');
    cut = false;
    await until('the shared level is rid of it', async () => {
      const late = await nodeOn(redis.url);
      return (await late.cache.get(k, 1, async () => 'new')) === 'new';
    });
  });

  test('a flushed Redis brings nothing old back', async () => {
    const redis = await server();
    const [a, b] = await Promise.all([nodeOn(redis.url), nodeOn(redis.url)]);
    const client = await connected(redis.url);
    open.push(client.close);
    const k = key();
    const [started, release] = [gate(), gate()];
    const options = { tags: ['tag'] };
    const slow = b.cache.get(
      k,
      TTL_MS,
      async () => {
        started.resolve();
        await release.promise;
        return 'old';
      },
      options,
    );
    await started.promise;
    await client.run('flushall', 'sync');
    await a.cache.get(k, TTL_MS, async () => 'new', options);
    release.resolve();
    await slow;
    const late = await nodeOn(redis.url);
    expect(await late.cache.get(k, TTL_MS, never, options)).toBe('new');
  });

  test('on a cluster the death of a master leaves every key readable, by load or from the replica', async () => {
    const cluster = await startRedisCluster();
    open.push(cluster.stop);
    const { cache } = await nodeOn(cluster.url);
    const keys = Array.from({ length: 12 }, (_, index) => key('k', `tenant ${index}`));
    await Promise.all(keys.map((k) => cache.get(k, TTL_MS, async () => 'value')));
    await cluster.servers[1]?.kill();
    await cache.invalidate(...keys);
    const values = await Promise.all(keys.map((k) => cache.get(k, TTL_MS, async () => 'again')));
    expect(new Set(values)).toEqual(new Set(['again']));
  });
});
