import { createLog, type Logger } from '@candlefish/kit/telemetry';
import { checkConfig } from '../check-config.ts';
import type { ServerConfig } from '../config.ts';
import { type OpenDatabase, openDatabase } from '../open-database.ts';
import { services } from '../registry.ts';
import { secretOf } from '../secrets.ts';
import type { Invocation } from './command.ts';

/** What a command that works on the database has at hand. */
export interface DatabaseWork {
  readonly config: ServerConfig;
  readonly database: OpenDatabase;
  readonly secret: string;
  readonly log: Logger;
}

/**
 * Opens the platform's database for one command and closes it afterwards. An embedded database that a running platform
 * holds cannot be opened twice: the error says so and names the process.
 */
export async function withDatabase<T>(
  { environment, terminal }: Invocation,
  options: { readonly migrate: boolean },
  work: (parts: DatabaseWork) => Promise<T>,
): Promise<T> {
  const config = checkConfig(environment, services);
  const secret = await secretOf(config);
  const log = createLog({ level: 'warn', destination: process.stderr });
  const database = await openDatabase({
    config,
    secret,
    log,
    migrate: options.migrate,
    onProgress: (step) => terminal.err(step),
  });
  try {
    return await work({ config, database, secret, log });
  } finally {
    await database.stop();
  }
}
