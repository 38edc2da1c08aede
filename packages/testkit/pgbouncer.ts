import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './postgres-server.ts';
import { unprivilegedAccount } from './unprivileged-account.ts';

/** A PgBouncer in transaction mode, on loopback. */
export interface PgBouncer {
  /** For example `1.18.0`. */
  readonly version: string;
  /** The same role, password and database, through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** Where Debian installs it. */
const PROGRAM = '/usr/sbin/pgbouncer';
const READY_MAX_MS = 5_000;
const READY_POLL_MS = 20;

/** Why PgBouncer tests cannot run on this machine, or null when they can. */
export const pgBouncerMissing = (): string | null =>
  existsSync(PROGRAM) ? null : 'pgbouncer is not installed (Debian: apt-get install pgbouncer)';

/**
 * Starts a PgBouncer in front of a test server, with its default settings but for the pool.
 * @param url Connection string of a role that may sign in; its host and port are the server's.
 * @param poolSize Server connections per database and role.
 */
export async function startPgBouncer(url: string, poolSize: number): Promise<PgBouncer> {
  const target = new URL(url);
  const folder = await mkdtemp('/tmp/cf-test-bouncer-');
  const port = await freePort();
  const files = {
    'pgbouncer.ini': [
      '[databases]',
      `* = host=${target.hostname} port=${target.port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${path.join(folder, 'users.txt')}`,
      'pool_mode = transaction',
      `default_pool_size = ${poolSize}`,
      'max_client_conn = 500',
      '',
    ].join('\n'),
    'users.txt': `"${decodeURIComponent(target.username)}" "${decodeURIComponent(target.password)}"\n`,
  };
  const account = unprivilegedAccount();
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(folder, name), content, { mode: 0o600 });
    if (account !== undefined) chownSync(path.join(folder, name), account.uid, account.gid);
  }
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  const child = spawn(PROGRAM, [path.join(folder, 'pgbouncer.ini')], { cwd: '/', stdio: 'ignore', ...account });
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  const through = (direct: string): string => {
    const pooled = new URL(direct);
    pooled.hostname = '127.0.0.1';
    pooled.port = String(port);
    return pooled.href;
  };
  await untilReady(child, through(url));
  return {
    version: execFileSync(PROGRAM, ['--version'], { encoding: 'utf8', timeout: READY_MAX_MS }).split(/\s+/)[1] ?? '',
    through,
    async stop() {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await gone;
      }
      process.off('exit', killWithParent);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  let reason: unknown;
  for (const deadline = Date.now() + READY_MAX_MS; Date.now() < deadline; await sleep(READY_POLL_MS)) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with code ${child.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return;
    } catch (error) {
      reason = error;
    } finally {
      await client.end();
    }
  }
  throw new Error(`pgbouncer was not ready within ${READY_MAX_MS} ms`, { cause: reason });
}
