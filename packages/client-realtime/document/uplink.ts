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

/** Tries in a row because the server lacks what it should have; then it is not the connection. */
const RESYNCS_MAX = 3;
/** A server that lacks something asks for it at once; when it has not by then, a new connection makes it ask. */
const ASKED_WITHIN_MS = 1_000;

/** The way of edits to the server: numbering, acknowledgement, refusal. */
export class Uplink {
  readonly #handlers: UplinkHandlers;
  readonly #outbox = new Outbox();
  /** The server's state vector was answered on this connection; from then on edits are sent as they come. */
  #answered = false;
  #mayEdit = true;
  #refusal: string | null = null;
  #resyncs = 0;
  /** Runs while the server is expected to ask for what it lacks; nothing is sent before. */
  #asking: ReturnType<typeof setTimeout> | undefined;
  /** Runs while the tenant's quota is reached; then a new connection tries again. */
  #untilRoom: ReturnType<typeof setTimeout> | undefined;
  readonly #quotaWaitMs: number;

  /** @param quotaWaitMs Wait before edits are tried again that were refused for the tenant's quota. */
  constructor(handlers: UplinkHandlers, quotaWaitMs: number) {
    this.#handlers = handlers;
    this.#quotaWaitMs = quotaWaitMs;
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
    this.#stopAsking();
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
    if (this.#answered && this.#asking === undefined) this.#send(() => this.#outbox.takeWaiting(), updateFrame);
  }

  /** The server has committed these frames. */
  saved(through: number): void {
    const kept = this.#outbox.saved(through);
    if (this.#outbox.edits === 0) this.#resyncs = 0;
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
    if (code === 'epoch') this.#handlers.resync();
    else if (code === 'quota') this.#waitForRoom();
    else if (code !== 'missing_dependencies') this.stop(code);
    // Those on their way behind a refused frame lack it, too; they all go with the answer.
    else if (this.#asking === undefined) this.#expectQuestion();
  }

  /** Room may be made at any time: what was refused is kept and tried again by each new connection. */
  #waitForRoom(): void {
    this.stop('quota');
    this.#untilRoom ??= setTimeout(() => this.#handlers.resync(), this.#quotaWaitMs);
  }

  #stopWaitingForRoom(): void {
    clearTimeout(this.#untilRoom);
    this.#untilRoom = undefined;
    if (this.#refusal === 'quota') this.#refusal = null;
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
    this.#stopWaitingForRoom();
    this.#outbox.disconnected();
    this.#stopAsking();
  }

  /** Drops all edits and what was refused. */
  clear(): void {
    this.#outbox.clear();
    this.#stopWaitingForRoom();
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

  #expectQuestion(): void {
    this.#resyncs += 1;
    if (this.#resyncs > RESYNCS_MAX) {
      this.stop('missing_dependencies');
      return;
    }
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      this.#handlers.resync();
    }, ASKED_WITHIN_MS);
  }

  #stopAsking(): void {
    clearTimeout(this.#asking);
    this.#asking = undefined;
  }
}
