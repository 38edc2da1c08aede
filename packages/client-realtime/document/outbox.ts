import { mergeUpdates } from '../stores/combine.ts';
import type { Kept } from '../stores/local-copy.ts';
import { splitUpdate } from './split-update.ts';

/** What goes out as one numbered frame. */
export interface OutgoingFrame {
  readonly number: number;
  readonly update: Uint8Array;
}

/** Edits that the server has not said are saved. */
interface Entry {
  readonly update: Uint8Array;
  readonly kept: readonly Kept[];
  /** Edits in it, for counting. */
  readonly edits: number;
  /** Numbers of the frames that carry it on this connection; null while it waits to be sent. */
  frames: { readonly first: number; readonly last: number } | null;
}

/** Aim for a frame, well below the server's bound so that what a client adds around it does not matter. */
const FRAME_UPDATE_BYTES = 524_288;
/** What the server takes as one update at most. */
const UPDATE_BYTES_MAX = 1_048_576;
/** Frames on their way: more wait and become one, so that a slow server gets fewer and larger ones. */
const FRAMES_IN_FLIGHT_MAX = 64;
/** Waiting edits beyond which they are put together; offline work of a day stays a few entries. */
const WAITING_ENTRIES_MAX = 64;

/** What this client has done and the server has not acknowledged, in order, and the numbers of the frames that carry it. */
export class Outbox {
  #entries: Entry[] = [];
  #nextNumber = 1;
  #acknowledged = 0;

  /** Edits that are not saved. */
  get edits(): number {
    return this.#entries.reduce((sum, { edits }) => sum + edits, 0);
  }

  /** Whether something is on its way. */
  get isSending(): boolean {
    return this.#acknowledged + 1 < this.#nextNumber;
  }

  /** Everything that is not saved as one update, or null when there is nothing. */
  get update(): Uint8Array | null {
    return this.#entries.length === 0 ? null : mergeUpdates(this.#entries.map(({ update }) => update));
  }

  /** Adds an edit that waits to be sent. */
  push(update: Uint8Array, kept: readonly Kept[], edits = 1): void {
    this.#entries.push({ update, kept, edits, frames: null });
    const waiting = this.#entries.filter(({ frames }) => frames === null);
    if (waiting.length <= WAITING_ENTRIES_MAX) return;
    this.#entries = [...this.#entries.filter(({ frames }) => frames !== null), merged(waiting)];
  }

  /** The connection is gone: nothing is on its way, and numbers begin anew. */
  disconnected(): void {
    for (const entry of this.#entries) entry.frames = null;
    this.#nextNumber = 1;
    this.#acknowledged = 0;
  }

  /** Drops everything; the numbers of the connection go on. */
  clear(): void {
    this.#entries = [];
  }

  /**
   * Frames of what waits.
   * @throws UpdateTooLargeError when one value cannot be sent.
   */
  takeWaiting(): readonly OutgoingFrame[] {
    const waiting = this.#entries.filter(({ frames }) => frames === null);
    if (waiting.length === 0 || this.#nextNumber - this.#acknowledged > FRAMES_IN_FLIGHT_MAX) return [];
    return this.#number(mergeUpdates(waiting.map(({ update }) => update)), waiting);
  }

  /**
   * Frames of everything that the server lacks; they carry all that is not saved.
   * @throws UpdateTooLargeError when one value cannot be sent.
   */
  takeDifference(difference: Uint8Array): readonly OutgoingFrame[] {
    if (this.#entries.length === 0) this.#entries.push({ update: difference, kept: [], edits: 1, frames: null });
    return this.#number(difference, this.#entries);
  }

  #number(update: Uint8Array, entries: readonly Entry[]): readonly OutgoingFrame[] {
    const pieces = splitUpdate(update, FRAME_UPDATE_BYTES, UPDATE_BYTES_MAX);
    const first = this.#nextNumber;
    this.#nextNumber += pieces.length;
    for (const entry of entries) entry.frames = { first, last: this.#nextNumber - 1 };
    return pieces.map((piece, index) => ({ number: first + index, update: piece }));
  }

  /** Frames up to this number are committed: gives what the store is to mark as saved. */
  saved(through: number): readonly Kept[] {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(through, this.#nextNumber - 1));
    const isSaved = ({ frames }: Entry): boolean => frames !== null && frames.last <= through;
    const saved = this.#entries.filter(isSaved);
    this.#entries = this.#entries.filter((entry) => !isSaved(entry));
    return saved.flatMap(({ kept }) => kept);
  }

  /** A frame was refused: what it carried waits again, also when other frames that carry it were not. */
  refused(frame: number): void {
    for (const entry of this.#entries) {
      if (entry.frames !== null && entry.frames.first <= frame && frame <= entry.frames.last) entry.frames = null;
    }
  }

  /** Another tab was told that these are saved: what holds nothing else is dropped. */
  savedElsewhere(ids: readonly number[]): void {
    const saved = new Set(ids);
    const isSaved = ({ kept }: Entry): boolean =>
      kept.length > 0 && kept.every(({ id }) => id !== null && saved.has(id));
    this.#entries = this.#entries.filter((entry) => !isSaved(entry));
  }
}

function merged(entries: readonly Entry[]): Entry {
  return {
    update: mergeUpdates(entries.map(({ update }) => update)),
    kept: entries.flatMap(({ kept }) => kept),
    edits: entries.reduce((sum, { edits }) => sum + edits, 0),
    frames: null,
  };
}
