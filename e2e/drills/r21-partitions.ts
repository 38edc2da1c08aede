import type { ApiClient } from '@candlefish/testkit/api-client';
import { signUp } from '@candlefish/testkit/network';
import { type Cluster, type ClusterNode, startCluster } from '../support/cluster.ts';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

/** A refusal comes within this time, whatever is cut off; a request's own deadline is 10 s. */
const ANSWERED_WITHIN_MS = 11_000;
const HEALED_WITHIN_MS = 10_000;
/** Requests at once to a node that is cut off. */
const ASKED = 6;

/** R21: links inside the platform swallow everything. */
export const r21: Drill = {
  id: 'R21',
  what: 'partition between a node and the database, or Redis: no wrong answers, 503 rather than hanging, heals within 10 s',
  async run({ defer }) {
    const cluster = await startCluster({ nodes: 2 });
    defer(async () => cluster[Symbol.asyncDispose]());
    const [cutOff, whole] = pairOf(cluster);
    const owner = await signUp(whole.api);
    const tally = new Tally();
    const databaseMs = await withoutDatabase(cutOff, whole, owner.token, tally);
    const redisMs = await withoutRedis(cutOff, whole, owner.token, tally);
    return tally.verdict(
      `database cut off: ${ASKED} answers of 503, healed after ${databaseMs.toFixed(0)} ms; Redis cut off: requests go on, a revocation is felt after ${redisMs.toFixed(0)} ms`,
    );
  },
};

function pairOf({ nodes }: Cluster): readonly [ClusterNode, ClusterNode] {
  const [first, second] = nodes;
  if (first === undefined || second === undefined) throw new Error('the drill needs two nodes');
  return [first, second];
}

const writes = async (api: ApiClient): Promise<number> => (await api.post('/api/v1/documents', { title: 'x' })).status;

async function withoutDatabase(cutOff: ClusterNode, whole: ClusterNode, token: string, tally: Tally): Promise<number> {
  cutOff.databaseLink.partition();
  const askedAt = performance.now();
  const asked = Array.from({ length: ASKED }, (_, n) =>
    n % 2 === 0
      ? writes(cutOff.api.as(token))
      : cutOff.api
          .as(token)
          .get('/api/v1/documents')
          .then(({ status }) => status),
  );
  tally.check((await writes(whole.api.as(token))) === 201, 'the node that reaches the database does not write');
  const statuses = await Promise.all(asked);
  const answeredMs = performance.now() - askedAt;
  for (const status of statuses) tally.check(status === 503, `without the database: answered ${status}`);
  tally.check(answeredMs < ANSWERED_WITHIN_MS, `without the database: answered after ${answeredMs.toFixed(0)} ms`);
  cutOff.databaseLink.heal();
  const healedMs = await untilTrue(async () => (await writes(cutOff.api.as(token))) === 201, HEALED_WITHIN_MS);
  tally.check(healedMs !== null, 'the node did not find back to the database');
  return healedMs ?? Number.POSITIVE_INFINITY;
}

async function withoutRedis(cutOff: ClusterNode, whole: ClusterNode, token: string, tally: Tally): Promise<number> {
  cutOff.redisLink.partition();
  tally.check((await writes(cutOff.api.as(token))) === 201, 'without Redis: a write failed');
  const other = await signUp(whole.api);
  const isGood = async (): Promise<boolean> => (await cutOff.api.as(other.token).get('/api/v1/auth/me')).status === 200;
  tally.check(await isGood(), 'without Redis: a good token was refused');
  await whole.api.as(other.token).post('/api/v1/auth/logout', {});
  const feltMs = await untilTrue(async () => !(await isGood()), HEALED_WITHIN_MS);
  tally.check(feltMs !== null, 'without Redis: what was revoked elsewhere stays valid');
  cutOff.redisLink.heal();
  const { token: third } = await signUp(whole.api);
  await whole.api.as(third).post('/api/v1/auth/logout', {});
  const healed = await untilTrue(
    async () => (await cutOff.api.as(third).get('/api/v1/auth/me')).status === 401,
    HEALED_WITHIN_MS,
  );
  tally.check(healed !== null, 'with Redis back: what was revoked elsewhere stays valid');
  return feltMs ?? Number.POSITIVE_INFINITY;
}
