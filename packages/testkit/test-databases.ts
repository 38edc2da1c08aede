import { randomBytes } from 'node:crypto';
import { JOBS_ROLE, prepareJobs } from '@candlefish/kit/jobs';
import { type MigrationSet, migrate, prepareDatabase, prepareRoles } from '@candlefish/kit/migrate';
import { KeptConnection } from './kept-connection.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';

/** A database of one test. */
export interface TestDatabase {
  readonly name: string;
  /** Owner of the tables: runs migrations. */
  readonly ownerUrl: string;
  /** The application's role, which the platform runs as. */
  readonly appUrl: string;
  /** The role that owns the job queue. */
  readonly jobsUrl: string;
  /** Sees everything; for looking behind row-level security in an assertion. */
  readonly superuserUrl: string;
  /** Runs a statement as the superuser. */
  run(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Cuts off who is connected and drops the database. */
  drop(): Promise<void>;
}

/** What a test worker needs to know of the run's server. */
export interface PostgresAddress {
  readonly superuserUrl: string;
}

/** Makes databases on one server. */
export interface TestPostgres {
  readonly superuserUrl: string;
  /**
   * A new database with the platform's schema, copied from the template; `empty` holds nothing but its owner. A database
   * that nobody is connected to can be copied too.
   */
  createDatabase(content?: 'migrated' | 'empty' | TestDatabase): Promise<TestDatabase>;
}

const OWNER = 'candlefish_owner';
const TEMPLATE = 'candlefish_template';
/** Guards nothing: the server lives for one test run, on loopback. */
const PASSWORD = 'test';

/** Databases on a server that `startTestPostgres` has prepared. */
export function testPostgresAt({ superuserUrl }: PostgresAddress): TestPostgres {
  const server = serverAt(superuserUrl);
  return {
    superuserUrl,
    async createDatabase(content = 'migrated') {
      const name = `t_${randomBytes(6).toString('hex')}`;
      const template = typeof content === 'object' ? content.name : content === 'migrated' ? TEMPLATE : 'template0';
      // Files are copied ten times as fast as their blocks are logged where nothing waits for the disk: 22 ms for 10 MB.
      await server.run(`create database ${name} template ${template} owner ${OWNER} strategy file_copy`);
      // Rights on a database are not copied with its contents.
      if (content === 'migrated') await server.run(`grant create on database ${name} to ${JOBS_ROLE}`);
      const behind = new KeptConnection(urlTo(superuserUrl, name));
      return {
        name,
        ownerUrl: urlTo(superuserUrl, name, OWNER),
        appUrl: urlTo(superuserUrl, name, 'candlefish_app'),
        jobsUrl: urlTo(superuserUrl, name, JOBS_ROLE),
        superuserUrl: urlTo(superuserUrl, name),
        run: (text, values) => behind.run(text, values),
        async drop() {
          await behind.end();
          await server.run(`drop database if exists ${name} with (force)`);
        },
      };
    },
  };
}

/**
 * Starts a server with the platform's roles and a migrated template.
 * @param sets What the template holds.
 * @param binDir See `startPostgresServer`.
 */
export async function startTestPostgres(
  sets: readonly MigrationSet[],
  options: { readonly binDir?: string; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<TestPostgres & PostgresServer> {
  const server = await startPostgresServer(options);
  try {
    const plan = { database: TEMPLATE, owner: OWNER, ownerPassword: PASSWORD };
    const { ownerUrl } = await prepareDatabase(server.superuserUrl, plan);
    await prepareRoles(ownerUrl, { appPassword: PASSWORD });
    await migrate(ownerUrl, sets);
    await prepareJobs(ownerUrl, { jobsPassword: PASSWORD });
    return { ...server, ...testPostgresAt(server) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function urlTo(superuserUrl: string, database: string, role?: string): string {
  const url = new URL(superuserUrl);
  url.pathname = `/${database}`;
  if (role !== undefined) {
    url.username = role;
    url.password = PASSWORD;
  }
  return url.href;
}

const servers = new Map<string, KeptConnection>();

/** The connection of this process to a server. */
function serverAt(superuserUrl: string): KeptConnection {
  let server = servers.get(superuserUrl);
  if (server === undefined) {
    server = new KeptConnection(superuserUrl);
    servers.set(superuserUrl, server);
  }
  return server;
}
