import { type RedisCluster, startRedisCluster } from '@candlefish/testkit/redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRedis, parseRedisUrl, type Redis, RedisUnavailableError, redisKey, slotOf } from '../redis/index.ts';
import { connected, whyWithoutRedis } from './drivers.ts';

describe('a Redis address', () => {
  test.each([
    ['redis://localhost', { mode: 'single', nodes: [{ host: 'localhost', port: 6379 }], db: 0, tls: false }],
    [
      'rediss://user:p%40ss@redis.example:6380/3',
      {
        mode: 'single',
        nodes: [{ host: 'redis.example', port: 6380 }],
        db: 3,
        tls: true,
        username: 'user',
        password: 'p@ss',
      },
    ],
    ['redis://:secret@[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], password: 'secret' }],
    ['redis+cluster://a:1', { mode: 'cluster', nodes: [{ host: 'a', port: 1 }] }],
    [
      'redis://a:1,b:2',
      {
        mode: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
  ])('%s is read', (text, expected) => {
    expect(parseRedisUrl(text)).toMatchObject(expected);
  });

  test.each(['', 'localhost:6379', 'http://a', 'redis://', 'redis://a:0', 'redis://a:65536', 'redis+cluster://a/1'])(
    '%s is refused',
    (text) => {
      expect(() => parseRedisUrl(text)).toThrow(TypeError);
    },
  );

  test('an error does not repeat the address, which may hold a password', () => {
    expect(() => parseRedisUrl('redis://user:hunter2@a:b')).toThrow(/^(?!.*hunter2)/);
  });
});

test('parts of a key can neither leave their place nor move it to another slot', () => {
  expect(redisKey('cache', 't}1', 'a:b', '{c}')).toBe('cf:cache:{t%7d1}:a%3ab:%7bc%7d');
  expect(slotOf(redisKey('cache', 't', 'a'))).toBe(slotOf(redisKey('tag', 't', '{b}')));
});

// Check value of CRC-16/XMODEM in the Redis cluster specification.
test('the slot of 123456789 is 0x31c3', () => {
  expect(slotOf('123456789')).toBe(0x31c3);
});

describe.skipIf(whyWithoutRedis() !== null)('on a real cluster', () => {
  let cluster: RedisCluster;
  let redis: Redis;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    redis = await connected(cluster.url);
  });
  afterAll(async () => {
    await redis.close();
    await cluster.stop();
  });

  test.each(['a', 'foo{bar}x', '{}z', 'ü{', '{a}{b}', 'a}{b}'])('the slot of %s is that of the server', async (key) => {
    expect(slotOf(key)).toBe(await redis.run('cluster', 'keyslot', key));
  });

  test('what the server refuses is told as it said it, and is no sign of being away', async () => {
    await redis.run('set', 'text', 'x');
    const refusal: unknown = await redis.run('incr', 'text').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: expect.stringContaining('not an integer') });
    expect(refusal).not.toBeInstanceOf(RedisUnavailableError);
  });
});

test('without a server every call fails at once', async () => {
  const redis = createRedis({ url: 'redis://127.0.0.1:1' });
  expect(await redis.ready(50)).toBe(false);
  const from = performance.now();
  await expect(redis.run('get', 'k')).rejects.toThrow(RedisUnavailableError);
  expect(await redis.healthy()).toBe(false);
  expect(performance.now() - from).toBeLessThan(500);
  await redis.close();
});
