import type { DocumentStore, DocumentStores } from './document-store.ts';
import { answered, type IdbDatabase, indexedDbFactory, inTransaction } from './indexed-db.ts';
import { COPIES, type CopyRow, IndexedDbStore, LOST, UPDATES, type UpdateRow } from './indexed-db-store.ts';

const VERSION = 1;
const PREFIX = 'candlefish-documents';
/** Copies that are kept of documents without unsaved work; the least lately used go first. */
const COPIES_MAX = 200;

/**
 * Copies of documents in IndexedDB, one database for an owner. Everything is shared by the tabs of a browser.
 */
export class IndexedDbStores implements DocumentStores {
  readonly #name: string;
  #opening: Promise<IdbDatabase> | null = null;
  /** Copies that are open; with the last one the connection to the database is closed. */
  #users = 0;

  /** @param owner Whose copies they are: another person at the same browser must neither see nor send them. */
  constructor(owner: string) {
    this.#name = `${PREFIX}:${owner}`;
  }

  /** @throws Error where IndexedDB is missing or denied. */
  async open(documentId: string): Promise<DocumentStore> {
    this.#users += 1;
    this.#opening ??= this.#openDatabase();
    const opening = this.#opening;
    try {
      const database = await opening;
      await used(database, documentId);
      return new IndexedDbStore(database, documentId, `${this.#name}/${documentId}`, () => this.#leave());
    } catch (error) {
      if (this.#opening === opening) this.#opening = null;
      this.#leave();
      throw error;
    }
  }

  /** Drops all copies of an owner, unsaved work too: for signing out on a machine of others. */
  static async drop(owner: string): Promise<void> {
    await answered(indexedDbFactory().deleteDatabase(`${PREFIX}:${owner}`));
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    // Transactions that run are still committed; one that cannot be opened was told to whoever opened it.
    this.#opening?.then((database) => database.close()).catch(() => undefined);
    this.#opening = null;
  }

  async #openDatabase(): Promise<IdbDatabase> {
    const request = indexedDbFactory().open(this.#name, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore(COPIES, { keyPath: 'documentId' });
      for (const name of [UPDATES, LOST]) {
        database.createObjectStore(name, { keyPath: 'id', autoIncrement: true }).createIndex('document', 'documentId');
      }
    };
    const database = await answered(request);
    // Another tab drops the copies, or the browser does: the next opening makes them anew.
    const forget = (): void => {
      database.close();
      this.#opening = null;
    };
    database.onversionchange = forget;
    database.onclose = forget;
    return database;
  }
}

/** Notes the use of a copy, and drops those that were not used for long and hold no work of their own. */
function used(database: IdbDatabase, documentId: string): Promise<void> {
  return inTransaction(database, [COPIES, UPDATES], 'readwrite', async (transaction) => {
    const copies = transaction.objectStore(COPIES);
    const all = (await answered(copies.getAll())) as CopyRow[];
    const own = all.find((copy) => copy.documentId === documentId) ?? { documentId, epoch: null, usedAt: 0 };
    await answered(copies.put({ ...own, usedAt: Date.now() }));
    const oldest = all.filter((copy) => copy !== own).sort((one, other) => one.usedAt - other.usedAt);
    for (const copy of oldest.slice(0, Math.max(0, all.length - COPIES_MAX))) {
      const updates = transaction.objectStore(UPDATES);
      const rows = (await answered(updates.index('document').getAll(copy.documentId))) as UpdateRow[];
      if (rows.some(({ unsaved }) => unsaved)) continue;
      for (const { id } of rows) await answered(updates.delete(id));
      await answered(copies.delete(copy.documentId));
    }
  });
}
