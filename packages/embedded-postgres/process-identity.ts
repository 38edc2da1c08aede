import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemCode } from './errors.ts';

/** `ps` answers in milliseconds; a machine that needs longer is not going to. */
const PS_TIMEOUT_MS = 5_000;
/** `starttime` is field 22 of /proc/PID/stat (proc_pid_stat(5)); field 3, the state, comes first after the name. */
const STAT_START_INDEX = 22 - 3;

const run = promisify(execFile);

/** One run of one program: a process id is reused, a process id with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque start time, without spaces or dots; empty when the system hides it. */
  readonly startId: string;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const start = await startIdOf(process.pid);
  return { pid: process.pid, startId: start ?? '' };
}

/**
 * Whether that very process still runs. A zombie does not; a process whose start time the system hides counts as running,
 * since taking a live owner for dead costs more than the other mistake.
 */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (!(await isPidRunning(identity.pid))) return false;
  const start = await startIdOf(identity.pid);
  return start === undefined || identity.startId === '' || start === identity.startId;
}

/** Whether any process with this id runs (not a zombie). */
export async function isPidRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) !== 'EPERM') return false;
  }
  return process.platform !== 'linux' || (await linuxStat(pid))?.[0] !== 'Z';
}

async function startIdOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return psStartId(pid);
  const ticks = (await linuxStat(pid))?.[STAT_START_INDEX];
  if (ticks === undefined) return undefined;
  return `${ticks}-${await bootId()}`;
}

/** Ticks count from boot, so two boots can give one pid the same start; the boot's own id keeps them apart. */
async function bootId(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return id.trim().slice(0, 8);
}

/** The fields after the process name, which may itself hold spaces and brackets. */
async function linuxStat(pid: number): Promise<readonly string[] | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .trim()
      .split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function psStartId(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], {
      timeout: PS_TIMEOUT_MS,
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    const startMs = Date.parse(`${stdout.trim()} UTC`);
    return Number.isNaN(startMs) ? undefined : String(startMs / 1_000);
  } catch (error) {
    // ps exits 1 when there is no such process; anything else (ps missing) must be seen.
    if (error instanceof Error && 'code' in error && error.code === 1) return undefined;
    throw error;
  }
}
