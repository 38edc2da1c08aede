import type { TestProject } from 'vitest/node';
import { migrationSets } from './migration-sets.ts';
import { startTestPostgres } from './test-databases.ts';

/**
 * Starts one PostgreSQL for all service tests of a vitest run. `POSTGRES_TEST_BIN` names the programs of another version
 * (Debian: `/usr/lib/postgresql/15/bin`) to run the same tests on.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binDir = process.env['POSTGRES_TEST_BIN'];
  const postgres = await startTestPostgres(migrationSets(), binDir === undefined ? {} : { binDir });
  project.provide('postgres', { superuserUrl: postgres.superuserUrl });
  return () => postgres.stop();
}
