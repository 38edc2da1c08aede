import { setTimeout as sleep } from 'node:timers/promises';
import { createRedisRateLimiter } from '@candlefish/kit/limits';
import { createRedis } from '@candlefish/kit/redis';
import type { ApiAnswer } from '@candlefish/testkit/api-client';
import { redisMissing, startRedis } from '@candlefish/testkit/redis';
import type { Drill, DrillContext } from './drill.ts';
import { Tally } from './lib/tally.ts';

const LIMIT = 500;
const SENT = 800;
const TOLERANCE = 0.02;
/** Requests at once, over both nodes. */
const IN_FLIGHT = 16;

/** R25: one limit over two nodes, and headers that keep their word. */
export const r25: Drill = {
  id: 'R25',
  what: 'two nodes share a limit within 2 %, also for bursts at the edge of the window; RateLimit and Retry-After are true',
  async run(context) {
    const missing = redisMissing();
    if (missing !== null) return { pass: false, figure: missing };
    const redis = await startRedis();
    context.defer(() => redis.stop());
    const environment = { REDIS_URL: redis.url, RATE_USER_PER_MINUTE: String(LIMIT) };
    const first = await context.network({ environment });
    const second = await context.network({ environment, database: first.database });
    const { token } = await first.signUp();
    const nodes = [first.api.as(token), second.api.as(token)];
    const tally = new Tally();

    const answers: ApiAnswer[] = [];
    let sent = 0;
    const loop = async (worker: number): Promise<void> => {
      const api = nodes[worker % nodes.length];
      while (sent < SENT && api !== undefined) {
        sent += 1;
        answers.push(await api.get('/api/v1/auth/me'));
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, worker) => loop(worker)));
    const passed = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 429);
    tally.check(Math.abs(passed - LIMIT) <= LIMIT * TOLERANCE, `${passed} of ${SENT} passed a limit of ${LIMIT}`);
    tally.check(passed + refused.length === SENT, 'something else than 200 and 429 was answered');
    for (const answer of answers) checkHeaders(answer, tally);
    const edge = await burstsAtTheEdge(context, redis.url, tally);
    return tally.verdict(
      `${passed} of a limit of ${LIMIT} over two nodes, ${edge} at the edge; headers of ${answers.length} answers true`,
    );
  },
};

/** What one answer says of itself must fit together. */
function checkHeaders({ status, headers }: ApiAnswer, tally: Tally): void {
  const policy = new RegExp(`"user";q=${LIMIT};w=60`).test(headers.get('ratelimit-policy') ?? '');
  const [, remaining, resetSeconds] = /"user";r=(\d+);t=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? [];
  tally.check(policy, `RateLimit-Policy says ${headers.get('ratelimit-policy')}`);
  const left = Number(remaining);
  tally.check(left >= 0 && left < LIMIT && Number(resetSeconds) <= 61, `RateLimit says ${headers.get('ratelimit')}`);
  if (status !== 429) return;
  const retryAfter = Number(headers.get('retry-after'));
  tally.check(
    left === 0 && retryAfter >= 1 && retryAfter <= 61,
    `a refusal says Retry-After ${headers.get('retry-after')}, ${left} left`,
  );
}

const WINDOW_MS = 1_000;
const BURST_LIMIT = 200;
const REDIS_READY_MS = 5_000;

/**
 * On two nodes' limiters with a window short enough to wait for: a burst at the end of one window and one at the start of
 * the next, and a caller that comes back when it was told to. @returns how many of a window's limit passed.
 */
async function burstsAtTheEdge({ defer }: DrillContext, url: string, tally: Tally): Promise<string> {
  const clients = [createRedis({ url }), createRedis({ url })];
  for (const client of clients) {
    defer(() => client.close());
    if (!(await client.ready(REDIS_READY_MS))) throw new Error('Redis does not answer');
  }
  const limiters = clients.map((redis) =>
    createRedisRateLimiter({
      redis,
      onDegraded: (use) => tally.check(false, `the limiter went on without Redis: ${use}`),
    }),
  );
  const policy = { limit: BURST_LIMIT, windowMs: WINDOW_MS };
  const passes: number[] = [];
  let lastRetryMs = 0;
  const burst = async (): Promise<void> => {
    const calls = Array.from({ length: BURST_LIMIT }, (_, n) =>
      limiters[n % limiters.length]?.consume('drill', policy),
    );
    for (const decision of await Promise.all(calls)) {
      if (decision?.allowed === true) passes.push(performance.now());
      else lastRetryMs = decision?.retryAfterMs ?? 0;
    }
  };
  // Lengths of time are what is drilled here: half a limit just before the edge, all of it just after, and again.
  for (const pauseMs of [0, WINDOW_MS * 0.95, WINDOW_MS * 0.1, WINDOW_MS * 0.5]) {
    await sleep(pauseMs);
    await burst();
  }
  const most = Math.max(
    ...passes.map((from) => passes.filter((at) => at >= from && at < from + WINDOW_MS * 0.98).length),
  );
  tally.check(most <= BURST_LIMIT * (1 + TOLERANCE), `${most} passed within one window of ${BURST_LIMIT}`);
  await sleep(lastRetryMs);
  const [again] = limiters;
  tally.check(
    (await again?.consume('drill', policy))?.allowed === true,
    `after the told ${lastRetryMs} ms it was refused again`,
  );
  return `${most} of ${BURST_LIMIT}`;
}
