import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import pg from 'pg';
import type { Drill } from './drill.ts';
import { cardOf } from './lib/furnish.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const TWINS = 50;
/** A twin is told to come back; it does, until it has the answer or this time is over. */
const RETRY_MAX_MS = 10_000;
const RETRY_PAUSE_MS = 20;
const WAITING_MAX_MS = 5_000;

const agentBody = (name: string) => ({ name, version: '1.0.0', spec: cardOf(name) });

/** R11: one effect for one Idempotency-Key, whatever happens. */
export const r11: Drill = {
  id: 'R11',
  what: `${TWINS} parallel twins, a changed body, a restart, another tenant, a failure in mid-flight: one effect, identical bytes`,
  async run({ network, defer }) {
    const first = await network();
    const owner = await first.signUp();
    const other = await first.signUp();
    const tally = new Tally();
    const connect = async (): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: first.database.superuserUrl });
      await client.connect();
      defer(() => client.end());
      return client;
    };
    const superuser = await connect();
    const countOf = async (name: string): Promise<number> => {
      const text = 'select count(*)::int as count from nanda.nanda_agents where name = $1';
      return Number((await superuser.query<{ count: number }>(text, [name])).rows[0]?.count);
    };

    const key = randomUUID();
    const body = agentBody('twin');
    const twins = await Promise.all(Array.from({ length: TWINS }, () => untilAnswered(owner.api, key, body)));
    const [one] = twins;
    tally.check((await countOf('twin')) === 1, `${TWINS} twins had ${await countOf('twin')} effects`);
    tally.check(one?.status === 201, `a twin was answered ${one?.status}`);
    tally.check(
      twins.every((twin) => twin.text === one?.text),
      'twins got different bytes',
    );
    tally.check(
      twins.filter((twin) => twin.headers.get('idempotency-replayed') === 'true').length === TWINS - 1,
      'the repeated answers do not say so',
    );

    const changed = await post(owner.api, key, agentBody('changed'));
    tally.check(changed.status === 422, `another body under the key: ${changed.status}`);
    const elsewhere = await owner.api.post('/api/v1/documents', { title: 'x' }, { 'idempotency-key': key });
    tally.check(elsewhere.status === 422, `another operation under the key: ${elsewhere.status}`);
    const foreign = await post(other.api, key, body);
    tally.check(foreign.status === 201 && foreign.text !== one?.text, `the key of another tenant: ${foreign.status}`);
    tally.check((await countOf('twin')) === 2, 'the other tenant had no effect of its own');

    await first.platform.stop();
    const second = await network({ database: first.database });
    const later = await post(second.api.as(owner.token), key, body);
    tally.check(later.text === one?.text && later.status === 201, `after a restart: ${later.status}`);
    tally.check((await countOf('twin')) === 2, 'the restart had an effect');

    const crash = await crashInFlight(second.api.as(owner.token), await connect(), superuser);
    tally.check(crash.first >= 500, `a call whose connection was cut was answered ${crash.first}`);
    tally.check(crash.again === 201, `the next try was answered ${crash.again}`);
    tally.check((await countOf('crash')) === 1, `a failure in mid-flight left ${await countOf('crash')} effects`);
    return tally.verdict(
      `${TWINS} twins, one effect, identical bytes; also after a restart, a cut connection, for another tenant`,
    );
  },
};

const post = (api: ApiClient, key: string, body: object): Promise<ApiAnswer> =>
  api.post('/api/v1/agents', body, { 'idempotency-key': key });

/** Sends until the answer is something else than "your twin is at work". */
async function untilAnswered(api: ApiClient, key: string, body: object): Promise<ApiAnswer> {
  const deadline = performance.now() + RETRY_MAX_MS;
  for (;;) {
    const answer = await post(api, key, body);
    const isAtWork = answer.status === 409 && (answer.body as { code?: string }).code === 'IDEMPOTENCY_IN_PROGRESS';
    if (!isAtWork || performance.now() > deadline) return answer;
    await sleep(RETRY_PAUSE_MS);
  }
}

/** Holds a call up at the table, cuts its connection, lets the table go and tries again. */
async function crashInFlight(
  api: ApiClient,
  holder: pg.Client,
  superuser: pg.Client,
): Promise<{ first: number; again: number }> {
  const key = randomUUID();
  const body = agentBody('crash');
  await holder.query('begin');
  await holder.query('lock table nanda.nanda_agents in exclusive mode');
  const first = post(api, key, body);
  const cut = async (): Promise<boolean> => {
    const { rowCount } = await superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%nanda%'`,
    );
    return (rowCount ?? 0) > 0;
  };
  const wasCut = await untilTrue(cut, WAITING_MAX_MS);
  await holder.query('rollback');
  if (wasCut === null) throw new Error('the call never came to the table');
  const { status } = await first;
  return { first: status, again: (await untilAnswered(api, key, body)).status };
}
