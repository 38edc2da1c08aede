import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { HOUR_MS } from '@candlefish/base/time';
import type { Cache, CacheKey } from '@candlefish/kit/cache';
import { isAppError } from '@candlefish/kit/errors';
import { errors } from '../contract.ts';

/** How a request names a document: by its text, by the text's SHA-256, or by both to register it. */
export interface DocumentReference {
  readonly text: string | undefined;
  /** Lower-case hexadecimal. */
  readonly sha256: string | undefined;
}

/** Operations registered by clients stay this long after their last use at least half of it. */
const KEPT_MS = 24 * HOUR_MS;

/** Finds the text of a document. */
export class PersistedDocuments {
  readonly #cache: Cache;
  readonly #manifest: ReadonlyMap<string, string>;
  readonly #only: boolean;

  /** @param only Whether documents outside the manifest are refused. */
  constructor(cache: Cache, manifest: ReadonlyMap<string, string>, only: boolean) {
    this.#cache = cache;
    this.#manifest = manifest;
    this.#only = only;
  }

  /**
   * The text of the document that is meant.
   * @throws AppError PERSISTED_QUERY_NOT_FOUND (the client sends text and hash then), PERSISTED_QUERY_HASH_MISMATCH,
   *   PERSISTED_QUERY_ONLY.
   */
  find({ text, sha256 }: DocumentReference): string | Promise<string> {
    const registered = sha256 === undefined ? undefined : this.#manifest.get(sha256);
    if (registered !== undefined) return registered;
    if (this.#only) throw errors.persistedQueryOnly();
    if (sha256 === undefined) return text ?? '';
    if (text === undefined) return this.#load(sha256);
    if (hashOf(text) !== sha256) throw errors.persistedQueryMismatch();
    return text;
  }

  /** Remembers a document that has turned out to be valid. */
  async register(text: string, sha256: string): Promise<void> {
    try {
      await this.#cache.get(keyOf(sha256), KEPT_MS, () => Promise.resolve(text));
    } catch (error) {
      // A look-up of the same hash at the same moment shares its answer, "not found"; the next request registers again.
      if (!isAppError(error)) throw error;
    }
  }

  #load(sha256: string): Promise<string> {
    return this.#cache.get<string>(keyOf(sha256), KEPT_MS, () => Promise.reject(errors.persistedQueryNotFound()));
  }
}

const keyOf = (sha256: string): CacheKey => ({ tenantId: 'platform', service: 'graphql', name: `document:${sha256}` });

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The operations of a manifest file: a JSON object from SHA-256 to document, as client generators write it.
 * @throws Error when the file cannot be read, is no such object, or a hash is not that of its document.
 */
export async function readManifest(file: string): Promise<ReadonlyMap<string, string>> {
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof content !== 'object' || content === null) throw new Error(`${file} is no JSON object`);
  return new Map(
    Object.entries(content).map(([key, text]): [string, string] => {
      const sha256 = key.replace(/^sha256:/, '');
      if (typeof text !== 'string' || hashOf(text) !== sha256)
        throw new Error(`${file}: ${key} is not the hash of its document`);
      return [sha256, text];
    }),
  );
}
