import { withConnection } from '../migrate/index.ts';

const LISTED_MAX = 500;

/** A job whose every try has failed. */
export interface DeadJob {
  readonly id: string;
  readonly job: string;
  readonly tenantId: string | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly createdAt: Date;
}

/** Jobs of all tenants that will not be tried again by themselves, newest first, at most 500. For operators. */
export const deadJobs = (jobsUrl: string): Promise<readonly DeadJob[]> =>
  withConnection(jobsUrl, async (client) => {
    const { rows } = await client.query<DeadJob>(
      `select j.id::text as id, t.identifier as job, j.payload ->> 'tenantId' as "tenantId", j.attempts,
         j.last_error as error, j.created_at as "createdAt"
       from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where j.attempts >= j.max_attempts and j.locked_at is null
       order by j.created_at desc limit $1`,
      [LISTED_MAX],
    );
    return rows;
  });

/** Lets a dead job be tried again from the start. @throws Error when there is none of that id. */
export const retryDeadJob = (jobsUrl: string, id: string): Promise<void> =>
  withConnection(jobsUrl, async (client) => {
    const { rowCount } = await client.query(
      'select from graphile_worker.reschedule_jobs(array[$1::bigint], now(), attempts => 0)',
      [id],
    );
    if (rowCount === 0) throw new Error(`there is no job ${id}`);
  });

/** Jobs that are due or at work. For tests and drills that wait for quiet. */
export const dueJobs = (jobsUrl: string): Promise<number> =>
  withConnection(jobsUrl, async (client) => {
    const { rows } = await client.query<{ due: number }>(
      'select count(*)::integer as due from graphile_worker._private_jobs where attempts < max_attempts and run_at <= now()',
    );
    return rows[0]?.due ?? 0;
  });
