import { Worker } from 'node:worker_threads';
import { platformErrors } from '@candlefish/kit/errors';
import type { Logger } from '@candlefish/kit/telemetry';
import { documentErrors } from '../contract.ts';
import type { Conversion, Converted } from '../operations/convert/conversion.ts';

/** One conversion: parsers of Markdown take time in proportion to the square of some contents. */
const CONVERSION_MAX_MS = 10_000;
/** Start of the thread: it reads its libraries, half a second on a busy machine and many on one that is swamped. */
const START_MAX_MS = 30_000;
/** Conversions that wait, of all tenants and of one, so that nobody waits long behind one tenant. */
const WAITING_MAX = 16;
const WAITING_OF_TENANT_MAX = 4;
/** Memory of the thread; 512 KiB of Markdown as rich text take 200 MB at the most. */
const HEAP_MAX_MB = 256;
/** How long an idle thread is kept: it holds about 50 MB, and its start takes 0.3 s. */
const IDLE_MS = 60_000;
const RETRY_AFTER_MS = 5_000;

interface Task {
  readonly tenantId: string;
  readonly conversion: Conversion;
  readonly done: (converted: Converted) => void;
  readonly failed: (error: unknown) => void;
}

type Answer = Converted | { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string };

/** Converts contents on a thread of its own, one after another, tenants in turn, each within a time. */
export class Converter {
  readonly #log: Logger;
  readonly #conversionMaxMs: number;
  readonly #waiting: Task[] = [];
  #worker: Worker | null = null;
  #task: Task | null = null;
  #timer: NodeJS.Timeout | undefined;
  #servedLast = '';
  #isClosed = false;

  /** @param conversionMaxMs Time of one conversion. */
  constructor(log: Logger, conversionMaxMs = CONVERSION_MAX_MS) {
    this.#log = log;
    this.#conversionMaxMs = conversionMaxMs;
  }

  /**
   * What comes of a conversion.
   * @throws AppError CONTENT_TOO_COMPLEX for a content that takes too long, UNAVAILABLE when too many wait; and whatever
   *   the signal was aborted with.
   */
  async run(tenantId: string, conversion: Conversion, signal: AbortSignal): Promise<Converted> {
    signal.throwIfAborted();
    const ofTenant = this.#waiting.filter((task) => task.tenantId === tenantId).length;
    if (this.#isClosed || this.#waiting.length >= WAITING_MAX || ofTenant >= WAITING_OF_TENANT_MAX) {
      throw platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS });
    }
    const { promise, resolve, reject } = Promise.withResolvers<Converted>();
    const task: Task = { tenantId, conversion, done: resolve, failed: reject };
    const abort = (): void => this.#giveUp(task, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.push(task);
    this.#next();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Ends the thread; who waits is told to come back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const gone = platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS });
    for (const task of this.#waiting.splice(0)) task.failed(gone);
    await this.#stop(gone);
  }

  #next(): void {
    if (this.#task !== null) return;
    clearTimeout(this.#timer);
    // Tenants take turns: whoever has just been served waits for the others.
    const ofAnother = this.#waiting.findIndex(({ tenantId }) => tenantId !== this.#servedLast);
    const [task] = this.#waiting.splice(Math.max(0, ofAnother), 1);
    if (task === undefined) {
      // Without work the thread is let go after a while, and never keeps the process alive.
      this.#timer = setTimeout(() => void this.#stop(null), IDLE_MS).unref();
      return;
    }
    this.#task = task;
    this.#servedLast = task.tenantId;
    if (this.#worker !== null) this.#hand(this.#worker, task);
    else this.#start(task);
  }

  /** Gives the thread its task, whose time begins now. */
  #hand(worker: Worker, task: Task): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(task, tooComplex()), this.#conversionMaxMs);
    worker.postMessage(task.conversion);
  }

  #start(first: Task): void {
    const worker = new Worker(new URL('../operations/convert/worker.ts', import.meta.url), {
      name: 'convert',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX_MB },
    });
    worker.unref();
    worker.on('message', (answer: Answer) => this.#answered(worker, answer));
    worker.on('error', (error) => this.#broke(worker, error));
    this.#worker = worker;
    this.#timer = setTimeout(() => {
      this.#log.warn({ startMaxMs: START_MAX_MS }, 'the thread that converts contents did not start in time');
      this.#giveUp(first, platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS }));
    }, START_MAX_MS);
  }

  #answered(worker: Worker, answer: Answer): void {
    const task = this.#task;
    if (worker !== this.#worker || task === null) return;
    if (answer.kind === 'ready') {
      this.#hand(worker, task);
      return;
    }
    this.#task = null;
    if (answer.kind === 'failed') {
      this.#log.warn({ reason: answer.message }, 'a content could not be converted');
      task.failed(tooComplex());
    } else task.done(answer);
    this.#next();
  }

  /** The thread has ended by itself: it had no memory left, or a file of it is wrong. */
  #broke(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#log.warn({ err: error }, 'the thread that converts contents has ended');
    const task = this.#task;
    this.#worker = null;
    this.#task = null;
    task?.failed(isOutOfMemory(error) ? tooComplex() : error);
    this.#next();
  }

  #giveUp(task: Task, reason: unknown): void {
    const place = this.#waiting.indexOf(task);
    if (place >= 0) this.#waiting.splice(place, 1);
    task.failed(reason);
    if (this.#task !== task) return;
    void this.#stop(reason);
    this.#next();
  }

  async #stop(reason: unknown): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    const task = this.#task;
    this.#worker = null;
    this.#task = null;
    task?.failed(reason);
    await worker?.terminate();
  }
}

const tooComplex = () => documentErrors.contentTooComplex();

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
