import { Database } from '@candlefish/kit/db';
import type { ServerConfig } from '../config.ts';
import type { OpenDatabase } from '../open-database.ts';

/** A small pool of the application role, for a command. */
export const openAppDatabase = (database: OpenDatabase, config: ServerConfig): Database =>
  new Database({
    url: database.appUrl,
    connectionsMax: 4,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: config.deadlineMs,
    prepared: false,
    applicationName: 'candlefish-cli',
    onIdleError: () => undefined,
  });
