import { rateAgainst } from '../lib/compare.ts';
import { startBenchDatabase } from '../lib/database.ts';
import { rotate } from '../lib/rotation.ts';
import { addAgents, addCreators, addTenant } from '../lib/seed.ts';
import type { Bench, Outcome, Row } from '../lib/types.ts';
import { startWorker, type WorkerContender } from '../lib/worker.ts';

/** Agents of the tenant and of others beside it: a page is a small part of each. */
const AGENTS = 500;
const OTHER_TENANTS = 5;

const NEEDED = 0.85;

/** The tenant-scoped query at the store against pg's own driver without row-level security. */
export const store: Row = {
  name: 'store',
  what: 'a list of 20 by the tenant-scoped driver against the same statement by pg without row-level security',
  async run({ effort, signal }: Bench): Promise<Outcome> {
    const database = await startBenchDatabase();
    const workers: WorkerContender[] = [];
    try {
      const tenantId = await addTenant(database, 'bench');
      await addAgents(database, tenantId, await addCreators(database, tenantId), AGENTS);
      for (let other = 0; other < OTHER_TENANTS; other += 1) {
        const id = await addTenant(database, `other-${other}`);
        await addAgents(database, id, await addCreators(database, id), AGENTS);
      }
      for (const named of [true, false]) {
        const style = named ? 'named' : 'unnamed';
        const platform = { databaseUrl: database.appUrl, tenantId, driver: 'platform', named };
        const reference = { databaseUrl: database.superuserUrl, tenantId, driver: 'pg', named };
        workers.push(await startWorker(`platform, ${style}`, 'store.ts', platform));
        workers.push(await startWorker(`pg without RLS, ${style}`, 'store.ts', reference));
      }
      const series = await rotate(workers, effort, signal);
      return {
        comparisons: ['named', 'unnamed'].map((style) =>
          rateAgainst(series, `platform, ${style}`, `pg without RLS, ${style}`, NEEDED),
        ),
        series,
        load: 'calls in a closed loop inside each process',
        method: [
          'One process per contender, 32 calls in flight over 16 connections to one embedded PostgreSQL over loopback TCP.',
          'The platform runs as its application role under forced row-level security, the reference as a superuser, whom no policy applies to; the statement and its values are the same and name the tenant.',
          `${AGENTS} agents in each of ${OTHER_TENANTS + 1} tenants.`,
        ],
      };
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await database.stop();
    }
  },
};
