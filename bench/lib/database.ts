import { mkdtemp, rm } from 'node:fs/promises';
import { startEmbeddedPostgres } from '@candlefish/embedded-postgres';
import { APP_ROLE, migrate, prepareDatabase, prepareRoles } from '@candlefish/kit/migrate';
import { migrationSets } from '@candlefish/testkit/migration-sets';
import pg from 'pg';
import { derivedPassword } from '../../apps/server/secrets.ts';

/** A migrated database on an embedded server of its own, as safe and as fast as `npm start` runs it. */
export interface BenchDatabase {
  /** Root of the derived passwords: give it to a platform process as CANDLEFISH_SECRET. */
  readonly secret: string;
  readonly host: string;
  readonly port: number;
  readonly ownerUrl: string;
  /** The application's role: policies apply. */
  readonly appUrl: string;
  /** No policy applies. */
  readonly superuserUrl: string;
  /** Runs statements as the superuser: seeding. */
  readonly execute: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Guards nothing: the database lives for one run, on loopback. */
const SECRET = 'a secret of one benchmark run, on loopback';
const OWNER = 'candlefish_owner';
const DATABASE = 'candlefish';

/** Starts one. Its data goes when it is stopped. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  // /tmp itself: the server's account must reach it.
  const folder = await mkdtemp('/tmp/candlefish-bench-');
  try {
    const server = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
    const url = (role: string, password: string, database = DATABASE): string =>
      `postgres://${role}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database}`;
    const plan = { database: DATABASE, owner: OWNER, ownerPassword: derivedPassword(SECRET, OWNER) };
    const { ownerUrl } = await prepareDatabase(url(server.superuser, server.password, 'postgres'), plan);
    const appPassword = derivedPassword(SECRET, APP_ROLE);
    const { appUrl } = await prepareRoles(ownerUrl, { appPassword });
    await migrate(ownerUrl, migrationSets());
    const superuserUrl = url(server.superuser, server.password);
    const pool = new pg.Pool({ connectionString: superuserUrl, max: 1 });
    return {
      secret: SECRET,
      host: server.host,
      port: server.port,
      ownerUrl,
      appUrl,
      superuserUrl,
      execute: async (text, values = []) => (await pool.query(text, [...values])).rows,
      async stop() {
        await pool.end();
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
