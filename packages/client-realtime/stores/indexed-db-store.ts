import { joinLost, stateOf } from './combine.ts';
import {
  type DocumentStore,
  type LostChanges,
  StaleEpochError,
  type StoredCopy,
  type StoredLoss,
  type StoredUpdate,
  type StoreListener,
} from './document-store.ts';
import { answered, type IdbDatabase, type IdbTransaction, inTransaction } from './indexed-db.ts';

/** Object stores of the database. */
export const COPIES = 'copies';
export const UPDATES = 'updates';
export const LOST = 'lost';

/** A copy's history and last use. */
export interface CopyRow {
  readonly documentId: string;
  readonly epoch: number | null;
  /** In ms since 1970. */
  readonly usedAt: number;
}

/** An update of a copy. */
export interface UpdateRow extends StoredUpdate {
  readonly documentId: string;
}

interface LostRow {
  readonly id: number;
  readonly documentId: string;
  readonly changes: LostChanges;
}

/** What tabs tell each other. */
type TabMessage =
  | { readonly type: 'stored'; readonly updates: readonly StoredUpdate[] }
  | { readonly type: 'saved'; readonly ids: readonly number[] };

/** A copy of one document in IndexedDB; tabs that have it open hear of each other by a BroadcastChannel. */
export class IndexedDbStore implements DocumentStore {
  readonly #database: IdbDatabase;
  readonly #documentId: string;
  readonly #tabs: BroadcastChannel;
  readonly #onClose: () => void;
  #listener: StoreListener | null = null;
  /** What other tabs told between the reading of the copy and the watching. */
  readonly #early: TabMessage[] = [];

  /** @param onClose Called once, when the copy is no longer used. */
  constructor(database: IdbDatabase, documentId: string, channel: string, onClose: () => void) {
    this.#onClose = onClose;
    this.#database = database;
    this.#documentId = documentId;
    this.#tabs = new BroadcastChannel(channel);
    this.#tabs.onmessage = ({ data }: { readonly data: unknown }) => this.#hear(data as TabMessage);
  }

  read(): Promise<StoredCopy> {
    return this.#run('readonly', async (transaction) => {
      const lost = (await answered(
        transaction.objectStore(LOST).index('document').getAll(this.#documentId),
      )) as LostRow[];
      return {
        epoch: await this.#epoch(transaction),
        updates: await this.#updates(transaction),
        lost: lost.map(({ id, changes }) => ({ id, changes })),
      };
    });
  }

  async append(epoch: number | null, updates: readonly Omit<StoredUpdate, 'id'>[]): Promise<readonly number[]> {
    const stored = await this.#run('readwrite', async (transaction) => {
      await this.#requireEpoch(transaction, epoch);
      const store = transaction.objectStore(UPDATES);
      const rows = updates.map(({ update, unsaved }) => ({ documentId: this.#documentId, update, unsaved }));
      const ids = await Promise.all(rows.map((row) => answered(store.add(row))));
      return rows.map(({ update, unsaved }, index) => ({ id: Number(ids[index]), update, unsaved }));
    });
    const own = stored.filter(({ unsaved }) => unsaved);
    if (own.length > 0) this.#tell({ type: 'stored', updates: own });
    return stored.map(({ id }) => id);
  }

  async markSaved(ids: readonly number[]): Promise<void> {
    await this.#run('readwrite', async (transaction) => {
      const store = transaction.objectStore(UPDATES);
      const rows = (await Promise.all(ids.map((id) => answered(store.get(id))))) as (UpdateRow | undefined)[];
      const known = rows.filter((row) => row !== undefined);
      await Promise.all(known.map((row) => answered(store.put({ ...row, unsaved: false }))));
    });
    this.#tell({ type: 'saved', ids });
  }

  adopt(epoch: number): Promise<void> {
    return this.#run('readwrite', async (transaction) => {
      await this.#requireEpoch(transaction, epoch);
      await this.#putEpoch(transaction, epoch);
    });
  }

  restart(epoch: number | null, lost: LostChanges | null, evenSame: boolean): Promise<StoredLoss | null> {
    return this.#run('readwrite', async (transaction) => {
      const known = await this.#epoch(transaction);
      const isDone = known === epoch && !evenSame;
      const updates = await this.#updates(transaction);
      const changes = isDone ? lost : joinLost(lost, { epoch: known, updates }, new Date());
      if (!isDone) {
        await this.#putEpoch(transaction, epoch);
        await this.#delete(transaction, updates);
      }
      if (changes === null) return null;
      const id = await answered(transaction.objectStore(LOST).add({ documentId: this.#documentId, changes }));
      return { id: Number(id), changes };
    });
  }

  forget(lossId: number): Promise<void> {
    return this.#run('readwrite', async (transaction) => {
      await answered(transaction.objectStore(LOST).delete(lossId));
    });
  }

  compact(): Promise<void> {
    return this.#run('readwrite', async (transaction) => {
      const saved = (await this.#updates(transaction)).filter(({ unsaved }) => !unsaved);
      const [first, ...rest] = saved;
      if (first === undefined || rest.length === 0) return;
      const update = stateOf(saved.map((row) => row.update));
      await answered(transaction.objectStore(UPDATES).put({ ...first, update }));
      await this.#delete(transaction, rest);
    });
  }

  watch(listener: StoreListener): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) this.#hear(message);
  }

  close(): void {
    this.#tabs.close();
    this.#onClose();
  }

  #run<Result>(mode: 'readonly' | 'readwrite', work: (transaction: IdbTransaction) => Promise<Result>) {
    return inTransaction(this.#database, [COPIES, UPDATES, LOST], mode, work);
  }

  #hear(message: TabMessage): void {
    const listener = this.#listener;
    if (listener === null) this.#early.push(message);
    else if (message.type === 'saved') listener.saved(message.ids);
    else for (const update of message.updates) listener.stored(update);
  }

  #tell(message: TabMessage): void {
    this.#tabs.postMessage(message);
  }

  async #epoch(transaction: IdbTransaction): Promise<number | null> {
    const row = (await answered(transaction.objectStore(COPIES).get(this.#documentId))) as CopyRow | undefined;
    return row?.epoch ?? null;
  }

  async #putEpoch(transaction: IdbTransaction, epoch: number | null): Promise<void> {
    const row: CopyRow = { documentId: this.#documentId, epoch, usedAt: Date.now() };
    await answered(transaction.objectStore(COPIES).put(row));
  }

  async #requireEpoch(transaction: IdbTransaction, epoch: number | null): Promise<void> {
    const known = await this.#epoch(transaction);
    if (known !== null && epoch !== null && known !== epoch) throw new StaleEpochError(known);
  }

  /** In the order in which they were stored: the index gives rows of one document by their ids. */
  async #updates(transaction: IdbTransaction): Promise<readonly UpdateRow[]> {
    const index = transaction.objectStore(UPDATES).index('document');
    return (await answered(index.getAll(this.#documentId))) as UpdateRow[];
  }

  async #delete(transaction: IdbTransaction, rows: readonly UpdateRow[]): Promise<void> {
    const store = transaction.objectStore(UPDATES);
    await Promise.all(rows.map(({ id }) => answered(store.delete(id))));
  }
}
