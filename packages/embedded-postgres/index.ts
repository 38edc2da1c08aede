import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { chooseAccount } from './account.ts';
import { clusterDirOf, isPasswordLost, prepareCluster, resetPassword, SUPERUSER } from './cluster.ts';
import { acquireDataLock } from './data-lock.ts';
import { explaining } from './errors.ts';
import { makeFolder } from './folders.ts';
import { launch, type Server } from './launch.ts';
import { locatePrograms } from './locate.ts';
import { clearLeftovers } from './postmaster.ts';
import { createRunDir } from './run-dir.ts';
import { openFolder, throwIfAborted } from './run-program.ts';
import { supervise } from './supervise.ts';

export { acquireDataLock, type DataLock } from './data-lock.ts';
export { DataLockedError, EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts';

/** Settings the server starts with unless the caller gives others. */
const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
  // Pools of a few processes, their listeners and a hand for the operator.
  max_connections: '100',
  shared_buffers: '128MB',
  shared_preload_libraries: 'pg_stat_statements',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements and details carry people's data, the log must not.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  // Compiling pays on queries of seconds; ours take milliseconds.
  jit: 'off',
};

/** How to start an embedded PostgreSQL. */
export interface EmbeddedPostgresOptions {
  /** Folder of this server alone; created when missing. */
  readonly dataDir: string;
  /** Receives progress and the server's log, a line a time. */
  readonly log: (line: string) => void;
  /** Server settings by name, over the defaults; address, port and socket cannot be set. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gives the start up; has no effect once it is done. */
  readonly signal?: AbortSignal;
  /** Called when the folder is this process's and nothing is done yet: what it throws gives the start up. */
  readonly onLocked?: () => Promise<void>;
}

/** A PostgreSQL server owned by this process. */
export interface EmbeddedPostgres {
  /** Loopback address, `127.0.0.1`. */
  readonly host: string;
  /** Folder of the unix socket; give it to the driver as host. */
  readonly socketDir: string;
  readonly port: number;
  readonly superuser: string;
  readonly password: string;
  /** For example `18.4`. */
  readonly version: string;
  /** Fast shutdown, waited for; harmless when called again. */
  stop(): Promise<void>;
  /** Settles when the server is gone for good: stopped, or given up after it ended unasked again and again. */
  readonly exited: Promise<{ readonly code: number | null }>;
}

/**
 * Starts a PostgreSQL on `dataDir`, creating its cluster the first time, and waits until it accepts connections. Safe after
 * a crash of either side: what an earlier run left is stopped or cleared first.
 * @throws DataLockedError when a running process uses the folder.
 * @throws EmbeddedPostgresError for everything else, with advice.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await prepareDataDir(options.dataDir);
  const lock = await acquireDataLock(dataDir);
  try {
    await options.onLocked?.();
    return await startLocked(options, dataDir, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startLocked(
  options: EmbeddedPostgresOptions,
  dataDir: string,
  release: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const { log, signal } = options;
  const clusterDir = clusterDirOf(dataDir);
  const account = await chooseAccount(clusterDir);
  const programs = await locatePrograms(account, dataDir, log);
  const socketDir = await createRunDir(account);
  try {
    throwIfAborted(signal);
    const cluster = { dataDir, programs, account, runDir: socketDir, signal, log };
    await clearLeftovers(clusterDir, log);
    const mustReset = await isPasswordLost(dataDir);
    const password = await prepareCluster(cluster);
    if (mustReset) await resetPassword(cluster, password);
    throwIfAborted(signal);
    const settings = { ...DEFAULT_SETTINGS, ...options.settings };
    const start = async (port: number | undefined): Promise<Server> => {
      if (port !== undefined) await clearLeftovers(clusterDir, log, socketDir);
      const access = await openFolder(clusterDir, account);
      try {
        const { postgres } = programs;
        return await launch({
          postgres,
          clusterDir,
          access,
          account,
          socketDir,
          settings,
          port,
          signal: port === undefined ? signal : undefined,
          log,
        });
      } finally {
        access.close();
      }
    };
    const server = await supervise(start, log);
    const exited = cleanedUp(server, socketDir, release);
    return {
      host: '127.0.0.1',
      socketDir,
      port: server.port,
      superuser: SUPERUSER,
      password,
      version: programs.version,
      exited,
      stop: async () => {
        await server.stop();
        await exited;
      },
    };
  } catch (error) {
    await rm(socketDir, { recursive: true, force: true });
    throw error;
  }
}

/** The folder, made if missing; its own name can be passed through by the server's account, its secrets are 0600. */
async function prepareDataDir(dir: string): Promise<string> {
  return explaining(`Preparing the data folder ${dir}`, async () => {
    await makeFolder(path.resolve(dir), 0o711);
    return realpath(dir);
  });
}

async function cleanedUp(
  server: Server,
  socketDir: string,
  release: () => Promise<void>,
): Promise<{ readonly code: number | null }> {
  const exit = await server.exited;
  await rm(socketDir, { recursive: true, force: true });
  await release();
  return exit;
}
