import { migrationSets } from './migration-sets.ts';
import { startTestPostgres, type TestDatabase } from './test-databases.ts';

/** Starts a server, gives a freshly migrated database of it to `use`, and stops the server. For tools outside tests. */
export async function withMigratedDatabase<T>(use: (database: TestDatabase) => Promise<T>): Promise<T> {
  const server = await startTestPostgres(migrationSets());
  try {
    return await use(await server.createDatabase());
  } finally {
    await server.stop();
  }
}
