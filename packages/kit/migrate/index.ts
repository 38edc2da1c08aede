/** Brings a database to the schema this release needs: roles first, then plain SQL files (docs/adr/0003-migrations.md). */
import type { MigrationSet } from './migration-file.ts';

export { newClient, withConnection } from './connection.ts';
export { type AppliedMigration, type MigrateOptions, migrate } from './migrate.ts';
export { MigrationError, type MigrationSet, type Phase } from './migration-file.ts';
export { prepareDatabase } from './prepare-database.ts';
export { APP_ROLE, LOOKUP_ROLE, prepareRoles, urlOf } from './roles.ts';
export { scramVerifier } from './scram.ts';

/** What everything else stands on; runs first. */
export const platformBase: MigrationSet = {
  name: 'platform-base',
  folder: new URL('../migrations/base/', import.meta.url),
};

/** Event log, cursors, idempotency keys, revocations; runs after the set that makes the tenants. */
export const platformLog: MigrationSet = {
  name: 'platform-log',
  folder: new URL('../migrations/log/', import.meta.url),
};
