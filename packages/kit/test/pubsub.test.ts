import { type RedisServer, startRedis, startRedisCluster } from '@candlefish/testkit/redis';
import { afterEach, describe, expect, test } from 'vitest';
import { createInProcessBus, createInProcessPubSub, createRedisPubSub, type PubSub } from '../pubsub/index.ts';
import type { Redis } from '../redis/index.ts';
import { connected, describeDrivers, until, whyWithoutRedis } from './drivers.ts';
import { pubsubContract } from './pubsub-contract.ts';

describeDrivers('pub/sub', (driver) => {
  const bus = createInProcessBus();
  pubsubContract(async (options) => {
    const redis = await driver.connect();
    return redis === null
      ? createInProcessPubSub({ bus, ...options })
      : createRedisPubSub({ redis, onDegraded: () => undefined, ...options });
  });
});

describe.skipIf(whyWithoutRedis() !== null)('pub/sub without its bus', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const item of open.splice(0).reverse()) await item.close();
  });

  function nodeOn(redis: Redis): { pubsub: PubSub; degraded: () => number } {
    let count = 0;
    const pubsub = createRedisPubSub({ redis, onDegraded: () => void count++ });
    open.push(redis, pubsub);
    return { pubsub, degraded: () => count };
  }

  async function server(): Promise<RedisServer> {
    const redis = await startRedis();
    open.push({ close: redis.stop });
    return redis;
  }

  test('readers are told at the loss, every second of it, and after it; then messages arrive again', async () => {
    const redis = await server();
    const a = nodeOn(await connected(redis.url));
    const b = nodeOn(await connected(redis.url));
    let gaps = 0;
    const heard: string[] = [];
    await b.pubsub.subscribe(
      'c',
      (message) => heard.push(message),
      () => void gaps++,
    );
    await redis.kill();
    await until('the loss is known', () => gaps === 1);
    await until('the pulse goes on', () => gaps === 2, 2_000);
    await a.pubsub.publish('c', 'lost');
    expect(a.degraded()).toBe(1);
    const before = gaps;
    await redis.restart();
    await until('the return is known', () => gaps > before, 20_000);
    await until('a message arrives', async () => {
      await a.pubsub.publish('c', 'found');
      return heard.includes('found');
    });
    expect(heard).not.toContain('lost');
  });

  test('listeners of the publishing process hear it without the bus, and a subscription made meanwhile heals', async () => {
    const redis = await server();
    const { pubsub } = nodeOn(await connected(redis.url));
    await redis.kill();
    const heard: string[] = [];
    let gaps = 0;
    await pubsub.subscribe(
      'c',
      (message) => heard.push(message),
      () => void gaps++,
    );
    expect(gaps).toBe(1);
    await pubsub.publish('c', 'alone');
    await until('heard', () => heard.length === 1);
    await redis.restart();
    await until('the channel is heard through Redis', async () => {
      const other = await connected(redis.url);
      await other.run('publish', 'cf:bus:c', 'through');
      await other.close();
      return heard.includes('through');
    });
  });

  test('a frozen server is found out though its connections stay open', async () => {
    const redis = await server();
    const { pubsub } = nodeOn(await connected(redis.url));
    let gaps = 0;
    await pubsub.subscribe(
      'c',
      () => undefined,
      () => void gaps++,
    );
    redis.pause();
    await until('the silence is known', () => gaps > 0, 4_500);
    redis.resume();
  });

  test('on a cluster the death of a master costs a gap, and its channels are heard from the replica', async () => {
    const cluster = await startRedisCluster();
    open.push({ close: cluster.stop });
    const a = nodeOn(await connected(cluster.url));
    const b = nodeOn(await connected(cluster.url));
    const channels = Array.from({ length: 30 }, (_, index) => `c${index}`);
    const gaps = new Set<string>();
    const heard = new Set<string>();
    await Promise.all(
      channels.map((channel) =>
        b.pubsub.subscribe(
          channel,
          () => heard.add(channel),
          () => void gaps.add(channel),
        ),
      ),
    );
    await cluster.servers[0]?.kill();
    await until('some channels have a gap', () => gaps.size > 0);
    expect(gaps.size).toBeLessThan(channels.length);
    await until(
      'every channel is heard again',
      async () => {
        await Promise.all(channels.map((channel) => a.pubsub.publish(channel, '')));
        return heard.size === channels.length;
      },
      10_000,
    );
  });
});
