import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platformErrors } from '@candlefish/kit/errors';
import type { HashingAnswer, HashingTask } from './hashing-process.ts';

/** Tasks that a process has at hand: the one it works at, those whose answers it holds back, and enough to never wait. */
const AT_HAND_MAX = 16;
/** Tasks at hand of each before another process is started: its start takes as long as five hashes. */
const AT_HAND_OF_FEW = 2;
/** Each process holds some 50 MB. */
const IDLE_MS = 60_000;
const HASHING_PROCESS = new URL('./hashing-process.ts', import.meta.url);

/** How many there are, and what becomes of those who wait. */
export interface HashingProcessesOptions {
  /** Processes at the most; they are started as they are needed. */
  readonly processesMax: number;
  /** Callers who wait for a process at the most. */
  readonly waitingMax: number;
  /** What a caller who is turned away is told to wait. */
  readonly retryAfterMs: number;
  /** Called when a process ended by itself, or could not be started. */
  readonly onEnd: (error: unknown) => void;
  /** How long processes without work are kept, in ms; default: a minute. */
  readonly idleMs?: number;
  /** What a process runs. */
  readonly module?: URL;
}

/** A caller who waits. */
interface Waiting {
  readonly task: HashingTask;
  readonly resolve: (value: string | boolean) => void;
  readonly reject: (error: unknown) => void;
}

interface Hasher {
  readonly child: ChildProcess;
  /** Whose tasks it has, in their order. */
  readonly atHand: Waiting[];
  /** What it is given at the end of this turn. */
  given: HashingTask[];
}

/**
 * Processes that hash and do nothing else, below everything else. A hash takes 19 MiB from the system and gives them back,
 * and every giving back stops all threads of the process it happens in; here there is one. libuv's own threads, which every
 * file and name look-up needs too, would also stand idle after each hash until the next one is handed to them; these
 * processes have it at hand.
 */
export class HashingProcesses {
  readonly #options: HashingProcessesOptions;
  readonly #waiting = new Set<Waiting>();
  #hashers: Hasher[] = [];
  #isGiving = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: HashingProcessesOptions) {
    this.#options = options;
  }

  /**
   * Hashes or verifies when it is the caller's turn.
   * @throws AppError UNAVAILABLE when too many wait, or the process ends; the signal's reason when it aborts before a process
   *   has the task; Error when a stored hash is none.
   */
  async run(task: HashingTask, signal: AbortSignal): Promise<string | boolean> {
    signal.throwIfAborted();
    if (this.#waiting.size >= this.#options.waitingMax) throw this.#unavailable();
    clearTimeout(this.#idle);
    const { promise, resolve, reject } = Promise.withResolvers<string | boolean>();
    const waiting = { task, resolve, reject };
    const leave = (): void => {
      if (this.#waiting.delete(waiting)) reject(signal.reason);
    };
    this.#waiting.add(waiting);
    signal.addEventListener('abort', leave, { once: true });
    this.#deal();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #deal(): void {
    for (const waiting of this.#waiting) {
      const hasher = this.#next();
      if (hasher === null) break;
      this.#waiting.delete(waiting);
      hasher.atHand.push(waiting);
      hasher.given.push(waiting.task);
    }
    if (this.#isGiving) return;
    this.#isGiving = true;
    // Tasks of one turn go out in one message.
    queueMicrotask(() => {
      this.#isGiving = false;
      for (const hasher of this.#hashers) this.#give(hasher);
    });
  }

  #give(hasher: Hasher): void {
    const { child, given } = hasher;
    if (given.length === 0) return;
    hasher.given = [];
    // Somebody waits for it: this process must not end meanwhile.
    child.ref();
    child.channel?.ref();
    child.send(given, (error) => {
      if (error !== null) this.#ended(hasher, error);
    });
  }

  /** The one that has least to do; null when all have enough. */
  #next(): Hasher | null {
    const [least] = this.#hashers.toSorted((a, b) => a.atHand.length - b.atHand.length);
    const isEnough = least !== undefined && least.atHand.length < AT_HAND_OF_FEW;
    if (!isEnough && this.#hashers.length < this.#options.processesMax) return this.#start();
    return least === undefined || least.atHand.length >= AT_HAND_MAX ? null : least;
  }

  #start(): Hasher {
    const compiled = getCompileCacheDir();
    const child = fork(fileURLToPath(this.#options.module ?? HASHING_PROCESS), {
      // None of the server's secrets and settings. What Node has compiled before halves the start and saves a quarter of the memory.
      env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const hasher: Hasher = { child, atHand: [], given: [] };
    child.on('message', (answers: readonly HashingAnswer[]) => this.#answered(hasher, answers));
    child.on('error', (error) => this.#ended(hasher, error));
    child.on('exit', (code, signal) => this.#ended(hasher, new Error(`it ended with ${signal ?? `code ${code}`}`)));
    this.#hashers.push(hasher);
    return hasher;
  }

  #answered(hasher: Hasher, answers: readonly HashingAnswer[]): void {
    for (const answer of answers) {
      const waiting = hasher.atHand.shift();
      if ('value' in answer) waiting?.resolve(answer.value);
      else waiting?.reject(new Error(answer.failure));
    }
    this.#deal();
    if (hasher.atHand.length > 0) return;
    hasher.child.unref();
    hasher.child.channel?.unref();
    if (this.#hashers.some(({ atHand }) => atHand.length > 0)) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#letGo(), this.#options.idleMs ?? IDLE_MS).unref();
  }

  #letGo(): void {
    for (const { child } of this.#hashers.splice(0)) child.disconnect();
  }

  #ended(hasher: Hasher, error: unknown): void {
    // One that was let go, or is known to have ended, is no longer among them.
    if (!this.#hashers.includes(hasher)) return;
    this.#hashers = this.#hashers.filter((other) => other !== hasher);
    hasher.child.kill('SIGKILL');
    this.#options.onEnd(error);
    for (const waiting of hasher.atHand) waiting.reject(this.#unavailable(error));
    this.#deal();
  }

  #unavailable(cause?: unknown): Error {
    const { retryAfterMs } = this.#options;
    return platformErrors.unavailable({ retryAfterMs, ...(cause !== undefined && { cause }) });
  }
}
