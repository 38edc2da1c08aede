import { join } from 'node:path';
import { startEmbeddedPostgres } from '@candlefish/embedded-postgres';
import { JOBS_ROLE, prepareJobs } from '@candlefish/kit/jobs';
import {
  APP_ROLE,
  type AppliedMigration,
  migrate,
  prepareDatabase,
  prepareRoles,
  urlOf,
  withConnection,
} from '@candlefish/kit/migrate';
import type { Logger } from '@candlefish/kit/telemetry';
import type { ServerConfig } from './config.ts';
import { migrationSets } from './registry.ts';
import { derivedPassword } from './secrets.ts';

/** Name of the embedded database and of the role that owns it. */
const DATABASE = 'candlefish';
const OWNER = 'candlefish_owner';

/** The addresses of the platform's database, one per role. */
export interface OpenDatabase {
  /** Migrations; null for a process that was given the application role only. */
  readonly ownerUrl: string | null;
  /** The application's statements. */
  readonly appUrl: string;
  /** LISTEN and health: no pooler between. */
  readonly directUrl: string;
  readonly jobsUrl: string;
  /** Whether statements on `appUrl` may be named. */
  readonly prepared: boolean;
  readonly embedded: boolean;
  /** Settles when the embedded server has ended for good although nobody stopped it; never for another one. */
  readonly lost: Promise<Error>;
  /** Stops the embedded server. */
  stop(): Promise<void>;
}

/** What opening needs. */
export interface OpenOptions {
  readonly config: ServerConfig;
  readonly secret: string;
  readonly log: Logger;
  /** Whether to bring the schema up to date; needs the owner. */
  readonly migrate: boolean;
  readonly onProgress: (step: string) => void;
  readonly signal?: AbortSignal;
  /** Called before anything takes long, and not while another process has the data: what it throws gives the start up. */
  readonly beforeStart?: () => Promise<void>;
}

/**
 * Makes the database ready: starts the embedded server unless `DATABASE_URL` names one, prepares the roles, migrates.
 * @throws EmbeddedPostgresError, DataLockedError, MigrationError, each with advice.
 */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const { config, secret } = options;
  if (config.databaseUrl === undefined) return openEmbedded(options);
  await options.beforeStart?.();
  const { href } = config.databaseUrl;
  if (config.databaseOwnerUrl !== undefined) {
    await prepare(config.databaseOwnerUrl.href, options);
    const appUrl = urlOf(href, APP_ROLE, derivedPassword(secret, APP_ROLE));
    return external(options, { ownerUrl: config.databaseOwnerUrl.href, appUrl });
  }
  if (await isOwner(href)) {
    const { appUrl } = await prepare(href, options);
    return external(options, { ownerUrl: href, appUrl });
  }
  if (options.migrate)
    throw new Error('migrations need the owner of the database: set DATABASE_OWNER_URL beside DATABASE_URL');
  return external(options, { ownerUrl: null, appUrl: href });
}

/**
 * Whether the role of this address owns the platform's tables or could get round row-level security. The platform's
 * statements never run as such a role: it is used for migrations, and the application's own role for the rest.
 */
const isOwner = (url: string): Promise<boolean> =>
  withConnection(url, async (client) => {
    const { rows } = await client.query<{ isOwner: boolean }>(
      `select r.rolsuper or r.rolbypassrls or r.rolcreaterole or d.datdba = r.oid
         or exists (select from pg_catalog.pg_namespace n where n.nspname = 'platform' and n.nspowner = r.oid) as "isOwner"
       from pg_catalog.pg_roles r, pg_catalog.pg_database d
       where r.rolname = current_user and d.datname = current_database()`,
    );
    return rows[0]?.isOwner ?? true;
  });

function external(
  { config, secret }: OpenOptions,
  urls: { readonly ownerUrl: string | null; readonly appUrl: string },
): OpenDatabase {
  const directUrl = config.databaseDirectUrl?.href ?? urls.ownerUrl ?? urls.appUrl;
  return {
    ...urls,
    directUrl,
    jobsUrl: urlOf(directUrl, JOBS_ROLE, derivedPassword(secret, JOBS_ROLE)),
    prepared: isPrepared(config),
    embedded: false,
    lost: new Promise(() => undefined),
    stop: async () => undefined,
  };
}

/** A transaction pooler hands a statement's next use to another connection, which does not know its name. */
const isPrepared = ({ databasePrepared, databaseDirectUrl }: ServerConfig): boolean =>
  databasePrepared === 'auto' ? databaseDirectUrl === undefined : databasePrepared === 'on';

async function openEmbedded(options: OpenOptions): Promise<OpenDatabase> {
  const { config, secret, log, onProgress } = options;
  onProgress('starting the embedded database');
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: (line) => log.debug({ source: 'postgres' }, line),
    ...(options.beforeStart === undefined ? {} : { onLocked: options.beforeStart }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    const superuser = new URL(`postgres://${server.host}:${server.port}/postgres`);
    superuser.username = server.superuser;
    superuser.password = server.password;
    const ownerPassword = derivedPassword(secret, OWNER);
    const { ownerUrl } = await prepareDatabase(superuser.href, { database: DATABASE, owner: OWNER, ownerPassword });
    const { appUrl, jobsUrl } = await prepare(ownerUrl, options);
    const overSocket = (url: string): string => throughSocket(url, server.socketDir, server.port);
    return {
      ownerUrl,
      appUrl: overSocket(appUrl),
      directUrl: ownerUrl,
      jobsUrl,
      prepared: true,
      embedded: true,
      lost: server.exited.then(() => new Error('the embedded database cannot be kept running; its log says why')),
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A unix socket costs the server less than TCP on loopback. */
function throughSocket(url: string, socketDir: string, port: number): string {
  const parsed = new URL(url);
  const database = parsed.pathname.slice(1);
  const login = `${parsed.username}:${parsed.password}`;
  return `postgres://${login}@/${database}?host=${encodeURIComponent(socketDir)}&port=${port}`;
}

async function prepare(
  ownerUrl: string,
  options: OpenOptions,
): Promise<{ readonly appUrl: string; readonly jobsUrl: string }> {
  const { secret, onProgress, log } = options;
  const { appUrl } = await prepareRoles(ownerUrl, { appPassword: derivedPassword(secret, APP_ROLE) });
  if (options.migrate) {
    const applied: readonly AppliedMigration[] = await migrate(ownerUrl, migrationSets());
    if (applied.length > 0) onProgress(`applied ${applied.length} migrations`);
    for (const migration of applied) log.debug({ ...migration }, 'migration applied');
  }
  const { jobsUrl } = await prepareJobs(ownerUrl, { jobsPassword: derivedPassword(secret, JOBS_ROLE) });
  return { appUrl, jobsUrl };
}
