import { randomUUID } from 'node:crypto';
import { type RedisServer, startRedis, startRedisCluster } from '@candlefish/testkit/redis';
import { afterEach, describe, expect, test } from 'vitest';
import { createInProcessBus, createInProcessPubSub, createRedisPubSub, type PubSub } from '../pubsub/index.ts';
import type { Redis } from '../redis/index.ts';
import { connected, type Driver, describeDrivers, until, whyWithoutRedis } from './drivers.ts';

/** Two nodes that hear each other. */
async function twoNodes(driver: Driver): Promise<readonly [PubSub, PubSub]> {
  const bus = createInProcessBus();
  const node = async (): Promise<PubSub> => {
    const redis = await driver.connect();
    return redis === null ? createInProcessPubSub({ bus }) : createRedisPubSub({ redis, onDegraded: () => undefined });
  };
  return [await node(), await node()];
}

describeDrivers('pub/sub', (driver) => {
  test('a message reaches every listener of its channel on every node, in order, and no other channel', async () => {
    const [a, b] = await twoNodes(driver);
    const [one, other] = [randomUUID(), randomUUID()];
    const heard: string[][] = [[], [], []];
    await a.subscribe(one, (message) => heard[0]?.push(message));
    await b.subscribe(one, (message) => heard[1]?.push(message));
    await b.subscribe(other, (message) => heard[2]?.push(message));
    for (let count = 0; count < 50; count++) await a.publish(one, `${count} ü`);
    await b.publish(other, 'end');
    await until('all came', () => heard[0]?.length === 50 && heard[1]?.length === 50 && heard[2]?.length === 1);
    const expected = Array.from({ length: 50 }, (_, count) => `${count} ü`);
    expect(heard).toEqual([expected, expected, ['end']]);
    await Promise.all([a.close(), b.close()]);
  });

  test('what is published after subscribe has resolved is heard, for many channels at once', async () => {
    const [a, b] = await twoNodes(driver);
    const channels = Array.from({ length: 200 }, () => randomUUID());
    const heard = new Set<string>();
    await Promise.all(
      channels.map(async (channel) => {
        await b.subscribe(channel, () => heard.add(channel));
        await a.publish(channel, '');
      }),
    );
    await until('every channel was heard', () => heard.size === channels.length);
    await Promise.all([a.close(), b.close()]);
  });

  test('an ended subscription hears nothing while its neighbour on the channel still does', async () => {
    const [a, b] = await twoNodes(driver);
    const channel = randomUUID();
    const heard: string[] = [];
    const end = await b.subscribe(channel, () => heard.push('ended'));
    await b.subscribe(channel, (message) => heard.push(message));
    await end();
    await end();
    await a.publish(channel, 'one');
    await until('the neighbour heard', () => heard.length > 0);
    expect(heard).toEqual(['one']);
    await Promise.all([a.close(), b.close()]);
  });

  test('a channel can be heard again after its last listener has left', async () => {
    const [a, b] = await twoNodes(driver);
    const channel = randomUUID();
    for (const round of ['one', 'two', 'three']) {
      const heard: string[] = [];
      const end = await b.subscribe(channel, (message) => heard.push(message));
      await a.publish(channel, round);
      await until(`round ${round}`, () => heard.length === 1);
      expect(heard).toEqual([round]);
      await end();
    }
    await Promise.all([a.close(), b.close()]);
  });

  test('a listener never runs inside publish, and one that throws keeps nothing from the others', async () => {
    const redis = await driver.connect();
    const faults: unknown[] = [];
    const onListenerError = (_: string, error: unknown): void => void faults.push(error);
    const pubsub =
      redis === null
        ? createInProcessPubSub({ onListenerError })
        : createRedisPubSub({ redis, onDegraded: () => undefined, onListenerError });
    const channel = randomUUID();
    const order: string[] = [];
    await pubsub.subscribe(channel, () => {
      order.push('listener');
      throw new Error('faulty');
    });
    await pubsub.subscribe(channel, () => order.push('second'));
    const published = pubsub.publish(channel, '');
    order.push('returned');
    await published;
    await until('both ran', () => order.length === 3);
    expect(order).toEqual(['returned', 'listener', 'second']);
    expect(faults).toEqual([new Error('faulty')]);
    await pubsub.close();
  });

  test('a message or channel too long for any driver is refused by every driver', async () => {
    const [a, b] = await twoNodes(driver);
    await expect(a.publish('c', 'x'.repeat(7_001))).rejects.toThrow(RangeError);
    await expect(a.publish('c'.repeat(201), '')).rejects.toThrow(RangeError);
    await expect(a.subscribe('', () => undefined)).rejects.toThrow(RangeError);
    await a.publish('c', 'x'.repeat(7_000));
    await Promise.all([a.close(), b.close()]);
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
    await redis.restart();
    const before = gaps;
    await until('the return is known', () => gaps > before);
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
