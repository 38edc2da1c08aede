import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import { isPidRunning } from './process-identity.ts';
import { isRunDir } from './run-dir.ts';

/** A fast shutdown writes one checkpoint: seconds on a slow disk. */
export const FAST_STOP_MAX_MS = 10_000;
/** An immediate shutdown writes nothing. */
export const IMMEDIATE_STOP_MAX_MS = 5_000;
const POLL_MS = 5;
const PS_TIMEOUT_MS = 5_000;

const run = promisify(execFile);

/** What a postmaster says about itself in `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  /** Absent while the server has not got that far. */
  readonly socketDir: string | undefined;
  /** True once connections are accepted. */
  readonly isReady: boolean;
}

/** Reads `postmaster.pid` of a cluster; undefined when there is none or it is not complete yet. */
export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = (await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    return { pid, socketDir: lines[4]?.trim() || undefined, isReady: lines[7]?.trim() === 'ready' };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Ends a server that a dead owner left running on this cluster and clears what it left. A process that merely has the old
 * server's id is not touched.
 * @param keptSocketDir the folder for sockets that the next server uses too.
 */
export async function clearLeftovers(
  clusterDir: string,
  log: (line: string) => void,
  keptSocketDir?: string,
): Promise<void> {
  const left = await readPostmasterFile(clusterDir);
  if (left === undefined) return;
  if (await isPidRunning(left.pid)) {
    if (await isPostmasterOf(left.pid, clusterDir)) {
      log(`stopping the database server ${left.pid} that an earlier run left behind`);
      await stopLeftServer(left.pid);
    } else {
      await disownPostmasterFile(clusterDir);
    }
  }
  if (left.socketDir !== undefined && left.socketDir !== keptSocketDir && isRunDir(left.socketDir)) {
    await rm(left.socketDir, { recursive: true, force: true });
  }
}

/** The process may be gone already. */
function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

async function stopLeftServer(pid: number): Promise<void> {
  signalProcess(pid, 'SIGINT');
  if (await isGoneWithin(pid, FAST_STOP_MAX_MS)) return;
  signalProcess(pid, 'SIGQUIT');
  if (await isGoneWithin(pid, IMMEDIATE_STOP_MAX_MS)) return;
  throw new EmbeddedPostgresError(
    'START_FAILED',
    `The database server ${pid} of an earlier run does not stop: end it (kill -QUIT ${pid}) and start again.`,
  );
}

async function isGoneWithin(pid: number, maxMs: number): Promise<boolean> {
  for (const deadline = Date.now() + maxMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (!(await isPidRunning(pid))) return true;
  }
  return false;
}

/** A postmaster works inside its cluster's folder; where that cannot be read, it names the folder in its arguments. */
async function isPostmasterOf(pid: number, clusterDir: string): Promise<boolean> {
  try {
    if (process.platform === 'linux') {
      return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(clusterDir));
    }
    const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      timeout: PS_TIMEOUT_MS,
    });
    return stdout.includes(clusterDir);
  } catch (error) {
    // Gone meanwhile, or another user's, who cannot be running a server on a cluster of ours.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) return false;
    if (error instanceof Error && 'code' in error && error.code === 1) return false;
    throw error;
  }
}

/**
 * PostgreSQL refuses to start while any process has the id in `postmaster.pid`, except its own parent. The parent's id there
 * lets it start and keeps the rest of the file, by which it finds backends that still hold the old shared memory.
 */
async function disownPostmasterFile(clusterDir: string): Promise<void> {
  const file = path.join(clusterDir, 'postmaster.pid');
  const [, ...rest] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [String(process.pid), ...rest].join('\n'));
}
