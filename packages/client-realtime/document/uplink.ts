import { DEFAULT_TIMING, retryDelayMs, type Timing } from '../link/timing.ts';
import type { Kept } from '../stores/local-copy.ts';
import { step2Frame, updateFrame } from './frames.ts';
import { Outbox } from './outbox.ts';
import { UpdateTooLargeError } from './split-update.ts';

/** What an uplink tells its owner. */
export interface UplinkHandlers {
  send(frame: Uint8Array): void;
  /** The server lacks what it should have: a new connection finds out what. */
  resync(): void;
  /** These edits are committed on the server. */
  saved(kept: readonly Kept[]): void;
  /** An edit was refused; nothing more is sent. */
  refused(code: string): void;
}

/** How long an uplink waits after `rate_limited`. */
export interface UplinkOptions {
  readonly timing?: Partial<Timing> | undefined;
  readonly random?: (() => number) | undefined;
}

/** Tries in a row because the server lacks what it should have; then it is not the connection. */
const RESYNCS_MAX = 3;
/** A server that lacks something asks for it at once; when it has not by then, a new connection makes it ask. */
const ASKED_WITHIN_MS = 1_000;

/** Why nothing is sent for a while. */
interface Hold {
  readonly reason: 'too fast' | 'lacking';
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The way of edits to the server: numbering, acknowledgement, refusal, holding back. */
export class Uplink {
  readonly #handlers: UplinkHandlers;
  readonly #timing: Timing;
  readonly #random: () => number;
  readonly #outbox = new Outbox();
  /** The server's state vector was answered on this connection; from then on edits are sent as they come. */
  #answered = false;
  #mayEdit = true;
  #refusal: string | null = null;
  #resyncs = 0;
  #holds = 0;
  #hold: Hold | null = null;

  constructor(options: UplinkOptions, handlers: UplinkHandlers) {
    this.#handlers = handlers;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#random = options.random ?? Math.random;
  }

  /** Edits that are not saved. */
  get edits(): number {
    return this.#outbox.edits;
  }

  /** Everything that is not saved as one update, or null when there is nothing. */
  get unsaved(): Uint8Array | null {
    return this.#outbox.update;
  }

  get isAnswered(): boolean {
    return this.#answered;
  }

  get isSending(): boolean {
    return this.#outbox.isSending;
  }

  /** Code of the refusal that stopped the sending, else null. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Takes an edit: it is sent at once, or when it can be. */
  push(update: Uint8Array, kept: readonly Kept[]): void {
    this.#outbox.push(update, kept);
    this.pump();
  }

  /** Takes an edit that is sent with the next answer. */
  restore(update: Uint8Array, kept: readonly Kept[]): void {
    this.#outbox.push(update, kept);
  }

  /**
   * Answers the server's state vector.
   * @param lacking What the server lacks, everything that is not saved among it; null when it lacks nothing.
   */
  answer(lacking: Uint8Array | null): void {
    this.#answered = true;
    if (this.#hold?.reason === 'too fast') return;
    this.#release();
    if (lacking !== null) this.#send(() => this.#outbox.takeDifference(lacking), step2Frame);
  }

  /** Whether the user may edit. What was refused only because he might not is sent when he may: by a new connection. */
  allow(mayEdit: boolean): void {
    this.#mayEdit = mayEdit;
    if (!mayEdit || this.#refusal !== 'read_only') return;
    this.#refusal = null;
    if (this.#answered) this.#handlers.resync();
  }

  /** Sends what waits. */
  pump(): void {
    if (this.#answered && this.#hold === null) this.#send(() => this.#outbox.takeWaiting(), updateFrame);
  }

  /** The server has committed these frames. */
  saved(through: number): void {
    const kept = this.#outbox.saved(through);
    if (this.#outbox.edits === 0) {
      this.#holds = 0;
      this.#resyncs = 0;
    }
    if (kept.length > 0) this.#handlers.saved(kept);
    this.pump();
  }

  /** Another tab was told that these are saved. */
  savedElsewhere(ids: readonly number[]): void {
    this.#outbox.savedElsewhere(ids);
  }

  /** The server did not take a frame. */
  refused(frame: number, code: string): void {
    this.#outbox.refused(frame);
    if (code === 'rate_limited') this.#waitForRate();
    else if (code === 'epoch') this.#handlers.resync();
    else if (code !== 'missing_dependencies') this.stop(code);
    // While a refused frame waits for its second try, those after it lack it; they go with it.
    else if (this.#hold === null) this.#waitForQuestion();
  }

  /** Sends nothing more, until `clear`. */
  stop(code: string): void {
    if (this.#refusal !== null) return;
    this.#refusal = code;
    this.#handlers.refused(code);
  }

  /** The connection is gone. */
  disconnected(): void {
    this.#answered = false;
    this.#outbox.disconnected();
    this.#release();
  }

  /** Drops all edits and what was refused. */
  clear(): void {
    this.#outbox.clear();
    this.#refusal = null;
    this.#resyncs = 0;
  }

  #send(take: () => ReturnType<Outbox['takeWaiting']>, frameOf: typeof updateFrame): void {
    if (this.#refusal !== null) return;
    if (!this.#mayEdit) {
      if (this.#outbox.edits > 0) this.stop('read_only');
      return;
    }
    try {
      for (const { number, update } of take()) this.#handlers.send(frameOf(number, update));
    } catch (error) {
      if (!(error instanceof UpdateTooLargeError)) throw error;
      this.stop('too_large');
    }
  }

  #waitForRate(): void {
    if (this.#hold?.reason === 'too fast') return;
    this.#release();
    const waitMs = retryDelayMs(this.#holds, this.#timing, this.#random);
    this.#holds += 1;
    this.#wait('too fast', waitMs, () => this.pump());
  }

  #waitForQuestion(): void {
    this.#resyncs += 1;
    if (this.#resyncs > RESYNCS_MAX) this.stop('missing_dependencies');
    else this.#wait('lacking', ASKED_WITHIN_MS, () => this.#handlers.resync());
  }

  #wait(reason: Hold['reason'], ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#hold = null;
      then();
    }, ms);
    this.#hold = { reason, timer };
  }

  #release(): void {
    clearTimeout(this.#hold?.timer);
    this.#hold = null;
  }
}
