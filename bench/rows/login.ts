import { hash } from '@node-rs/argon2';
import { rateAgainst } from '../lib/compare.ts';
import { httpContender } from '../lib/http-contender.ts';
import { signUp, wholePlatform } from '../lib/platform.ts';
import { rotate } from '../lib/rotation.ts';
import { withScene } from '../lib/scene.ts';
import { addCreators } from '../lib/seed.ts';
import { percentile } from '../lib/statistics.ts';
import type { Bench, Comparison, Outcome, Row } from '../lib/types.ts';
import { startWorker } from '../lib/worker.ts';

const PASSWORD = 'violet tractor sonnet';
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** A hundred sign-ins a second take that long to be as many as compilers want to see. */
const WARM_UP_SECONDS = 12;
/** Hashing itself is a tenth faster or slower from one moment to the next: twice the rounds bring its middle to rest. */
const ROUNDS_FACTOR = 2;
/** Logins that wait at once while other requests are timed. */
const QUEUED = 200;
const OTHERS_P95_MS = 200;
/** A login may wait for all before it. */
const LOGIN_MAX_MS = 60_000;

/** Limits of tries are checked and never refuse. */
const UNTHROTTLED = { AUTH_LOGIN_TRIES_PER_MINUTE: '100000', AUTH_LOGIN_TRIES_PER_ADDRESS_PER_MINUTE: '1000000' };

/** Signing in against what the machine can hash. */
export const login: Row = {
  name: 'login',
  what: 'logins against the argon2id limit of the machine (m=19456, t=2, p=1), and other requests while 200 logins queue',
  run: ({ effort, generator, signal }: Bench): Promise<Outcome> =>
    withScene(async ({ database, adopt }) => {
      const platform = await wholePlatform(database, UNTHROTTLED);
      adopt([platform]);
      const owner = await signUp(platform.origin);
      const people = await addCreators(database, owner.tenantId);
      const stored = await hash(PASSWORD, ARGON2ID);
      await database.execute('update auth.users set password_hash = $1 where id = any ($2::uuid[])', [stored, people]);
      const rows = await database.execute('select email from auth.users where id = any ($1::uuid[])', [people]);
      const bodies = rows.map(({ email }) => JSON.stringify({ email, password: PASSWORD }));
      const load = {
        origin: platform.origin,
        paths: ['/api/v1/auth/login'],
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        bodies,
      } as const;
      const limit = await startWorker('argon2id alone', 'argon2.ts', {});
      const best = await startWorker('argon2id in processes', 'argon2-processes.ts', {});
      adopt([limit, best]);
      const contenders = [httpContender({ name: 'platform', load, pids: [platform.pid] }, generator), limit, best];
      const rounds = effort.rounds * ROUNDS_FACTOR;
      const series = await rotate(contenders, { ...effort, rounds }, signal, WARM_UP_SECONDS);
      const others: number[] = [];
      for (let round = 0; round < effort.rounds; round += 1) {
        signal.throwIfAborted();
        others.push(await p95WhileQueued(platform.origin, owner.token, bodies));
      }
      return {
        comparisons: [
          rateAgainst(series, 'platform', 'argon2id alone', 0.9),
          othersAgainst(others),
          rateAgainst(series, 'platform', 'argon2id in processes', null),
        ],
        series,
        figures: [{ name: `p95 of GET /api/v1/auth/me while ${QUEUED} logins queue`, unit: 'ms', values: others }],
        method: [
          `${bodies.length} accounts sign in one after another over 32 connections; the limit is a process that verifies one hash over and over, one at a time on each core, and does nothing else.`,
          'The platform hashes in processes of their own and so gains on that limit what it loses to everything else a sign-in needs; the same processes with nothing else to do are shown beside it.',
          `Beside it, ${QUEUED} logins are sent at once and one client asks GET /api/v1/auth/me without pause until the last is answered.`,
        ],
      };
    }),
};

function othersAgainst(figures: readonly number[]): Comparison {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = percentile(sorted, 0.5);
  const ratio = (value: number | undefined): number => (value ?? Number.NaN) / OTHERS_P95_MS;
  return {
    against: `other requests' limit of ${OTHERS_P95_MS} ms`,
    ratio: ratio(middle),
    spread: [ratio(sorted[0]), ratio(sorted.at(-1))],
    needs: '< 1',
    isMet: middle < OTHERS_P95_MS,
    note: `${middle.toFixed(0)} ms`,
  };
}

/** @returns the 95th percentile of another request's time while the logins wait, in ms. */
async function p95WhileQueued(origin: string, token: string, bodies: readonly string[]): Promise<number> {
  let waiting = QUEUED;
  const logins = Array.from({ length: QUEUED }, async (_, n) => {
    try {
      const response = await fetch(`${origin}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodies[n % bodies.length] ?? '',
        signal: AbortSignal.timeout(LOGIN_MAX_MS),
      });
      if (response.status !== 200) throw new Error(`a login was answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    } finally {
      waiting -= 1;
    }
  });
  const times: number[] = [];
  const ask = async (): Promise<void> => {
    while (waiting > 0) {
      const startedAt = performance.now();
      const response = await fetch(`${origin}/api/v1/auth/me`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(LOGIN_MAX_MS),
      });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`/api/v1/auth/me was answered ${response.status}`);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all([ask(), ...logins]);
  return percentile(times, 0.95);
}
