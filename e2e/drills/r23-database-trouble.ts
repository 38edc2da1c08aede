import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import { migrationSets } from '@candlefish/testkit/migration-sets';
import { startTestPostgres } from '@candlefish/testkit/postgres';
import pg from 'pg';
import type { Drill, DrillContext } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const BACK_WITHIN_MS = 10_000;
/** More than the eight connections of the platform can hold: reads share one, up to eight (ADR 0031). */
const STUCK = 120;
/** A refusal for want of a connection comes within this time, ms. */
const REFUSED_WITHIN_MS = 8_000;

/** R23: the database restarts, its connections run out, its disk is full. */
export const r23: Drill = {
  id: 'R23',
  what: 'database restart, pool exhausted, disk full: the process lives, answers 503 with Retry-After, reads go on',
  async run(context) {
    // A server of its own: the others must not feel this.
    const server = await startTestPostgres(migrationSets());
    context.defer(() => server.stop());
    const { api, signUp, database, platform } = await context.network({ database: await server.createDatabase() });
    const owner = await signUp();
    const tally = new Tally();
    let hasFailed = false;
    void platform.failed.then(() => {
      hasFailed = true;
    });
    const superuser = await connect(context, database.superuserUrl);
    const stuck = await exhaust(owner.api, superuser, tally);
    const full = await fillUp(owner.api, superuser, tally);
    const backMs = await restart(context, owner.api, database.superuserUrl, tally);
    tally.check(!hasFailed, 'the platform gave itself up');
    tally.check((await api.get('/health')).status === 200, 'the process does not answer any more');
    return tally.verdict(
      `restart: back after ${backMs.toFixed(0)} ms; pool exhausted: ${stuck} answers of 503; disk full: ${full}`,
    );
  },
};

async function connect({ defer }: DrillContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // It may be cut off with the others.
  client.on('error', () => undefined);
  await client.connect();
  defer(() => client.end());
  return client;
}

const isGoodRefusal = ({ status, headers }: ApiAnswer): boolean =>
  status === 503 && Number(headers.get('retry-after')) >= 1;

/** Makes every connection wait for a table. */
async function exhaust(api: ApiClient, superuser: pg.Client, tally: Tally): Promise<number> {
  await superuser.query('begin');
  await superuser.query('lock table nanda.nanda_agents in access exclusive mode');
  const startedAt = performance.now();
  const stuck = Array.from({ length: STUCK }, () => api.get('/api/v1/agents'));
  const done = await Promise.race([
    Promise.any(stuck.map(async (call) => (await call).status)),
    api.get('/api/v1/documents').then(({ status }) => status),
  ]);
  const refusedAfterMs = performance.now() - startedAt;
  await superuser.query('rollback');
  const answers = await Promise.all(stuck);
  const refused = answers.filter(({ status }) => status !== 200);
  tally.check(
    done === 503 && refusedAfterMs < REFUSED_WITHIN_MS,
    `pool exhausted: ${done} after ${refusedAfterMs.toFixed(0)} ms`,
  );
  tally.check(refused.length > 0, 'the pool never ran out');
  for (const answer of refused)
    tally.check(
      isGoodRefusal(answer),
      `pool exhausted: ${answer.status} Retry-After ${answer.headers.get('retry-after')}`,
    );
  const after = await api.get('/api/v1/agents');
  tally.check(after.status === 200, `after the pool was free again: ${after.status}`);
  return refused.length;
}

/**
 * A server whose disk is full fails each write with 53100 and goes on reading. It is made to by a trigger, since a full disk
 * of one's own needs rights that not every machine gives.
 */
async function fillUp(api: ApiClient, superuser: pg.Client, tally: Tally): Promise<string> {
  await superuser.query(`create function public.disk_full() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
  await superuser.query(
    'create trigger disk_full before insert or update on document.documents execute function public.disk_full()',
  );
  const write = await api.post('/api/v1/documents', { title: 'x' });
  tally.check(
    isGoodRefusal(write),
    `disk full: a write was answered ${write.status}, Retry-After ${write.headers.get('retry-after')}`,
  );
  const read = await api.get('/api/v1/documents');
  tally.check(read.status === 200, `disk full: a read was answered ${read.status}`);
  await superuser.query('drop trigger disk_full on document.documents');
  const again = await api.post('/api/v1/documents', { title: 'x' });
  tally.check(again.status === 201, `with room again: ${again.status}`);
  return `write ${write.status}, read ${read.status}`;
}

/** Kills a server process, upon which PostgreSQL cuts everybody off and recovers. @returns how long answers failed, ms. */
async function restart(context: DrillContext, api: ApiClient, url: string, tally: Tally): Promise<number> {
  const victim = await connect(context, url);
  const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  if (pid === undefined) throw new Error('the server does not tell its process');
  process.kill(pid, 'SIGKILL');
  const startedAt = performance.now();
  let lastBadAt = startedAt;
  const seen = new Set<number>();
  // Answers are watched until they have been good for a while.
  await untilTrue(async () => {
    const answer = await api.get('/api/v1/agents');
    seen.add(answer.status);
    if (answer.status !== 200) lastBadAt = performance.now();
    if (answer.status !== 200)
      tally.check(
        isGoodRefusal(answer),
        `while restarting: ${answer.status}, Retry-After ${answer.headers.get('retry-after')}`,
      );
    return performance.now() - lastBadAt > 1_000;
  }, BACK_WITHIN_MS);
  const write = await api.post('/api/v1/documents', { title: 'after' });
  tally.check(write.status === 201, `after the restart a write was answered ${write.status}`);
  tally.check(seen.has(200), `after the restart: only ${[...seen].join(' ')}`);
  return lastBadAt - startedAt;
}
