import type { ApiClient } from '@candlefish/testkit/api-client';
import type { SignedUp, TestNetwork } from '@candlefish/testkit/network';
import { type RedisServer, redisMissing, startRedis } from '@candlefish/testkit/redis';
import type { Drill } from './drill.ts';
import { openEditing } from './lib/editing-apart.ts';
import { openSocket, redeems } from './lib/sockets.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const FELT_WITHIN_MS = 1_000;
const BACK_WITHIN_MS = 10_000;
/** Requests an hour of the keys that try the limits. */
const KEY_LIMIT = 3;

interface Scene {
  readonly redis: RedisServer;
  readonly nodes: readonly TestNetwork[];
  readonly owner: SignedUp;
  readonly documentId: string;
  readonly tally: Tally;
}

/** R22: Redis dies, stays away, comes back empty, is flushed and freezes, while people edit on two nodes. */
export const r22: Drill = {
  id: 'R22',
  what: 'with Redis killed, back empty, flushed or frozen: revoked stays revoked, also on open sockets; edits converge, tickets are good once, limits hold',
  async run({ network, defer }) {
    const missing = redisMissing();
    if (missing !== null) return { pass: false, figure: missing };
    const redis = await startRedis();
    defer(() => redis.stop());
    const environment = { REDIS_URL: redis.url };
    const first = await network({ environment });
    const second = await network({ environment, database: first.database });
    const nodes = [first, second];
    const owner = await first.signUp();
    const made = await owner.api.post('/api/v1/documents', { title: 'Written on' });
    const { id: documentId } = made.body as { readonly id: string };
    const tally = new Tally();
    const scene: Scene = { redis, nodes, owner, documentId, tally };
    const editing = openEditing(nodes, { documentId, token: owner.token });
    defer(() => editing.leave());
    const revoked: string[] = [];
    let slowestMs = 0;
    for (const { when, change, isThere, isSilent } of PHASES) {
      await change(redis);
      for (const token of revoked)
        tally.check(await isRefused(nodes, token), `${when}: what was revoked is valid again`);
      await works(scene, when);
      slowestMs = Math.max(slowestMs, await editing.crosses(when, isThere, tally));
      // While Redis keeps silent each command waits for its time-out, and the rest holds as when it is dead.
      if (isSilent) continue;
      revoked.push(await revoke(scene, when));
      await tryTicket(scene, when);
      await tryLimit(scene, when, isThere);
    }
    const third = await network({ environment, database: first.database });
    for (const token of revoked) {
      const { status } = await third.api.as(token).get('/api/v1/auth/me');
      tally.check(status === 401, `a node that starts after all: revoked was answered ${status}`);
    }
    const { words, saved } = await editing.settle(first.database, tally);
    return tally.verdict(
      `${PHASES.length} phases on two nodes: ${revoked.length} revocations hold, open sockets included; ${words} edits, ${saved} acknowledged, 0 lost, at the slowest ${slowestMs.toFixed(0)} ms to the other node; cursors found back, tickets good once, limits held`,
    );
  },
};

interface Phase {
  readonly when: string;
  change(redis: RedisServer): Promise<unknown>;
  /** Whether nodes hear of each other by it. */
  readonly isThere: boolean;
  readonly isSilent?: boolean;
}

const PHASES: readonly Phase[] = [
  { when: 'with Redis', change: async () => undefined, isThere: true },
  { when: 'Redis killed', change: (redis) => redis.kill(), isThere: false },
  { when: 'Redis back empty', change: (redis) => redis.restart(), isThere: true },
  { when: 'Redis flushed', change: (redis) => redis.flush(), isThere: true },
  { when: 'Redis frozen', change: async (redis) => redis.pause(), isThere: false, isSilent: true },
  { when: 'Redis thawed', change: async (redis) => redis.resume(), isThere: true },
];

async function isRefused(nodes: readonly TestNetwork[], token: string): Promise<boolean> {
  const answers = await Promise.all(nodes.map(({ api }) => api.as(token).get('/api/v1/auth/me')));
  return answers.every(({ status }) => status === 401);
}

async function works({ nodes, owner, tally }: Scene, when: string): Promise<void> {
  for (const { api } of nodes) {
    const { status } = await api.as(owner.token).get('/api/v1/agents');
    tally.check(status === 200, `${when}: a good token was answered ${status}`);
  }
}

/** Signs somebody out who has a document and the channel open on both nodes. @returns the token. */
async function revoke({ nodes, tally }: Scene, when: string): Promise<string> {
  const [first] = nodes as [TestNetwork, TestNetwork];
  const victim = await first.signUp();
  const made = await victim.api.post('/api/v1/documents', { title: 'Open' });
  const { id } = made.body as { readonly id: string };
  const credential = { authorization: `Bearer ${victim.token}` };
  const sockets = await Promise.all(
    nodes.flatMap(({ url }) => [openSocket(url, credential, id), openSocket(url, credential, null)]),
  );
  const { status } = await victim.api.post('/api/v1/auth/logout');
  tally.check(status === 204, `${when}: logging out was answered ${status}`);
  const isEnded = () => sockets.every((socket) => socket.endedAt() !== null);
  const felt = await Promise.all([
    untilTrue(() => isRefused(nodes, victim.token), BACK_WITHIN_MS),
    untilTrue(isEnded, BACK_WITHIN_MS),
  ]);
  for (const [n, ms] of felt.entries()) {
    const where = n === 0 ? 'requests' : 'open sockets';
    const inTime = ms !== null && ms <= FELT_WITHIN_MS;
    tally.check(
      inTime,
      `${when}: revocation felt by ${where} after ${ms?.toFixed(0) ?? `more than ${BACK_WITHIN_MS}`} ms`,
    );
  }
  await Promise.all(sockets.map((socket) => socket.close()));
  return victim.token;
}

/** One ticket at both nodes at once, and then again. */
async function tryTicket({ nodes, owner, documentId, tally }: Scene, when: string): Promise<void> {
  const { body } = await owner.api.post('/api/v1/ws-tickets');
  const { ticket } = body as { readonly ticket: string };
  const tries = await Promise.all(nodes.map(({ url }) => redeems(url, documentId, ticket)));
  const opened = tries.filter(Boolean).length;
  tally.check(opened === 1, `${when}: one ticket opened ${opened} sockets`);
  for (const { url } of nodes) {
    tally.check(!(await redeems(url, documentId, ticket)), `${when}: a used ticket was good again`);
  }
}

/** A key of few requests: counted over both nodes with Redis, by each for itself without. */
async function tryLimit({ nodes, owner, tally }: Scene, when: string, isThere: boolean): Promise<void> {
  const body = { name: 'Few', scopes: ['document:read'], rateLimit: KEY_LIMIT };
  const { key } = (await owner.api.post('/api/v1/api-keys', body)).body as { readonly key: string };
  const passed: number[] = [];
  for (const { api } of nodes) passed.push(await passes(api.withKey(key)));
  const expected = isThere ? [KEY_LIMIT, 0] : [KEY_LIMIT, KEY_LIMIT];
  tally.check(
    String(passed) === String(expected),
    `${when}: ${passed} requests of a limit of ${KEY_LIMIT} on two nodes`,
  );
}

/** How many requests are let through before the first refusal, of twice as many as the limit. */
async function passes(api: ApiClient): Promise<number> {
  for (let n = 0; n < 2 * KEY_LIMIT; n += 1) if ((await api.get('/api/v1/documents')).status === 429) return n;
  return 2 * KEY_LIMIT;
}
