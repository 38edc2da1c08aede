import { randomUUID } from 'node:crypto';
import { startRedis } from '@candlefish/testkit/redis';
import { describe, expect, test } from 'vitest';
import { type Claims, ClaimsFullError, createInProcessClaims, createRedisClaims } from '../claims/index.ts';
import { connected, type Driver, describeDrivers, until, whyWithoutRedis } from './drivers.ts';

async function twoNodes(driver: Driver): Promise<readonly [Claims, Claims]> {
  const alone = createInProcessClaims();
  const node = async (): Promise<Claims> => {
    const redis = await driver.connect();
    const onDegraded = (_: string, error: unknown): void => expect.fail(String(error));
    return redis === null ? alone : createRedisClaims({ redis, onDegraded, fallback: createInProcessClaims() });
  };
  return [await node(), await node()];
}

describeDrivers('claims', (driver) => {
  test('of many twins on two nodes exactly one gets the key, and the next after its release', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const twins = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? a : b).acquire(key, 60_000)),
    );
    const winners = twins.filter((claim) => claim !== null);
    expect(winners).toHaveLength(1);
    await winners[0]?.release();
    expect(await b.acquire(key, 60_000)).not.toBeNull();
  });

  test('a claim ends with its time, and its late holder cannot release the next one', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const first = await a.acquire(key, 40);
    expect(await b.acquire(key, 40)).toBeNull();
    let second = await b.acquire(key, 60_000);
    await until('the first claim has run out', async () => {
      second ??= await b.acquire(key, 60_000);
      return second !== null;
    });
    await first?.release();
    expect(await a.acquire(key, 60_000)).toBeNull();
    await second?.release();
    await second?.release();
    expect(await a.acquire(key, 60_000)).not.toBeNull();
  });

  test('each claim on a key has a greater fence than the one before', async () => {
    const [a, b] = await twoNodes(driver);
    const key = randomUUID();
    const fences: number[] = [];
    for (let round = 0; round < 20; round++) {
      const claim = await (round % 2 === 0 ? a : b).acquire(key, 60_000);
      fences.push(claim?.fence ?? 0);
      await claim?.release();
    }
    expect(fences.every((fence, index) => Number.isSafeInteger(fence) && fence > (fences[index - 1] ?? 0))).toBe(true);
  });

  test('keys are apart even when they look like parts of each other', async () => {
    const [a] = await twoNodes(driver);
    const key = randomUUID();
    for (const name of [key, `${key}:`, `${key}}`, `{${key}`, `${key}:fence`]) {
      expect(await a.acquire(name, 60_000)).not.toBeNull();
    }
  });

  test('a time out of range is refused', async () => {
    const [a] = await twoNodes(driver);
    for (const ttlMs of [0, -1, 1.5, 600_001, Number.NaN])
      await expect(a.acquire('k', ttlMs)).rejects.toThrow(RangeError);
  });
});

test('in-process the claims held are bounded by an error, and those that ran out make room', async () => {
  let nowMs = 1_000;
  const claims = createInProcessClaims({ heldMax: 2, now: () => nowMs });
  await claims.acquire('a', 100);
  await claims.acquire('b', 1_000);
  await expect(claims.acquire('c', 100)).rejects.toThrow(ClaimsFullError);
  expect(await claims.acquire('b', 100)).toBeNull();
  nowMs += 100;
  expect(await claims.acquire('c', 100)).not.toBeNull();
});

describe.skipIf(whyWithoutRedis() !== null)('claims without Redis', () => {
  test('the fallback decides while Redis is away, and Redis again when it is back', async () => {
    const server = await startRedis();
    const redis = await connected(server.url);
    const fallback = createInProcessClaims();
    let degraded = 0;
    const claims = createRedisClaims({ redis, fallback, onDegraded: (use) => void (use === 'claims' && degraded++) });
    const held = await claims.acquire('before', 60_000);
    await server.kill();
    const claim = await claims.acquire('k', 60_000);
    expect(claim).not.toBeNull();
    expect(await claims.acquire('k', 60_000)).toBeNull();
    expect(await fallback.acquire('k', 60_000)).toBeNull();
    expect(degraded).toBe(2);
    await held?.release();
    expect(degraded).toBe(3);
    await claim?.release();
    await server.restart();
    await until('Redis decides again', async () => {
      const before = degraded;
      await (await claims.acquire(randomUUID(), 1_000))?.release();
      return degraded === before;
    });
    await claims.acquire('k', 60_000);
    expect(await fallback.acquire('k', 60_000)).not.toBeNull();
    expect(await claims.acquire('k', 60_000)).toBeNull();
    await redis.close();
    await server.stop();
  });

  test('a flushed Redis gives a greater fence than before', async () => {
    const server = await startRedis();
    const redis = await connected(server.url);
    const claims = createRedisClaims({ redis, fallback: createInProcessClaims(), onDegraded: () => undefined });
    const first = await claims.acquire('k', 60_000);
    await redis.run('flushall', 'sync');
    const second = await claims.acquire('k', 60_000);
    expect(second?.fence).toBeGreaterThan(first?.fence ?? Number.POSITIVE_INFINITY);
    await redis.close();
    await server.stop();
  });
});
