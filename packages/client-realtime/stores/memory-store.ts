import { joinLost, stateOf } from './combine.ts';
import {
  type DocumentStore,
  type DocumentStores,
  type LostChanges,
  StaleEpochError,
  type StoredLoss,
  type StoredUpdate,
  type StoreListener,
} from './document-store.ts';

interface Copy {
  epoch: number | null;
  updates: StoredUpdate[];
  lost: StoredLoss[];
  nextId: number;
  readonly listeners: Set<StoreListener>;
}

/** Copies in memory: they live as long as the object and are shared by all who open a document with it, as tabs share theirs. */
export class MemoryStores implements DocumentStores {
  readonly #copies = new Map<string, Copy>();

  async open(documentId: string): Promise<DocumentStore> {
    const copy = this.#copies.get(documentId) ?? {
      epoch: null,
      updates: [],
      lost: [],
      nextId: 1,
      listeners: new Set(),
    };
    this.#copies.set(documentId, copy);
    return new MemoryStore(copy);
  }
}

class MemoryStore implements DocumentStore {
  readonly #copy: Copy;
  #listener: StoreListener | null = null;

  constructor(copy: Copy) {
    this.#copy = copy;
  }

  async read(): ReturnType<DocumentStore['read']> {
    const { epoch, updates, lost } = this.#copy;
    return { epoch, updates: [...updates], lost: [...lost] };
  }

  async append(epoch: number | null, updates: readonly Omit<StoredUpdate, 'id'>[]): Promise<readonly number[]> {
    this.#requireEpoch(epoch);
    return updates.map(({ update, unsaved }) => {
      const stored = { id: this.#copy.nextId, update, unsaved };
      this.#copy.nextId += 1;
      this.#copy.updates.push(stored);
      if (unsaved) this.#tellOthers((listener) => listener.stored(stored));
      return stored.id;
    });
  }

  async markSaved(ids: readonly number[]): Promise<void> {
    const saved = new Set(ids);
    this.#copy.updates = this.#copy.updates.map((stored) =>
      saved.has(stored.id) ? { ...stored, unsaved: false } : stored,
    );
    this.#tellOthers((listener) => listener.saved(ids));
  }

  async adopt(epoch: number): Promise<void> {
    this.#requireEpoch(epoch);
    this.#copy.epoch = epoch;
  }

  async restart(epoch: number | null, lost: LostChanges | null, evenSame: boolean): Promise<StoredLoss | null> {
    const copy = this.#copy;
    const isDone = copy.epoch === epoch && !evenSame;
    const changes = isDone ? lost : joinLost(lost, copy, new Date());
    if (!isDone) Object.assign(copy, { epoch, updates: [] });
    if (changes === null) return null;
    const loss = { id: copy.nextId, changes };
    copy.nextId += 1;
    copy.lost.push(loss);
    return loss;
  }

  async forget(lossId: number): Promise<void> {
    this.#copy.lost = this.#copy.lost.filter(({ id }) => id !== lossId);
  }

  async compact(): Promise<void> {
    const saved = this.#copy.updates.filter(({ unsaved }) => !unsaved);
    const [first] = saved;
    if (first === undefined) return;
    const whole = { id: first.id, update: stateOf(saved.map(({ update }) => update)), unsaved: false };
    this.#copy.updates = [whole, ...this.#copy.updates.filter(({ unsaved }) => unsaved)];
  }

  watch(listener: StoreListener): void {
    this.#listener = listener;
    this.#copy.listeners.add(listener);
  }

  close(): void {
    if (this.#listener !== null) this.#copy.listeners.delete(this.#listener);
  }

  #requireEpoch(epoch: number | null): void {
    const known = this.#copy.epoch;
    if (known !== null && epoch !== null && known !== epoch) {
      throw new StaleEpochError(known);
    }
  }

  #tellOthers(tell: (listener: StoreListener) => void): void {
    for (const listener of this.#copy.listeners) if (listener !== this.#listener) queueMicrotask(() => tell(listener));
  }
}
