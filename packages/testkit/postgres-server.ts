import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '@candlefish/embedded-postgres';
import { folderInMemory } from './folder-in-memory.ts';
import { unprivilegedAccount } from './unprivileged-account.ts';

/** A PostgreSQL server of a test run, on loopback. */
export interface PostgresServer {
  /** Connection string of the superuser to the database `postgres`. */
  readonly superuserUrl: string;
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Speed over durability: a test's data need not outlive a power cut. Only here. */
const TEST_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  // No crash, no replica: the log may recycle early and record less.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  // No table lives long enough to need it, and a hundred databases are looked at once a minute each.
  autovacuum: 'off',
};

const READY_MAX_MS = 30_000;
const READY_POLL_MS = 10;
const STOP_MAX_MS = 10_000;

/**
 * Starts an empty server in a folder of its own, which goes with it.
 * @param binDir Folder of another PostgreSQL's programs (Debian: `/usr/lib/postgresql/15/bin`); the embedded one otherwise.
 * @param settings Over the fast, unsafe defaults; a test of crashes turns `fsync` on.
 */
export async function startPostgresServer(
  options: { readonly binDir?: string; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<PostgresServer> {
  const folder = await mkdtemp(path.join(folderInMemory(), 'cf-test-pg-'));
  const settings = { ...TEST_SETTINGS, ...options.settings };
  try {
    return await (options.binDir === undefined
      ? startEmbedded(folder, settings)
      : startInstalled(folder, options.binDir, settings));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startEmbedded(folder: string, settings: Readonly<Record<string, string>>): Promise<PostgresServer> {
  const server = await startEmbeddedPostgres({ dataDir: folder, settings, log: () => undefined });
  return {
    superuserUrl: `postgres://${server.superuser}:${encodeURIComponent(server.password)}@${server.host}:${server.port}/postgres`,
    host: server.host,
    port: server.port,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startInstalled(
  folder: string,
  binDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<PostgresServer> {
  const account = unprivilegedAccount();
  const dataDir = path.join(folder, 'data');
  const passwordFile = path.join(folder, 'password');
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(passwordFile, 'test', { mode: 0o600 });
  if (account !== undefined) for (const at of [folder, dataDir, passwordFile]) chownSync(at, account.uid, account.gid);
  const initdb = [
    ...['-D', dataDir, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
  ];
  execFileSync(path.join(binDir, 'initdb'), initdb, { cwd: '/', stdio: 'pipe', timeout: READY_MAX_MS, ...account });
  const port = await freePort();
  const pairs = { ...settings, listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  const child = spawn(
    path.join(binDir, 'postgres'),
    ['-D', dataDir, ...Object.entries(pairs).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { cwd: '/', stdio: 'ignore', ...account },
  );
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  await untilReady(child, dataDir);
  return {
    superuserUrl: `postgres://postgres:test@127.0.0.1:${port}/postgres`,
    host: '127.0.0.1',
    port,
    async stop() {
      await stopChild(child);
      process.off('exit', killWithParent);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Line 8 of postmaster.pid says `ready` once connections are accepted. */
async function untilReady(child: ChildProcess, dataDir: string): Promise<void> {
  const deadline = Date.now() + READY_MAX_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`postgres ended with code ${child.exitCode} before it was ready`);
    const text = await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
    if (text.split('\n')[7]?.trim() === 'ready') return;
    await sleep(READY_POLL_MS);
  }
  throw new Error(`postgres was not ready within ${READY_MAX_MS} ms`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
  await gone;
  clearTimeout(timer);
}

/** A loopback port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}
