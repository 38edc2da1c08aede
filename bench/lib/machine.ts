import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GIT_MAX_MS = 10_000;

/** Where and when figures were taken. */
export interface Circumstances {
  readonly takenAt: string;
  readonly machine: string;
  readonly node: string;
  /** Runnable processes over the last minute before the run; above the cores, the figures are rough. */
  readonly loadBefore: number;
  readonly commit: string;
}

/** Describes this machine, this runtime and this checkout. */
export async function circumstances(): Promise<Circumstances> {
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return {
    takenAt: new Date().toISOString(),
    machine: `${availableParallelism()} × ${model}, ${gibibytes} GiB, ${type()} ${release()}`,
    node: process.version,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
    commit: await commitOf(),
  };
}

async function commitOf(): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run('git', args, { timeout: GIT_MAX_MS, cwd: import.meta.dirname })).stdout.trim();
  const [hash, changes] = await Promise.all([git('rev-parse', '--short', 'HEAD'), git('status', '--porcelain')]);
  return changes === '' ? hash : `${hash} with changes`;
}
