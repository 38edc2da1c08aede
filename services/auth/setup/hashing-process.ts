import { setPriority } from 'node:os';
import { hashSync, type Options, verifySync } from '@node-rs/argon2';

// A process of `hashing-processes.ts`: takes tasks, one after another, and answers in their order.

/** A password to hash, or to hold against a stored hash. */
export type HashingTask =
  | { readonly kind: 'hash'; readonly password: string; readonly parameters: Options }
  | { readonly kind: 'verify'; readonly password: string; readonly stored: string };

/** What came of a task. */
export type HashingAnswer = { readonly value: string | boolean } | { readonly failure: string };

/**
 * Hashing gives way to everything else, requests that wait for nothing but a processor first of all; and what follows a
 * hash is not driven from the caches by the next one. Of a busy processor a tenth is left for it.
 */
const NICENESS = 10;
/**
 * Under a rush answers go out several at a time: what follows one (a transaction, a signature, an answer) finds the caches
 * swept out, what follows several in a row does not. None is held while so few tasks are ahead: then nobody waits long.
 */
const AHEAD_OF_RUSH = 4;
const HELD_MAX = 8;

const ahead: HashingTask[] = [];
let held: HashingAnswer[] = [];
let isAtWork = false;

function answerOf(task: HashingTask): HashingAnswer {
  try {
    return {
      value: task.kind === 'hash' ? hashSync(task.password, task.parameters) : verifySync(task.stored, task.password),
    };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function work(): void {
  const task = ahead.shift();
  isAtWork = task !== undefined;
  if (task === undefined) return;
  held.push(answerOf(task));
  // What came meanwhile is heard before it is decided how many are ahead.
  setImmediate(() => {
    if (held.length >= HELD_MAX || ahead.length <= AHEAD_OF_RUSH) {
      process.send?.(held);
      held = [];
    }
    work();
  });
}

process.on('message', (tasks: readonly HashingTask[]) => {
  ahead.push(...tasks);
  if (!isAtWork) work();
});

// The server finishes what it has begun when it is told to stop, and so needs its hashes; it ends this process by leaving.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

try {
  setPriority(NICENESS);
} catch {
  // A sandbox that lets nobody yield: it hashes like everything else then.
}
