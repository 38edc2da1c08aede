import {
  type DocumentStore,
  type DocumentStores,
  type LostChanges,
  StaleEpochError,
  type StoredCopy,
  type StoredLoss,
  type StoreListener,
} from './document-store.ts';

/** An update on its way into the store. */
export interface Kept {
  /** Its number there, once it is stored; null before, and when it could not be stored. */
  id: number | null;
}

/** What a local copy tells its owner. */
export interface LocalCopyHandlers extends StoreListener {
  /** Whether everything is stored has changed. */
  changed(): void;
  /** The store cannot be used (denied, full, gone); what follows lives in memory only, until it can be again. */
  failed(error: unknown): void;
  /** Another tab has gone on to a new history, which has this epoch. */
  stale(epoch: number): void;
  /** The whole document and what of it is unsaved, to start the store again after a failure. */
  everything(): { readonly state: Uint8Array; readonly unsaved: Uint8Array | null };
}

/** A store that is slow beyond this is treated as one that is denied. */
const OPEN_MAX_MS = 5_000;
/** Updates stored since the last time they were put together, after which they are again. */
const COMPACT_AFTER_UPDATES = 500;
const COMPACT_AFTER_BYTES = 1_048_576;
/** Pause before a store that failed is tried again: long, for full disks stay full. */
const RETRY_AFTER_MS = 30_000;

type Step = () => Promise<void>;

interface Waiting {
  readonly update: Uint8Array;
  readonly unsaved: boolean;
  readonly kept: Kept;
}

/**
 * One document in a store, written in order: what waits while a transaction runs goes into the next one. Failures of the
 * store never stop the editing; they are told, and the store is tried again.
 */
export class LocalCopy {
  readonly #stores: DocumentStores | null;
  readonly #documentId: string;
  readonly #handlers: LocalCopyHandlers;
  #store: DocumentStore | null = null;
  #epoch: number | null = null;
  #waiting: Waiting[] = [];
  #steps: Step[] = [];
  #running: Promise<void> | null = null;
  #failedAt: number | null = null;
  #closed = false;
  #opening: Promise<StoredCopy | null> | null = null;
  #updatesSince = 0;
  #bytesSince = 0;

  constructor(stores: DocumentStores | null, documentId: string, handlers: LocalCopyHandlers) {
    this.#stores = stores;
    this.#documentId = documentId;
    this.#handlers = handlers;
  }

  /** Whether everything that was given to keep is stored. */
  get isStored(): boolean {
    return this.#store !== null && this.#failedAt === null && this.#waiting.length === 0 && this.#running === null;
  }

  /** Opens the store and reads the copy; null when there is no store or it cannot be used. */
  open(): Promise<StoredCopy | null> {
    this.#opening ??= this.#stores === null ? Promise.resolve(null) : this.#openIn(this.#stores);
    return this.#opening;
  }

  async #openIn(stores: DocumentStores): Promise<StoredCopy | null> {
    const opening = openAndRead(stores, this.#documentId);
    try {
      const { store, copy } = await withDeadline(opening, OPEN_MAX_MS);
      this.#store = store;
      this.#epoch = copy.epoch;
      this.#updatesSince = copy.updates.length;
      store.watch(this.#handlers);
      this.#run();
      return copy;
    } catch (error) {
      this.#closed = true;
      this.#waiting = [];
      this.#steps = [];
      opening
        .then(({ store }) => store.close())
        .catch(() => {
          // The failure to open is told below.
        });
      this.#handlers.failed(error);
      return null;
    }
  }

  /** Stores an update after all that came before it. */
  keep(update: Uint8Array, unsaved: boolean): Kept {
    const kept: Kept = { id: null };
    if (this.#stores === null || this.#closed) return kept;
    this.#waiting.push({ update, unsaved, kept });
    this.#run();
    return kept;
  }

  /** Marks what was kept as saved. */
  markSaved(kept: readonly Kept[]): void {
    this.#then(async (store) => {
      const ids = kept.flatMap(({ id }) => (id === null ? [] : [id]));
      if (ids.length > 0) await store.markSaved(ids);
    });
  }

  /** Keeps the epoch that the server told. */
  adopt(epoch: number): void {
    this.#then(async (store) => {
      await store.adopt(epoch);
      this.#epoch = epoch;
    });
  }

  /** Empties the copy and puts aside what is lost; gives what was put aside, or what was given when it cannot be stored. */
  restart(epoch: number | null, lost: LostChanges | null, evenSame: boolean): Promise<StoredLoss | null> {
    const unstored = lost === null ? null : { id: 0, changes: lost };
    return new Promise((resolve) => {
      const done = this.#then(async (store) => {
        try {
          const loss = await store.restart(epoch, lost, evenSame);
          this.#epoch = epoch;
          resolve(loss);
        } catch (error) {
          resolve(unstored);
          throw error;
        }
      });
      if (!done) resolve(unstored);
    });
  }

  /** Drops lost changes. Resolves when they are gone from the store. */
  async forget(lossId: number): Promise<void> {
    this.#then((store) => store.forget(lossId));
    await this.#settled();
  }

  async #settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Stores what waits, then lets go; what was given while the store was being opened, too. */
  async close(): Promise<void> {
    await this.#opening;
    await this.#settled();
    this.#closed = true;
    this.#store?.close();
    this.#store = null;
  }

  #then(step: (store: DocumentStore) => Promise<void>): boolean {
    if (this.#stores === null || this.#closed) return false;
    this.#flushWaiting();
    this.#steps.push(async () => {
      if (this.#store !== null) await step(this.#store);
    });
    this.#run();
    return true;
  }

  #flushWaiting(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#steps.push(() => this.#append(waiting));
  }

  #run(): void {
    if (this.#running !== null || this.#store === null) return;
    this.#running = this.#work().finally(() => {
      this.#running = null;
      this.#handlers.changed();
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#steps.length === 0) this.#flushWaiting();
      const step = this.#steps.shift();
      if (step === undefined) return;
      try {
        await step();
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  async #append(waiting: readonly Waiting[]): Promise<void> {
    const store = this.#store;
    if (store === null) return;
    if (this.#failedAt !== null) {
      if (performance.now() - this.#failedAt < RETRY_AFTER_MS) return;
      await this.#startAgain(store);
      return;
    }
    const ids = await store.append(this.#epoch, waiting);
    waiting.forEach(({ kept }, index) => {
      kept.id = ids[index] ?? null;
    });
    this.#updatesSince += waiting.length;
    this.#bytesSince += waiting.reduce((sum, { update }) => sum + update.byteLength, 0);
    if (this.#updatesSince < COMPACT_AFTER_UPDATES && this.#bytesSince < COMPACT_AFTER_BYTES) return;
    this.#updatesSince = 0;
    this.#bytesSince = 0;
    await store.compact();
  }

  /** What was not stored since the failure is in the document: the whole of it is stored instead. */
  async #startAgain(store: DocumentStore): Promise<void> {
    const { state, unsaved } = this.#handlers.everything();
    const whole = { update: state, unsaved: false };
    await store.append(this.#epoch, unsaved === null ? [whole] : [whole, { update: unsaved, unsaved: true }]);
    this.#failedAt = null;
  }

  #fail(error: unknown): void {
    if (error instanceof StaleEpochError) {
      this.#handlers.stale(error.epoch);
      return;
    }
    const isNews = this.#failedAt === null;
    this.#failedAt = performance.now();
    if (isNews) this.#handlers.failed(error);
  }
}

async function openAndRead(
  stores: DocumentStores,
  documentId: string,
): Promise<{ readonly store: DocumentStore; readonly copy: StoredCopy }> {
  const store = await stores.open(documentId);
  return { store, copy: await store.read() };
}

async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the store did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
