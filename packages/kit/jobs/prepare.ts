import { runMigrations } from 'graphile-worker';
import { newClient, scramVerifier, urlOf, withConnection } from '../migrate/index.ts';

/** Role that owns the job queue and nothing else: it sees payloads, never the tables of a tenant. */
export const JOBS_ROLE = 'candlefish_jobs';

/**
 * The door through which business transactions add jobs. The queue's tables belong to the jobs role; the application may
 * only add.
 */
const DOOR = `
  create schema if not exists jobs;
  create or replace function jobs.add(task text, payload json, run_at timestamptz, attempts_max integer, key text)
  returns void language sql security definer set search_path = '' as $$
    select graphile_worker.add_job(task, payload, null, run_at, attempts_max, key)
  $$;
  revoke all on function jobs.add(text, json, timestamptz, integer, text) from public;
  grant usage on schema jobs to candlefish_app;
  grant execute on function jobs.add(text, json, timestamptz, integer, text) to candlefish_app;`;

/**
 * Makes the jobs role, the queue (graphile-worker's schema) and the door to it. Runs after the roles, on every start;
 * changes nothing that is there.
 * @param ownerUrl Owner of the database, with CREATEROLE. Must reach the server itself.
 * @returns The connection string of the jobs role.
 */
export async function prepareJobs(
  ownerUrl: string,
  options: { readonly jobsPassword: string },
): Promise<{ readonly jobsUrl: string }> {
  const jobsUrl = urlOf(ownerUrl, JOBS_ROLE, options.jobsPassword);
  if (await isReady(jobsUrl)) return { jobsUrl };
  await withConnection(ownerUrl, async (client) => {
    // Roles belong to the whole server; the lock keeps nodes and databases that start at once from making it twice.
    await client.query("begin; select pg_advisory_xact_lock(hashtext('candlefish.jobs'))");
    const { rowCount } = await client.query('select from pg_catalog.pg_roles where rolname = $1', [JOBS_ROLE]);
    const verb = rowCount === 0 ? 'create' : 'alter';
    await client.query(
      `${verb} role ${JOBS_ROLE} login noinherit password ${client.escapeLiteral(scramVerifier(options.jobsPassword))}`,
    );
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    for (const { name } of rows)
      await client.query(`grant create on database ${client.escapeIdentifier(name)} to ${JOBS_ROLE}`);
    await client.query('commit');
  });
  await runMigrations({ connectionString: jobsUrl });
  await withConnection(jobsUrl, (client) => client.query(DOOR));
  return { jobsUrl };
}

/** Whether the role can sign in and the door is there: the usual case of a later start, in one round trip. */
async function isReady(jobsUrl: string): Promise<boolean> {
  const client = newClient(jobsUrl);
  try {
    await client.connect();
    const { rows } = await client.query<{ ready: boolean }>(
      "select to_regprocedure('jobs.add(text, json, timestamptz, integer, text)') is not null as ready",
    );
    return rows[0]?.ready === true;
  } catch {
    // Not there yet, or with another password: the long way sets it right or says what is wrong.
    return false;
  } finally {
    await client.end();
  }
}
