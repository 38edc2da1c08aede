import type { PubSub, Unsubscribe } from '../pubsub/index.ts';
import { once } from '../pubsub/listeners.ts';
import type { OnDegraded } from '../redis/index.ts';
import { decodeMarks, encodeMarks } from './messages.ts';
import { RevocationMirror } from './mirror.ts';
import {
  checkMarks,
  type RevocationCopy,
  type RevocationLog,
  type RevocationMark,
  type Revocations,
  RevocationsStaleError,
} from './types.ts';

/** How revocations are made. */
export interface RevocationsOptions {
  readonly log: RevocationLog;
  readonly pubsub: PubSub;
  /** A quicker copy to catch up from; see `createRedisCopy`. */
  readonly copy?: RevocationCopy;
  /** Called as 'revocation' when the log, the bus or the copy failed, and when the mirror had to fold. */
  readonly onDegraded: OnDegraded;
  /** Called with what a listener of `onRevoked` threw. */
  readonly onListenerError: (error: unknown) => void;
  /** Marks held in memory, default 250 000 (about 40 MB). */
  readonly marksMax?: number;
  /** Time between two reads of the log, ms; default 500, so that a lost message costs half a second. */
  readonly pollMs?: number;
  /** Time without a successful read after which nothing is let through, ms; default 5000. */
  readonly staleAfterMs?: number;
  /** Wall clock, ms since 1970. */
  readonly now?: () => number;
}

const CHANNEL = 'revocations';
const MARKS_MAX = 250_000;
const POLL_MS = 500;
const STALE_AFTER_MS = 5_000;
const READ_MAX_MS = 2_000; // two reads in a row may hang before the mirror is stale
const APPEND_MAX_MS = 5_000;
const PAGES_MAX = 1_000; // of one read; what is left comes with the next
const SWEEP_MS = 30_000;

/** Revocations over a log, mirrored in memory. Call `start` before the first question. */
export const createRevocations = (options: RevocationsOptions): Revocations => new MirroredRevocations(options);

class MirroredRevocations implements Revocations {
  private readonly options: RevocationsOptions;
  private readonly now: () => number;
  private readonly staleAfterMs: number;
  private readonly mirror: RevocationMirror;
  private readonly listeners = new Set<(mark: RevocationMark) => void>();
  private readonly stopping = new AbortController();
  private unsubscribe: Unsubscribe | null = null;
  private cursor: string | null = null;
  private reading: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** When the last successful read began, on the process's own clock: what was stored before it is known. */
  private readAtMs = Number.NEGATIVE_INFINITY;
  private sweptAtMs = 0;

  constructor(options: RevocationsOptions) {
    this.options = options;
    this.now = options.now ?? Date.now;
    this.staleAfterMs = options.staleAfterMs ?? STALE_AFTER_MS;
    this.mirror = new RevocationMirror(options.marksMax ?? MARKS_MAX, () =>
      options.onDegraded('revocation', new Error('too many marks: the oldest were folded into one for everybody')),
    );
  }

  async start(): Promise<void> {
    const onMessage = (text: string): void => {
      const marks = decodeMarks(text);
      if (marks === null) this.options.onDegraded('revocation', new Error('a message that is no list of marks'));
      else this.apply(marks);
    };
    this.unsubscribe = await this.options.pubsub.subscribe(CHANNEL, onMessage, () => void this.catchUp());
    await this.read();
    this.schedule();
  }

  async revoke(marks: readonly RevocationMark[], signal?: AbortSignal): Promise<void> {
    checkMarks(marks);
    await this.options.log.append(marks, signal ?? AbortSignal.timeout(APPEND_MAX_MS));
    await this.announce(marks);
  }

  async announce(marks: readonly RevocationMark[]): Promise<void> {
    checkMarks(marks);
    this.apply(marks);
    const { pubsub, copy } = this.options;
    const told = encodeMarks(marks).map((text) => pubsub.publish(CHANNEL, text));
    const copied = copy === undefined ? [] : [copy.put(marks)];
    // The log has the marks: a bus or a copy that fails makes the others later by one poll, no more.
    for (const result of await Promise.allSettled([...told, ...copied])) {
      if (result.status === 'rejected') this.options.onDegraded('revocation', result.reason);
    }
  }

  isRevoked(subjects: readonly string[], issuedAt: Date): boolean {
    if (this.mirror.refuses(subjects, issuedAt.getTime())) return true;
    if (this.status() === 'stale') throw new RevocationsStaleError('the revocation log cannot be read');
    return false;
  }

  readonly onRevoked = (listener: (mark: RevocationMark) => void): Unsubscribe => {
    // A listener given twice is called twice, so each subscription has a function of its own.
    const own = (mark: RevocationMark): void => listener(mark);
    this.listeners.add(own);
    return once(() => void this.listeners.delete(own));
  };

  status(): 'fresh' | 'stale' {
    return performance.now() - this.readAtMs > this.staleAfterMs ? 'stale' : 'fresh';
  }

  async close(): Promise<void> {
    this.stopping.abort(new Error('revocations are closed'));
    clearTimeout(this.timer);
    this.listeners.clear();
    await this.unsubscribe?.();
    await this.reading?.catch(() => undefined); // the failure is the one made here
  }

  private apply(marks: readonly RevocationMark[]): void {
    const nowMs = this.now();
    for (const mark of marks) if (this.mirror.add(mark, nowMs)) this.tell(mark);
  }

  private tell(mark: RevocationMark): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(mark);
      } catch (error) {
        this.options.onListenerError(error);
      }
    }
  }

  private schedule(): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => {
      void this.poll().then(() => this.schedule());
    }, this.options.pollMs ?? POLL_MS).unref();
  }

  private async poll(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.options.onDegraded('revocation', error);
    }
    if (this.now() - this.sweptAtMs < SWEEP_MS) return;
    this.sweptAtMs = this.now();
    this.mirror.sweep(this.sweptAtMs);
  }

  /** After missed messages: the copy answers when the log is slow, the log when the copy is gone. */
  private async catchUp(): Promise<void> {
    const { copy, onDegraded } = this.options;
    const copied = copy?.all().then((marks) => this.apply(marks));
    for (const result of await Promise.allSettled([copied, this.poll()])) {
      if (result.status === 'rejected') onDegraded('revocation', result.reason);
    }
  }

  /** Reads the log to its end; callers at the same time share one read. */
  private read(): Promise<void> {
    this.reading ??= this.readPages().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async readPages(): Promise<void> {
    const beganAtMs = performance.now();
    for (let page = 0; page < PAGES_MAX; page++) {
      const { marks, cursor, more } = await this.readPage();
      this.apply(marks);
      this.cursor = cursor;
      if (more !== true) {
        this.readAtMs = beganAtMs;
        return;
      }
    }
  }

  private async readPage(): ReturnType<RevocationLog['since']> {
    const limit = new AbortController();
    const stop = (): void => limit.abort(this.stopping.signal.reason);
    const timer = setTimeout(
      () => limit.abort(new Error(`the revocation log took more than ${READ_MAX_MS} ms`)),
      READ_MAX_MS,
    );
    const { promise, reject } = Promise.withResolvers<never>();
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true });
    this.stopping.signal.addEventListener('abort', stop, { once: true });
    if (this.stopping.signal.aborted) stop();
    try {
      return await Promise.race([this.options.log.since(this.cursor, limit.signal), promise]);
    } finally {
      clearTimeout(timer);
      this.stopping.signal.removeEventListener('abort', stop);
    }
  }
}
