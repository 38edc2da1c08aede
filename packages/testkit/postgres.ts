import { inject } from 'vitest';
import { type PostgresAddress, type TestPostgres, testPostgresAt } from './test-databases.ts';

export { freePort, type PostgresServer, startPostgresServer } from './postgres-server.ts';
export { startTestPostgres, type TestDatabase, type TestPostgres } from './test-databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: PostgresAddress;
  }
}

/** The server of this vitest run, which `global-setup.ts` started; only inside tests. */
export const testPostgres = (): TestPostgres => testPostgresAt(inject('postgres'));
