import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Cache, type CacheKey, createInProcessCache, createRedisCache } from '../cache/index.ts';
import { createInProcessBus, createInProcessPubSub, createRedisPubSub, type PubSub } from '../pubsub/index.ts';
import { type Driver, describeDrivers, gate, until } from './drivers.ts';

const TTL_MS = 60_000;
const key = (name: string = randomUUID(), tenantId = 't1'): CacheKey => ({ tenantId, service: 's', name });
const never = async (): Promise<never> => expect.fail('loaded though the value was there');

/** `count` nodes that hear each other. */
async function nodes(driver: Driver, count: number): Promise<readonly Cache[]> {
  const bus = createInProcessBus();
  const node = async (): Promise<Cache> => {
    const redis = await driver.connect();
    if (redis === null) return createInProcessCache({ pubsub: createInProcessPubSub({ bus }) });
    const onDegraded = (_: string, error: unknown): void => expect.fail(String(error));
    return createRedisCache({ redis, pubsub: createRedisPubSub({ redis, onDegraded: () => undefined }), onDegraded });
  };
  return Promise.all(Array.from({ length: count }, node));
}

async function pair(driver: Driver): Promise<readonly [Cache, Cache]> {
  const [a, b] = await nodes(driver, 2);
  if (a === undefined || b === undefined) throw new Error('two nodes were asked for');
  return [a, b];
}

describeDrivers('cache', (driver) => {
  test('many callers at once share one load', async () => {
    const [a] = await pair(driver);
    const k = key();
    let loads = 0;
    const load = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ++loads;
    };
    const values = await Promise.all(Array.from({ length: 500 }, () => a.get(k, TTL_MS, load)));
    expect(new Set(values)).toEqual(new Set([1]));
    expect(await a.get(k, TTL_MS, never)).toBe(1);
  });

  test('after invalidate has resolved this node never answers with the old value, whatever was under way', async () => {
    const [a, b] = await pair(driver);
    let truth = 0;
    const k = key();
    const load = async (): Promise<number> => {
      const read = truth;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
      return read;
    };
    let stop = false;
    const readers = [a, b, a, b].map(async (cache) => {
      while (!stop) {
        await cache.get(k, TTL_MS, load);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    for (let round = 1; round <= 40; round++) {
      truth = round;
      const writer = round % 2 === 0 ? a : b;
      await writer.invalidate(k);
      expect(await writer.get(k, TTL_MS, load)).toBe(round);
    }
    stop = true;
    await Promise.all(readers);
  });

  test('the other node has the new value as soon as the bus has told it', async () => {
    const [a, b] = await pair(driver);
    let truth = 0;
    for (let round = 1; round <= 60; round++) {
      const k = key();
      truth = -round;
      await Promise.all([a.get(k, TTL_MS, async () => truth), b.get(k, TTL_MS, async () => truth)]);
      truth = round;
      await a.invalidate(k);
      await until('the new value is seen', async () => (await b.get(k, TTL_MS, async () => truth)) === round, 1_000);
    }
  });

  test('a load that began before an invalidation elsewhere is answered to its caller and stored nowhere', async () => {
    const [a, b] = await pair(driver);
    const k = key();
    const [started, release] = [gate(), gate()];
    const slow = b.get(k, TTL_MS, async () => {
      started.resolve();
      await release.promise;
      return 'old';
    });
    await started.promise;
    await a.invalidate(k);
    // The bus is ordered: once a later message has come, so has the invalidation.
    await heardBy(a, b);
    release.resolve();
    expect(await slow).toBe('old');
    expect(await b.get(k, TTL_MS, async () => 'new')).toBe('new');
    expect(await a.get(k, TTL_MS, async () => 'new')).toBe('new');
  });

  test('a tag forgets what carries it, of its tenant alone', async () => {
    const [a, b] = await pair(driver);
    const tag = randomUUID();
    const [one, two, other, foreign] = [key(), key(), key(), key('x', 't2')];
    const load = (value: string) => async () => value;
    for (const cache of [a, b]) {
      for (const k of [one, two, foreign]) await cache.get(k, TTL_MS, load('old'), { tags: [tag, 'more'] });
      await cache.get(other, TTL_MS, load('old'), { tags: ['another'] });
    }
    await a.invalidateTags('t1', [tag]);
    await heardBy(a, b);
    for (const cache of [a, b]) {
      for (const k of [one, two]) {
        expect(await cache.get(k, TTL_MS, load('new'), { tags: [tag, 'more'] })).toBe('new');
      }
      expect(await cache.get(other, TTL_MS, never, { tags: ['another'] })).toBe('old');
      expect(await cache.get(foreign, TTL_MS, never, { tags: [tag, 'more'] })).toBe('old');
    }
    await a.invalidate(foreign);
  });

  test('a load under way is not stored when one of its tags is invalidated', async () => {
    const [a] = await pair(driver);
    const [k, tag] = [key(), randomUUID()];
    const [started, release] = [gate(), gate()];
    const options = { tags: [tag] };
    const load = async (): Promise<string> => {
      started.resolve();
      await release.promise;
      return 'old';
    };
    const slow = a.get(k, TTL_MS, load, options);
    await started.promise;
    await a.invalidateTags('t1', [tag]);
    release.resolve();
    await slow;
    expect(await a.get(k, TTL_MS, async () => 'new', options)).toBe('new');
  });

  test('many keys and tags at once are forgotten, in as many messages as it takes', async () => {
    const [a, b] = await pair(driver);
    const keys = Array.from({ length: 300 }, (_, index) => key(`${index} ${'ü\u0001'.repeat(60)}`));
    for (const cache of [a, b]) await Promise.all(keys.map((k) => cache.get(k, TTL_MS, async () => 'old')));
    await a.invalidate(...keys);
    await heardBy(a, b);
    const values = await Promise.all(
      [a, b].flatMap((cache) => keys.map((k) => cache.get(k, TTL_MS, async () => 'new'))),
    );
    expect(new Set(values)).toEqual(new Set(['new']));
  });

  test('tenants, services and names never meet', async () => {
    const [a] = await pair(driver);
    const base = randomUUID();
    const keys = [
      { tenantId: base, service: 'ab', name: 'c' },
      { tenantId: base, service: 'a', name: 'bc' },
      { tenantId: `${base}a`, service: 'b', name: 'c' },
      { tenantId: base, service: 'a', name: 'b:c' },
      { tenantId: base, service: 'a:b', name: 'c' },
    ];
    for (const [index, k] of keys.entries()) expect(await a.get(k, TTL_MS, async () => index)).toBe(index);
    for (const [index, k] of keys.entries()) expect(await a.get(k, TTL_MS, never)).toBe(index);
  });

  test('a value ends with its time', async () => {
    const [a] = await pair(driver);
    const k = key();
    await a.get(k, 60, async () => 'old');
    expect(await a.get(k, 60, async () => 'old')).toBe('old');
    await until('the value has ended', async () => (await a.get(k, 60, async () => 'new')) === 'new');
  });

  test('a failed load is told to all who wait, is not remembered, and holds nobody up', async () => {
    const [a, b] = await pair(driver);
    const k = key();
    const failing = Array.from({ length: 3 }, () =>
      a.get(k, TTL_MS, async () => {
        throw new Error('no database');
      }),
    );
    for (const result of await Promise.allSettled(failing)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'no database' } });
    }
    const from = performance.now();
    expect(await b.get(k, TTL_MS, async () => 'new')).toBe('new');
    expect(performance.now() - from).toBeLessThan(400);
  });

  test('a value is what JSON makes of it, frozen; null is one, and what JSON would change is refused', async () => {
    const [a] = await pair(driver);
    const value = await a.get(key(), TTL_MS, async () => ({ list: [{ x: 1 }], none: null }));
    expect(value).toEqual({ list: [{ x: 1 }], none: null });
    expect(() => value.list.push({ x: 2 })).toThrow(TypeError);
    const k = key();
    expect(await a.get(k, TTL_MS, async () => null)).toBeNull();
    expect(await a.get(k, TTL_MS, never)).toBeNull();
    for (const bad of [new Date(), { at: new Date() }, new Map(), undefined, [Number.NaN], () => 1, [undefined]]) {
      await expect(a.get<unknown>(key(), TTL_MS, async () => bad)).rejects.toThrow(TypeError);
    }
  });

  test('a caller may leave; the load goes on for the others and ends when the last has left', async () => {
    const [a] = await pair(driver);
    const k = key();
    const release = gate();
    let ended = false;
    const load = async (signal: AbortSignal): Promise<string> => {
      signal.addEventListener('abort', () => {
        ended = true;
      });
      await release.promise;
      return 'value';
    };
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const leaving = a.get(k, TTL_MS, load, { signal: first.signal });
    const staying = a.get(k, TTL_MS, load, { signal: second.signal });
    first.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    release.resolve();
    expect(await staying).toBe('value');
    expect(ended).toBe(false);
    const started = gate();
    const alone = a.get(
      key(),
      TTL_MS,
      (signal) => {
        started.resolve();
        return load(signal).then(() => new Promise<never>(() => undefined));
      },
      { signal: third.signal },
    );
    await started.promise;
    third.abort(new Error('left too'));
    await expect(alone).rejects.toThrow('left too');
    expect(ended).toBe(true);
  });

  test('a load that everybody has left is not stored when it ends after an invalidation', async () => {
    const [a] = await pair(driver);
    const k = key();
    const [started, release] = [gate(), gate()];
    const leaver = new AbortController();
    const left = a.get(
      k,
      TTL_MS,
      async () => {
        started.resolve();
        await release.promise;
        return 'old';
      },
      { signal: leaver.signal },
    );
    await started.promise;
    leaver.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await a.invalidate(k);
    release.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await a.get(k, TTL_MS, async () => 'new')).toBe('new');
  });

  test('a key, time or tags out of range are refused', async () => {
    const [a] = await pair(driver);
    for (const ttlMs of [0, -1, Number.NaN, 86_400_001])
      await expect(a.get(key(), ttlMs, never)).rejects.toThrow(RangeError);
    await expect(a.get(key(''), TTL_MS, never)).rejects.toThrow(RangeError);
    await expect(a.get(key('x'.repeat(257)), TTL_MS, never)).rejects.toThrow(RangeError);
    const tags = Array.from({ length: 17 }, (_, index) => `${index}`);
    await expect(a.get(key(), TTL_MS, never, { tags })).rejects.toThrow(RangeError);
  });

  test('after close nothing is answered from the cache and waiting callers are let go', async () => {
    const [a] = await pair(driver);
    const started = gate();
    const waiting = a.get(key(), TTL_MS, () => {
      started.resolve();
      return new Promise<never>(() => undefined);
    });
    await started.promise;
    await a.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(a.get(key(), TTL_MS, async () => 1)).rejects.toThrow('closed');
  });
});

/** Waits until `b` has heard everything that `a` said so far on their channel. */
async function heardBy(a: Cache, b: Cache): Promise<void> {
  const k = key();
  await b.get(k, TTL_MS, async () => 'before');
  await a.invalidate(k);
  await until('the bus has delivered', async () => (await b.get(k, TTL_MS, async () => 'after')) === 'after', 2_000);
}

test('memory is bounded by bytes, also for its index of tags', async () => {
  const cache = await createInProcessCache({ memoryBytesMax: 100_000 });
  for (let index = 0; index < 2_000; index++) {
    await cache.get(key(`k${index}`), TTL_MS, async () => 'x'.repeat(500), { tags: [`tag ${index}`] });
  }
  const { memorySize } = cache as unknown as { memorySize(): { entries: number; bytes: number; tags: number } };
  const size = memorySize.call(cache);
  expect(size.bytes).toBeLessThanOrEqual(100_000);
  expect(size.entries).toBeGreaterThan(50);
  expect(size.tags).toBe(size.entries);
  await cache.close();
});

test('with other nodes about, a value lives in memory for 5 s at most, should the bus lose a message in silence', async () => {
  let nowMs = 0;
  const deaf: PubSub = {
    publish: async () => undefined,
    subscribe: async () => async () => undefined,
    close: async () => undefined,
  };
  const cache = await createInProcessCache({ pubsub: deaf, now: () => nowMs });
  const k = key();
  await cache.get(k, TTL_MS, async () => 'old');
  nowMs = 4_000;
  expect(await cache.get(k, TTL_MS, never)).toBe('old');
  nowMs = 5_001;
  expect(await cache.get(k, TTL_MS, async () => 'new')).toBe('new');
});
