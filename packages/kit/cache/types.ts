/** Names one cached value. The tenant and the service are part of the name, so one cannot read what another stored. */
export interface CacheKey {
  readonly tenantId: string;
  readonly service: string;
  readonly name: string;
}

/** How a value is kept and who waits for it. */
export interface CacheGetOptions {
  /** Names under which the value can be invalidated with others, scoped to the tenant and shared by its services; at most 16. */
  readonly tags?: readonly string[];
  /** Ends the wait of this caller; the load itself ends when nobody waits any more. */
  readonly signal?: AbortSignal;
}

/**
 * Read-through cache of JSON values. After `invalidate` has resolved, this node never answers with an older value, and another
 * node not once the bus has told it; without the bus another node may answer with the older one for 5 s at most.
 */
export interface Cache {
  /**
   * The value of `key`, loaded when it is not there. Many callers at once share one load, also across processes for as long as a
   * load commonly takes. A load that fails is not remembered; null is a value. What is returned has gone through JSON and is
   * frozen, because it is shared. A key is always used with the same tags and the same kind of value.
   * @param ttlMs longest time to keep it, 1 ms to 24 h; up to a tenth less, so that values stored together do not expire together.
   * @throws what `load` throws; TypeError when the value is not JSON; CacheLoadTimeoutError after 10 s; the reason of `signal`.
   */
  get<T>(
    key: CacheKey,
    ttlMs: number,
    load: (signal: AbortSignal) => Promise<T>,
    options?: CacheGetOptions,
  ): Promise<T>;
  /** Forgets values. Call it after the change is committed; loads that began before are not stored. */
  invalidate(...keys: readonly CacheKey[]): Promise<void>;
  /** Forgets every value of the tenant that carries one of the tags. */
  invalidateTags(tenantId: string, tags: readonly string[]): Promise<void>;
  /** Stops loads and listening; the pub/sub and Redis are the caller's to close. */
  close(): Promise<void>;
}

/** Thrown to the callers of a load that took more than 10 s. */
export class CacheLoadTimeoutError extends Error {
  override readonly name = 'CacheLoadTimeoutError';
}

/** Longest time a value is kept, ms. */
export const TTL_MAX_MS = 86_400_000;
/** Longest load, ms: no caller waits longer for a request as a whole. */
export const LOAD_MAX_MS = 10_000;

const TAGS_MAX = 16;
const PART_CHARS_MAX = 256; // three parts, each character escaped in six bytes, still fit one message of the bus

/** @throws RangeError when the key, the time or the tags are out of range. */
export function checkGet(key: CacheKey, ttlMs: number, tags: readonly string[]): void {
  if (!(ttlMs >= 1 && ttlMs <= TTL_MAX_MS)) throw new RangeError(`ttlMs must be from 1 to ${TTL_MAX_MS}`);
  if (tags.length > TAGS_MAX) throw new RangeError(`a value has at most ${TAGS_MAX} tags`);
  checkKey(key);
  tags.forEach(checkPart);
}

/** @throws RangeError when a part is empty or too long. */
export function checkKey(key: CacheKey): void {
  checkPart(key.tenantId);
  checkPart(key.service);
  checkPart(key.name);
}

/** @throws RangeError when the part is empty or too long. */
export function checkPart(part: string): void {
  if (part.length < 1 || part.length > PART_CHARS_MAX) {
    throw new RangeError(`a part of a cache key has 1 to ${PART_CHARS_MAX} characters`);
  }
}
