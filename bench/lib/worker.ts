import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endWithParent } from './children.ts';
import type { Contender, Slice } from './types.ts';

/** A process of `bench/references/` that answers each message with one. */
export interface Worker {
  /** @throws Error when it ends or does not answer in time. */
  ask<Answer>(message: unknown, withinMs: number): Promise<Answer>;
  stop(): Promise<void>;
}

/** A contender that runs in a process of its own and measures itself. */
export interface WorkerContender extends Contender {
  stop(): Promise<void>;
}

const READY_MAX_MS = 120_000;
/** Beyond its slice, a worker that has not answered is stuck. */
export const WORKER_GRACE_MS = 20_000;

/** Starts `bench/references/FILE` with settings and waits for its first message. */
export async function forkWorker(name: string, file: string, settings: object): Promise<Worker> {
  const path = fileURLToPath(new URL(`../references/${file}`, import.meta.url));
  const child = fork(path, [JSON.stringify(settings)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  endWithParent(child);
  await settles(name, child, READY_MAX_MS, (done) => child.once('message', () => done(undefined)));
  return {
    ask: <Answer>(message: unknown, withinMs: number) =>
      settles<Answer>(name, child, withinMs, (done) => {
        child.once('message', (answer: Answer) => done(answer));
        child.send(message as object);
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Starts a worker whose slices are one message with the seconds, answered by a slice. */
export async function startWorker(name: string, file: string, settings: object): Promise<WorkerContender> {
  const worker = await forkWorker(name, file, settings);
  return {
    name,
    slice: (seconds) => worker.ask<Slice>(seconds, seconds * 1_000 + WORKER_GRACE_MS),
    stop: () => worker.stop(),
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
