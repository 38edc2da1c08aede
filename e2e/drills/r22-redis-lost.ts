import { redisMissing, startRedis } from '@candlefish/testkit/redis';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const FELT_WITHIN_MS = 1_000;
const BACK_WITHIN_MS = 10_000;

/** R22: Redis dies, stays away, comes back empty. */
export const r22: Drill = {
  id: 'R22',
  what: 'with Redis killed, flushed or back empty: revoked stays revoked, new revocations reach every node, requests go on',
  async run({ network, defer }) {
    const missing = redisMissing();
    if (missing !== null) return { pass: false, figure: missing };
    const redis = await startRedis();
    defer(() => redis.stop());
    const environment = { REDIS_URL: redis.url };
    const first = await network({ environment });
    const second = await network({ environment, database: first.database });
    const tally = new Tally();
    const nodes = [first, second];
    const isRefused = async (token: string): Promise<boolean> => {
      const answers = await Promise.all(nodes.map(({ api }) => api.as(token).get('/api/v1/auth/me')));
      return answers.every(({ status }) => status === 401);
    };
    const works = async (token: string, when: string): Promise<void> => {
      for (const { api } of nodes) {
        const { status } = await api.as(token).get('/api/v1/agents');
        tally.check(status === 200, `${when}: a good token was answered ${status}`);
      }
    };
    const revoke = async (when: string): Promise<string> => {
      const { token } = await first.signUp();
      await works(token, when);
      tally.check(
        (await first.api.as(token).post('/api/v1/auth/logout')).status === 204,
        `${when}: logging out failed`,
      );
      const felt = await untilTrue(() => isRefused(token), BACK_WITHIN_MS);
      tally.check(
        felt !== null && felt <= FELT_WITHIN_MS,
        `${when}: revocation felt after ${felt?.toFixed(0) ?? 'more than 10,000'} ms`,
      );
      return token;
    };

    const good = await first.signUp();
    const revoked = [await revoke('with Redis')];
    await redis.kill();
    for (const token of revoked) tally.check(await isRefused(token), 'Redis killed: what was revoked is valid again');
    await works(good.token, 'Redis killed');
    revoked.push(await revoke('without Redis'));
    await redis.restart();
    for (const token of revoked)
      tally.check(await isRefused(token), 'Redis back empty: what was revoked is valid again');
    const third = await network({ environment, database: first.database });
    for (const token of revoked) {
      const { status } = await third.api.as(token).get('/api/v1/auth/me');
      tally.check(status === 401, `a node that starts on an empty Redis: revoked was answered ${status}`);
    }
    revoked.push(await revoke('with Redis back'));
    redis.pause();
    for (const token of revoked) tally.check(await isRefused(token), 'Redis frozen: what was revoked is valid again');
    await works(good.token, 'Redis frozen');
    redis.resume();
    return tally.verdict(`${revoked.length} revocations on two nodes through kill, restart empty and freeze: all hold`);
  },
};
