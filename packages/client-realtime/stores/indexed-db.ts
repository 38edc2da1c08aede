/**
 * The part of IndexedDB that the store uses, as the standard has it (https://www.w3.org/TR/IndexedDB/). The types of browsers
 * are not among those the server is compiled with.
 */
export interface IdbRequest<Result> {
  readonly result: Result;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

/** A request that opens a database, and may have to make it first. */
export interface IdbOpenRequest extends IdbRequest<IdbDatabase> {
  onupgradeneeded: (() => void) | null;
  onblocked: (() => void) | null;
}

/** A database. */
export interface IdbDatabase {
  onversionchange: (() => void) | null;
  onclose: (() => void) | null;
  transaction(stores: readonly string[], mode: 'readonly' | 'readwrite'): IdbTransaction;
  createObjectStore(
    name: string,
    options: { readonly keyPath: string; readonly autoIncrement?: boolean },
  ): IdbObjectStore;
  close(): void;
}

/** A transaction: it commits by itself when its last request is answered and none follows. */
export interface IdbTransaction {
  readonly error: Error | null;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): IdbObjectStore;
  abort(): void;
}

/** An object store. */
export interface IdbObjectStore {
  get(key: number | string): IdbRequest<unknown>;
  getAll(): IdbRequest<unknown[]>;
  put(value: object): IdbRequest<number | string>;
  add(value: object): IdbRequest<number | string>;
  delete(key: number | string): IdbRequest<undefined>;
  index(name: string): { getAll(key: string): IdbRequest<unknown[]> };
  createIndex(name: string, keyPath: string): unknown;
}

/** Where databases are opened. */
export interface IdbFactory {
  open(name: string, version: number): IdbOpenRequest;
  deleteDatabase(name: string): IdbOpenRequest;
}

/** The factory of this environment. @throws TypeError where there is none. */
export function indexedDbFactory(): IdbFactory {
  const { indexedDB } = globalThis as unknown as { readonly indexedDB?: IdbFactory };
  if (indexedDB === undefined || indexedDB === null) throw new TypeError('this environment has no IndexedDB');
  return indexedDB;
}

/** The result of a request. @throws Error of the request. */
export function answered<Result>(request: IdbRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the request failed'));
  });
}

/**
 * Runs the work in one transaction and gives its result when that is committed. The work awaits nothing but requests of the
 * transaction, for it commits by itself.
 * @throws Error of the work, or of the commit; then nothing is stored.
 */
export async function inTransaction<Result>(
  database: IdbDatabase,
  stores: readonly string[],
  mode: 'readonly' | 'readwrite',
  work: (transaction: IdbTransaction) => Promise<Result>,
): Promise<Result> {
  const transaction = database.transaction(stores, mode);
  const committed = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
  // The failure of the work is the one that is told; that of the commit follows from it.
  committed.catch(() => undefined);
  try {
    const result = await work(transaction);
    await committed;
    return result;
  } catch (error) {
    abort(transaction);
    throw error;
  }
}

function abort(transaction: IdbTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself already.
  }
}
