import { startRedis } from '@candlefish/testkit/redis';
import { afterEach, describe, expect, test } from 'vitest';
import { createInProcessBus, createInProcessPubSub, createRedisPubSub, type PubSub } from '../pubsub/index.ts';
import {
  createRedisCopy,
  createRevocations,
  type RevocationLog,
  type RevocationMark,
  type Revocations,
  type RevocationsOptions,
  RevocationsStaleError,
} from '../revocation/index.ts';
import { connected, type Driver, describeDrivers, until, whyWithoutRedis } from './drivers.ts';

const HOUR_MS = 3_600_000;
const at = (agoMs: number): Date => new Date(Date.now() - agoMs);
const mark = (subject: string, agoMs = 0): RevocationMark => ({
  subject,
  revokedAt: at(agoMs),
  expiresAt: new Date(Date.now() + HOUR_MS),
});

/** A log in memory that can be made to fail or hang, as a database can. */
class MemoryLog implements RevocationLog {
  readonly marks: RevocationMark[] = [];
  reads = 0;
  state: 'up' | 'down' | 'hanging' = 'up';

  async append(marks: readonly RevocationMark[], signal: AbortSignal): Promise<void> {
    await this.reach(signal);
    this.marks.push(...marks);
  }

  async since(cursor: string | null, signal: AbortSignal): ReturnType<RevocationLog['since']> {
    await this.reach(signal);
    this.reads += 1;
    const from = Number(cursor ?? 0);
    const marks = this.marks.slice(from, from + 100);
    return { marks, cursor: String(from + marks.length), more: from + marks.length < this.marks.length };
  }

  private async reach(signal: AbortSignal): Promise<void> {
    if (this.state === 'down') throw new Error('the database is away');
    if (this.state === 'hanging') {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    }
  }
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const deaf = (): PubSub => ({
  publish: async () => undefined,
  subscribe: async () => async () => undefined,
  close: async () => undefined,
});

async function nodeWith(options: Partial<RevocationsOptions> & Pick<RevocationsOptions, 'log'>): Promise<Revocations> {
  const revocations = createRevocations({
    pubsub: deaf(),
    onDegraded: () => undefined,
    onListenerError: (error) => expect.fail(String(error)),
    ...options,
  });
  open.push(() => revocations.close());
  await revocations.start();
  return revocations;
}

async function twoNodes(
  driver: Driver,
  log: RevocationLog,
  pollMs = 500,
): Promise<readonly [Revocations, Revocations]> {
  const bus = createInProcessBus();
  const node = async (): Promise<Revocations> => {
    const redis = await driver.connect();
    if (redis === null) return nodeWith({ log, pollMs, pubsub: createInProcessPubSub({ bus }) });
    const pubsub = createRedisPubSub({ redis, onDegraded: () => undefined });
    return nodeWith({ log, pollMs, pubsub, copy: createRedisCopy(redis) });
  };
  return [await node(), await node()];
}

describeDrivers('revocation', (driver) => {
  test('what was issued until the moment is refused on this node at once and on the other by the bus; later is not', async () => {
    const [a, b] = await twoNodes(driver, new MemoryLog());
    const subject = 'session:1';
    expect(a.isRevoked([subject], at(1_000))).toBe(false);
    const revoked = mark(subject);
    await a.revoke([revoked]);
    expect(a.isRevoked(['user:9', subject], at(1_000))).toBe(true);
    expect(a.isRevoked([subject], revoked.revokedAt)).toBe(true);
    expect(a.isRevoked([subject], new Date(revoked.revokedAt.getTime() + 1))).toBe(false);
    expect(a.isRevoked(['session:2'], at(1_000))).toBe(false);
    await until('the bus has told', () => b.isRevoked([subject], at(1_000)), 400);
  });

  test('a node that starts later knows all of it, over many pages of the log', async () => {
    const log = new MemoryLog();
    const [a] = await twoNodes(driver, log);
    const marks = Array.from({ length: 550 }, (_, index) => mark(`user:${index}`));
    await a.revoke(marks);
    const [late] = await twoNodes(driver, log);
    expect(marks.every(({ subject }) => late.isRevoked([subject], at(1_000)))).toBe(true);
  });

  test('listeners on both nodes hear each mark once; an older mark and a repeated one say nothing', async () => {
    const log = new MemoryLog();
    const [a, b] = await twoNodes(driver, log, 50);
    const heard: string[][] = [[], []];
    a.onRevoked(({ subject }) => heard[0]?.push(subject));
    const end = b.onRevoked(({ subject }) => heard[1]?.push(subject));
    const first = mark('user:1', 100);
    await a.revoke([first, mark('membership:1:2')]);
    await until('both have heard', () => heard[1]?.length === 2);
    await a.revoke([first]);
    await b.revoke([{ ...first, revokedAt: at(5_000) }]);
    const reads = log.reads;
    await until('the log was read twice more by each', () => log.reads >= reads + 4);
    expect(heard).toEqual([
      ['user:1', 'membership:1:2'],
      ['user:1', 'membership:1:2'],
    ]);
    await end();
    await a.revoke([mark('user:1')]);
    expect(heard[0]).toHaveLength(3);
    expect(heard[1]).toHaveLength(2);
  });
});

describe('revocation by the log alone', () => {
  test('with the bus deaf a revocation is felt elsewhere within a second', async () => {
    const log = new MemoryLog();
    const [a, b] = [await nodeWith({ log }), await nodeWith({ log })];
    await a.revoke([mark('key:1')]);
    await until('the poll has found it', () => b.isRevoked(['key:1'], at(1_000)), 1_000);
  });

  test('when the log refuses the mark, revoke fails and nobody is told', async () => {
    const log = new MemoryLog();
    const node = await nodeWith({ log });
    log.state = 'down';
    await expect(node.revoke([mark('key:1')])).rejects.toThrow('away');
    expect(node.isRevoked(['key:1'], at(1_000))).toBe(false);
  });

  test('before the first read, and when the log cannot be read for long, no answer is given; what is known stays revoked', async () => {
    const log = new MemoryLog();
    let degraded = 0;
    const onDegraded = (): void => void degraded++;
    const node = createRevocations({
      log,
      pubsub: deaf(),
      onDegraded,
      onListenerError: () => undefined,
      staleAfterMs: 300,
      pollMs: 20,
    });
    open.push(() => node.close());
    expect(node.status()).toBe('stale');
    expect(() => node.isRevoked(['user:1'], at(0))).toThrow(RevocationsStaleError);
    await node.start();
    await node.revoke([mark('user:2')]);
    for (const state of ['down', 'hanging'] as const) {
      expect(node.status()).toBe('fresh');
      expect(node.isRevoked(['user:1'], at(0))).toBe(false);
      log.state = state;
      await until(`stale while ${state}`, () => node.status() === 'stale');
      expect(() => node.isRevoked(['user:1'], at(HOUR_MS))).toThrow(RevocationsStaleError);
      expect(() => node.isRevoked(['user:1'], new Date(Date.now() + 1_000))).toThrow(RevocationsStaleError);
      expect(node.isRevoked(['user:2'], at(HOUR_MS))).toBe(true);
      log.state = 'up';
      await until('fresh again', () => node.status() === 'fresh');
    }
    expect(degraded).toBeGreaterThan(0);
  });

  test('marks in memory are bounded: beyond it the oldest become one that refuses more, never less', async () => {
    const log = new MemoryLog();
    let folded = 0;
    const node = await nodeWith({ log, marksMax: 1_000, onDegraded: () => void folded++ });
    const marks = Array.from({ length: 3_000 }, (_, index) => mark(`user:${index}`, 60_000 - index));
    await node.announce(marks);
    expect(folded).toBeGreaterThan(0);
    expect(marks.every(({ subject, revokedAt }) => node.isRevoked([subject], revokedAt))).toBe(true);
    expect(node.isRevoked(['user:never'], at(HOUR_MS))).toBe(true);
    expect(node.isRevoked(['user:never'], at(0))).toBe(false);
  });

  test('a mark of no use any more is not kept, and a malformed one is refused', async () => {
    const node = await nodeWith({ log: new MemoryLog() });
    await node.announce([{ subject: 'user:1', revokedAt: at(0), expiresAt: at(1) }]);
    expect(node.isRevoked(['user:1'], at(HOUR_MS))).toBe(false);
    await expect(node.announce([mark('')])).rejects.toThrow(RangeError);
    await expect(node.announce([{ ...mark('a'), expiresAt: new Date(Number.NaN) }])).rejects.toThrow(RangeError);
  });

  test('a listener that throws keeps nothing from the others', async () => {
    const errors: unknown[] = [];
    const node = await nodeWith({ log: new MemoryLog(), onListenerError: (error) => void errors.push(error) });
    let heard = 0;
    node.onRevoked(() => {
      throw new Error('faulty');
    });
    node.onRevoked(() => void heard++);
    await node.revoke([mark('user:1')]);
    expect(heard).toBe(1);
    expect(errors).toEqual([new Error('faulty')]);
  });
});

describe.skipIf(whyWithoutRedis() !== null)('revocation without Redis', () => {
  async function node(url: string, log: RevocationLog): Promise<Revocations> {
    const redis = await connected(url);
    open.push(redis.close);
    const pubsub = createRedisPubSub({ redis, onDegraded: () => undefined });
    return nodeWith({ log, pubsub, copy: createRedisCopy(redis) });
  }

  test('with Redis killed revoked stays revoked, a new revocation is felt within a second, and the bus heals', async () => {
    const server = await startRedis();
    open.push(server.stop);
    const log = new MemoryLog();
    // One moment for all: a credential that is made after a mark holds, however long a restart takes.
    const issuedAt = at(1_000);
    const [a, b] = [await node(server.url, log), await node(server.url, log)];
    await a.revoke([mark('session:1')]);
    await until('told', () => b.isRevoked(['session:1'], issuedAt));
    await server.kill();
    expect(a.isRevoked(['session:1'], issuedAt) && b.isRevoked(['session:1'], issuedAt)).toBe(true);
    await a.revoke([mark('session:2')]);
    await until('felt without Redis', () => b.isRevoked(['session:2'], issuedAt), 1_000);
    await server.restart();
    expect(b.isRevoked(['session:2'], issuedAt)).toBe(true);
    await a.revoke([mark('session:3')]);
    await until('felt afterwards', () => b.isRevoked(['session:3'], issuedAt), 1_000);
  });

  test('a flushed Redis makes nothing valid again, on nodes that run and on one that starts', async () => {
    const server = await startRedis();
    open.push(server.stop);
    const log = new MemoryLog();
    const a = await node(server.url, log);
    await a.revoke([mark('user:1')]);
    const client = await connected(server.url);
    open.push(client.close);
    await client.run('flushall', 'sync');
    const late = await node(server.url, log);
    expect(a.isRevoked(['user:1'], at(1_000)) && late.isRevoked(['user:1'], at(1_000))).toBe(true);
  });

  test('after a gap the copy in Redis is asked, so that a log that hangs does not keep a mark from a node', async () => {
    const server = await startRedis();
    open.push(server.stop);
    const log = new MemoryLog();
    const redis = await connected(server.url);
    open.push(redis.close);
    const copy = createRedisCopy(redis);
    let gap: () => void = () => expect.fail('nobody subscribed');
    const pubsub: PubSub = {
      ...deaf(),
      subscribe: async (_channel, _listener, onGap) => {
        gap = onGap ?? gap;
        return async () => undefined;
      },
    };
    const a = await nodeWith({ log, pubsub, copy });
    log.state = 'hanging';
    await copy.put([mark('user:1'), { ...mark('user:2'), expiresAt: at(1) }]);
    expect(a.isRevoked(['user:1'], at(1_000))).toBe(false);
    gap();
    await until('the copy was read', () => a.isRevoked(['user:1'], at(1_000)), 1_000);
    expect(a.isRevoked(['user:2'], at(1_000))).toBe(false);
    expect(await redis.run('pttl', 'cf:revocations:{all}')).toBeGreaterThan(HOUR_MS - 60_000);
  });
});
