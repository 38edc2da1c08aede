import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Contender, Slice } from './types.ts';

/** A contender that runs in a process of its own and measures itself. */
export interface WorkerContender extends Contender {
  stop(): Promise<void>;
}

const READY_MAX_MS = 30_000;
/** Beyond its slice, a worker that has not answered is stuck. */
const GRACE_MS = 20_000;

/** Starts `bench/references/FILE` with settings; each slice is one message with the seconds, answered by a slice. */
export async function startWorker(name: string, file: string, settings: object): Promise<WorkerContender> {
  const path = fileURLToPath(new URL(`../references/${file}`, import.meta.url));
  const child = fork(path, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  child.once('exit', () => process.off('exit', killWithParent));
  await settles(name, child, READY_MAX_MS, (done) => child.once('message', () => done(undefined)));
  return {
    name,
    slice: (seconds) =>
      settles<Slice>(name, child, seconds * 1_000 + GRACE_MS, (done) => {
        child.once('message', (slice: Slice) => done(slice));
        child.send(seconds);
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** What the child does next, unless it ends or takes too long. */
function settles<T>(
  name: string,
  child: ChildProcess,
  withinMs: number,
  begin: (done: (value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => finish(() => reject(new Error(`${name} ended with ${code}`)));
    const timer = setTimeout(() => {
      finish(() => reject(new Error(`${name} did not answer within ${withinMs} ms`)));
    }, withinMs);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('exit', ended);
      settle();
    };
    child.once('exit', ended);
    begin((value) => finish(() => resolve(value)));
  });
}
