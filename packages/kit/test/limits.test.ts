import { randomUUID } from 'node:crypto';
import { startRedis } from '@candlefish/testkit/redis';
import { describe, expect, test } from 'vitest';
import { createInProcessRateLimiter, createRedisRateLimiter, type RateLimiter } from '../limits/index.ts';
import { connected, type Driver, describeDrivers, until, whyWithoutRedis } from './drivers.ts';

async function twoNodes(driver: Driver): Promise<readonly [RateLimiter, RateLimiter]> {
  const alone = createInProcessRateLimiter();
  const node = async (): Promise<RateLimiter> => {
    const redis = await driver.connect();
    return redis === null
      ? alone
      : createRedisRateLimiter({ redis, onDegraded: (_, error) => expect.fail(String(error)) });
  };
  return [await node(), await node()];
}

/** A timer may fire a millisecond early, which is what these tests look at. */
async function wait(ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, endMs - performance.now()));
}

describeDrivers('rate limit', (driver) => {
  test('many callers at once on two nodes get exactly the limit', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const policy = { limit: 500, windowMs: 60_000 };
    const decisions = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? a : b).consume(key, policy)),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(500);
    expect(new Set(decisions.filter(({ allowed }) => allowed).map(({ remaining }) => remaining)).size).toBe(500);
    const refused = await a.consume(key, policy);
    expect(refused).toMatchObject({ allowed: false, limit: 500, remaining: 0 });
    expect(refused.retryAfterMs).toBeGreaterThan(55_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_600);
  });

  test.concurrent('under a steady load on two nodes no window holds more than the limit, and a refusal means it is full', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const policy = { limit: 200, windowMs: 500 };
    const seen: { readonly allowed: boolean; readonly sentMs: number; readonly answeredMs: number }[] = [];
    const ask = async (limiter: RateLimiter): Promise<void> => {
      const sentMs = performance.now();
      const { allowed } = await limiter.consume(key, policy);
      seen.push({ allowed, sentMs, answeredMs: performance.now() });
    };
    const endMs = performance.now() + 1_700;
    while (performance.now() < endMs) {
      await Promise.all([...Array.from({ length: 10 }, () => ask(a)), ...Array.from({ length: 10 }, () => ask(b))]);
      await wait(4);
    }
    const allowed = seen.filter((request) => request.allowed);
    const refused = seen.filter((request) => !request.allowed);
    // The server decided between sending and answering; the bounds take whichever side is against us.
    const most = allowed.map(
      ({ sentMs }) => allowed.filter((r) => r.sentMs >= sentMs && r.answeredMs < sentMs + 500).length,
    );
    const least = refused.map(
      ({ sentMs, answeredMs }) => allowed.filter((r) => r.answeredMs >= sentMs - 510 && r.sentMs <= answeredMs).length,
    );
    expect(Math.max(...most)).toBeLessThanOrEqual(200);
    expect(refused.length).toBeGreaterThan(0);
    expect(Math.min(...least)).toBeGreaterThanOrEqual(200);
  });

  test.concurrent('a burst at the edge of a window does not get the limit twice', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const policy = { limit: 50, windowMs: 2_000 };
    const count = async (): Promise<number> => {
      const all = await Promise.all(Array.from({ length: 60 }, (_, index) => (index % 2 ? a : b).consume(key, policy)));
      return all.filter(({ allowed }) => allowed).length;
    };
    const first = await a.consume(key, policy);
    await wait(1_200);
    expect(await count()).toBe(49);
    // The first unit is free again after one window and one step; the other 49 only 1200 ms later.
    await wait(first.resetMs - 1_200);
    expect(await count()).toBeLessThanOrEqual(1);
  });

  test.concurrent('what the headers say is true: one unit after retryAfterMs, everything after resetMs', async () => {
    const [a] = await twoNodes(driver);
    const key = randomUUID();
    const policy = { limit: 3, windowMs: 1_000 };
    await a.consume(key, policy);
    await wait(500);
    expect(await a.consume(key, policy, 2)).toMatchObject({ allowed: true, remaining: 0 });
    const refused = await a.consume(key, policy);
    expect(refused.allowed).toBe(false);
    await wait(refused.retryAfterMs);
    expect((await a.consume(key, policy, 0)).remaining).toBe(1);
    const last = await a.consume(key, policy);
    expect(last).toMatchObject({ allowed: true, remaining: 0 });
    await wait(last.resetMs);
    expect(await a.consume(key, policy, 0)).toMatchObject({ remaining: 3, resetMs: 0 });
  });

  test('a refusal takes nothing, and a cost that does not fit leaves room for a smaller one', async () => {
    const [a] = await twoNodes(driver);
    const key = randomUUID();
    const policy = { limit: 10, windowMs: 60_000 };
    await a.consume(key, policy, 8);
    expect(await a.consume(key, policy, 5)).toMatchObject({ allowed: false, remaining: 2 });
    expect(await a.consume(key, policy, 2)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('a bucket gives its burst at once and refills evenly', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const policy = { limit: 100, windowMs: 1_000, burst: 20 };
    const at = performance.now();
    const decisions = await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 ? a : b).consume(key, policy)));
    const earned = Math.ceil((performance.now() - at) / 10);
    const taken = decisions.filter(({ allowed }) => allowed).length;
    expect(taken).toBeGreaterThanOrEqual(20);
    expect(taken).toBeLessThanOrEqual(20 + earned);
    // The whole burst: a smaller part may have come back while a busy machine took its time.
    const refused = await a.consume(key, policy, 20);
    expect(refused).toMatchObject({ allowed: false, limit: 20 });
    await wait(refused.retryAfterMs);
    expect((await a.consume(key, policy, 20)).allowed).toBe(true);
  });

  test('keys and policies do not share counts', async () => {
    const [a] = await twoNodes(driver);
    const key = randomUUID();
    await a.consume(key, { limit: 1, windowMs: 60_000 });
    expect((await a.consume(`${key}:`, { limit: 1, windowMs: 60_000 })).allowed).toBe(true);
    expect((await a.consume(key, { limit: 1, windowMs: 30_000 })).allowed).toBe(true);
    expect((await a.consume(key, { limit: 1, windowMs: 60_000, burst: 1 })).allowed).toBe(true);
    expect((await a.consume(key, { limit: 1, windowMs: 60_000 })).allowed).toBe(false);
  });

  test('a policy or cost that cannot be meant is refused', async () => {
    const [a] = await twoNodes(driver);
    const policy = { limit: 5, windowMs: 1_000 };
    await expect(a.consume('k', { ...policy, limit: 0 })).rejects.toThrow(RangeError);
    await expect(a.consume('k', { ...policy, windowMs: 5 })).rejects.toThrow(RangeError);
    await expect(a.consume('k', { ...policy, burst: 0.5 })).rejects.toThrow(RangeError);
    await expect(a.consume('k', policy, 6)).rejects.toThrow(RangeError);
    await expect(a.consume('k', policy, -1)).rejects.toThrow(RangeError);
  });
});

test('in-process the keys remembered are bounded and the busiest stay', async () => {
  const limiter = createInProcessRateLimiter({ keysMax: 100 });
  const policy = { limit: 1, windowMs: 60_000 };
  await limiter.consume('first', policy);
  for (let index = 0; index < 1_000; index++) {
    await limiter.consume(`key ${index}`, policy);
    await limiter.consume('first', policy);
  }
  expect((await limiter.consume('first', policy)).allowed).toBe(false);
  expect((await limiter.consume('key 999', policy)).allowed).toBe(false);
  expect((await limiter.consume('key 0', policy)).allowed).toBe(true);
});

test('in-process a clock that steps back frees nothing and does not fail', async () => {
  let nowMs = 100_000;
  const limiter = createInProcessRateLimiter({ now: () => nowMs });
  const policy = { limit: 2, windowMs: 1_000 };
  await limiter.consume('k', policy, 2);
  nowMs -= 50_000;
  expect((await limiter.consume('k', policy)).allowed).toBe(false);
  nowMs += 50_000 + 1_010;
  expect((await limiter.consume('k', policy, 2)).allowed).toBe(true);
});

describe.skipIf(whyWithoutRedis() !== null)('rate limit without Redis', () => {
  test('a killed Redis is replaced by counting per node, with a signal, and used again when it is back', async () => {
    const server = await startRedis();
    const redis = await connected(server.url);
    let degraded = 0;
    const limiter = createRedisRateLimiter({ redis, onDegraded: (use) => void (use === 'limits' && degraded++) });
    const policy = { limit: 5, windowMs: 60_000 };
    for (let count = 0; count < 5; count++) await limiter.consume('k', policy);
    expect((await limiter.consume('k', policy)).allowed).toBe(false);
    await server.kill();
    const decisions = await Promise.all(Array.from({ length: 20 }, () => limiter.consume('k', policy)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
    expect(degraded).toBe(20);
    await server.restart();
    await until('Redis counts again', async () => {
      const before = degraded;
      await limiter.consume('other', policy, 0);
      return degraded === before;
    });
    expect((await limiter.consume('k', policy)).remaining).toBe(4);
    await redis.close();
    await server.stop();
  });

  test('a frozen Redis costs one command timeout, not one for each request', async () => {
    const server = await startRedis();
    const redis = await connected(server.url);
    const limiter = createRedisRateLimiter({ redis, onDegraded: () => undefined });
    const policy = { limit: 1_000, windowMs: 60_000 };
    await limiter.consume('k', policy);
    server.pause();
    await limiter.consume('k', policy);
    const from = performance.now();
    for (let count = 0; count < 100; count++) await limiter.consume('k', policy);
    expect(performance.now() - from).toBeLessThan(500);
    server.resume();
    await until('Redis counts again', async () => (await limiter.consume('k', policy, 0)).remaining === 998);
    await redis.close();
    await server.stop();
  });
});
