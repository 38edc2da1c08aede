/** Bytes of all states that are kept: some sixty documents as long as the longest trace of the benchmarks. */
const KEPT_BYTES_MAX = 16 * 1024 * 1024;
/** A shorter state is made in a few milliseconds, and there are many of them. */
const WORTH_BYTES_MIN = 16 * 1024;
/** How long a state is kept that nobody asks for: what was erased is not to stay in memory either. */
const IDLE_MS = 10 * 60_000;

/** The whole state of a document at a sequence, as it goes to whoever holds nothing. */
export interface WholeState {
  readonly epoch: number;
  readonly seq: number;
  /** Encoding V1. */
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
  /** What somebody lacks who has all of it but perhaps a deletion: the deletions. Made when it is asked for first. */
  deletions: Uint8Array | null;
}

/**
 * States of long documents, which take 50 ms to make of a snapshot, within a bound of memory; what was asked for longest ago
 * goes first. One for each document: a later one takes its place.
 */
export class WholeStates {
  readonly #states = new Map<string, { readonly state: WholeState; readonly usedAtMs: number }>();
  readonly #keptBytesMax: number;
  #keptBytes = 0;

  constructor(keptBytesMax = KEPT_BYTES_MAX) {
    this.#keptBytesMax = keptBytesMax;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** The state of a document of this history; the sequence is for the caller to compare. */
  find(documentId: string, epoch: number, nowMs = performance.now()): WholeState | undefined {
    const found = this.#states.get(documentId)?.state;
    if (found === undefined) return undefined;
    this.drop(documentId);
    // Another history: the text of this one is gone.
    if (found.epoch !== epoch) return undefined;
    this.#put(documentId, found, nowMs);
    return found;
  }

  /** Keeps a state, unless it is too short to be worth it, or too long. */
  keep(documentId: string, state: WholeState, nowMs = performance.now()): void {
    const { length } = state.update;
    this.drop(documentId);
    if (length >= WORTH_BYTES_MIN && length <= this.#keptBytesMax / 2) this.#put(documentId, state, nowMs);
    for (const [oldest, { usedAtMs }] of this.#states) {
      if (this.#keptBytes <= this.#keptBytesMax && nowMs - usedAtMs <= IDLE_MS) break;
      this.drop(oldest);
    }
  }

  drop(documentId: string): void {
    const found = this.#states.get(documentId);
    if (found === undefined) return;
    this.#states.delete(documentId);
    this.#keptBytes -= found.state.update.length;
  }

  #put(documentId: string, state: WholeState, usedAtMs: number): void {
    this.#states.set(documentId, { state, usedAtMs });
    this.#keptBytes += state.update.length;
  }
}
