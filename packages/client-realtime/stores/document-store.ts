/** An update as a store keeps it. */
export interface StoredUpdate {
  /** Grows in the order in which updates were stored, over all tabs. */
  readonly id: number;
  readonly update: Uint8Array;
  /** Whether it was made here and the server has not said that it is saved. */
  readonly unsaved: boolean;
}

/** Why changes could not go into the document. */
export type LossReason = 'epoch' | 'refused';

/** Changes of this author that could not go into the document, put aside so that nobody has thrown them away. */
export interface LostChanges {
  readonly reason: LossReason;
  /** Code of the refusal; `epoch` when the document has a new history. */
  readonly code: string;
  /** Epoch of the history they were made in, null when it was never known. */
  readonly epoch: number | null;
  /** The changes alone, as one update (encoding V1); they may refer to what only `state` holds. */
  readonly update: Uint8Array;
  /** The whole document with the changes in it, as one update: what the author saw. */
  readonly state: Uint8Array;
  /** When they were put aside. */
  readonly at: Date;
}

/** Lost changes with the number under which a store keeps them. */
export interface StoredLoss {
  readonly id: number;
  readonly changes: LostChanges;
}

/** What a store holds of a document. */
export interface StoredCopy {
  /** Epoch of the history the copy belongs to; null as long as no server has told one. */
  readonly epoch: number | null;
  /** In the order in which they were stored. */
  readonly updates: readonly StoredUpdate[];
  readonly lost: readonly StoredLoss[];
}

/** What other tabs on the same store and document tell. */
export interface StoreListener {
  /** Another tab has stored an edit of its own. */
  stored(update: StoredUpdate): void;
  /** Another tab was told that these are saved. */
  saved(ids: readonly number[]): void;
}

/** The stored copy belongs to another history than the one the caller writes. */
export class StaleEpochError extends Error {
  override readonly name = 'StaleEpochError';
  /** Epoch of the stored copy. */
  readonly epoch: number;

  constructor(epoch: number) {
    super(`the stored copy is of epoch ${epoch}`);
    this.epoch = epoch;
  }
}

/**
 * The copy of one document on this machine. Several tabs may write to one copy at once: each call is one transaction, and
 * no call loses what another one stored.
 */
export interface DocumentStore {
  read(): Promise<StoredCopy>;
  /**
   * Stores updates and gives their ids, in the same order.
   * @param epoch History the updates belong to; null when not known yet.
   * @throws StaleEpochError when the copy is of another history; nothing is stored.
   */
  append(epoch: number | null, updates: readonly Omit<StoredUpdate, 'id'>[]): Promise<readonly number[]>;
  /** Marks updates as saved; ids that are gone are passed over. */
  markSaved(ids: readonly number[]): Promise<void>;
  /** Keeps the epoch that the server has told. @throws StaleEpochError as `append`. */
  adopt(epoch: number): Promise<void>;
  /**
   * Empties the copy for a history that begins, unless another tab has done so for the same epoch already. What the copy held
   * unsaved is put aside together with `lost`; with nothing unsaved anywhere nothing is put aside.
   * @param evenSame Empties a copy of the same epoch too.
   */
  restart(epoch: number | null, lost: LostChanges | null, evenSame: boolean): Promise<StoredLoss | null>;
  /** Drops lost changes. */
  forget(lossId: number): Promise<void>;
  /** Puts all saved updates together into one. */
  compact(): Promise<void>;
  watch(listener: StoreListener): void;
  close(): void;
}

/** A place for copies of documents. */
export interface DocumentStores {
  /** @throws Error when the place cannot be used. */
  open(documentId: string): Promise<DocumentStore>;
}
