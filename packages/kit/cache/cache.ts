import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PubSub, Unsubscribe } from '../pubsub/index.ts';
import { type OnDegraded, RedisUnavailableError } from '../redis/index.ts';
import { Flight } from './flight.ts';
import { freezeJson, thaw } from './json.ts';
import { MemoryLevel } from './memory.ts';
import { decodeForget, encodeForget, type Forget } from './messages.ts';
import { OwedRemovals } from './owed.ts';
import type { CacheStore, Lease, Opened } from './store.ts';
import { type Cache, type CacheGetOptions, type CacheKey, checkGet, checkKey, checkPart, TTL_MAX_MS } from './types.ts';

/** Parts of a cache; the drivers choose them. */
export interface CacheParts {
  readonly store: CacheStore | null;
  readonly pubsub: PubSub | null;
  readonly onDegraded: OnDegraded;
  readonly memoryBytesMax: number;
  readonly now: () => number;
}

const CHANNEL = 'cache';
const MEMORY_TTL_MAX_MS = 5_000; // with other nodes about, a lost message may keep an old value alive this long
const LEASE_WAIT_MAX_MS = 500; // another process's load is waited for this long: most take less, and that process may be dead
const LEASE_POLL_MIN_MS = 5;
const LEASE_POLL_MAX_MS = 40;
const OWED_RETRY_MS = 500;
const VALUE_CHARS_MAX = 1_000_000; // larger ones would block Redis and the network for everybody; they are loaded each time

/** The cache over a memory level, and over a shared level and a bus where there are. */
export class TwoLevelCache implements Cache {
  private readonly parts: CacheParts;
  private readonly memory: MemoryLevel;
  // Each flight belongs to a caller that waits and ends within LOAD_MAX_MS, so the callers bound them.
  private readonly flights = new Map<string, Flight>();
  private readonly owed = new OwedRemovals();
  private readonly node = randomUUID();
  private owedTimer: NodeJS.Timeout | undefined;
  private storeUnusableUntilMs = 0;
  private unsubscribe: Unsubscribe | null = null;
  private closed = false;

  constructor(parts: CacheParts) {
    this.parts = parts;
    this.memory = new MemoryLevel(parts.memoryBytesMax, parts.now);
  }

  /** Begins to hear other nodes; to be called once, before the first `get`. */
  async start(): Promise<void> {
    const { pubsub } = this.parts;
    if (pubsub === null) return;
    const onMessage = (text: string): void => {
      const forget = decodeForget(text);
      if (forget === null) this.forgetAll();
      else if (forget.node !== this.node) this.forget(forget);
    };
    this.unsubscribe = await pubsub.subscribe(CHANNEL, onMessage, () => this.forgetAll());
  }

  get<T>(
    key: CacheKey,
    ttlMs: number,
    load: (signal: AbortSignal) => Promise<T>,
    options: CacheGetOptions = {},
  ): Promise<T> {
    const name = nameOf(key.tenantId, key.service, key.name);
    const found = this.memory.get(name);
    // The contract of `get`: one key, one kind of value.
    if (found !== undefined) return Promise.resolve(found.value as T);
    return this.join(name, key, ttlMs, load, options) as Promise<T>;
  }

  async invalidate(...keys: readonly CacheKey[]): Promise<void> {
    keys.forEach(checkKey);
    const byTenant = Map.groupBy(keys, ({ tenantId }) => tenantId);
    await Promise.all([...byTenant].map(([tenantId, group]) => this.remove(tenantId, group, [])));
  }

  async invalidateTags(tenantId: string, tags: readonly string[]): Promise<void> {
    checkPart(tenantId);
    tags.forEach(checkPart);
    if (tags.length > 0) await this.remove(tenantId, [], tags);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.owedTimer);
    for (const flight of this.flights.values()) flight.abort(new Error('the cache is closed'));
    this.memory.clear();
    await this.unsubscribe?.();
  }

  /** What the memory level holds, for tests of the bounds. */
  memorySize(): ReturnType<MemoryLevel['size']> {
    return this.memory.size();
  }

  private async join(
    name: string,
    key: CacheKey,
    ttlMs: number,
    load: (signal: AbortSignal) => Promise<unknown>,
    { tags = [], signal }: CacheGetOptions,
  ): Promise<unknown> {
    checkGet(key, ttlMs, tags);
    if (this.closed) throw new Error('the cache is closed');
    signal?.throwIfAborted();
    const present = this.flights.get(name);
    if (present !== undefined) return present.join(signal);
    const tagNames = tags.map((tag) => tagNameOf(key.tenantId, tag));
    const flight: Flight = new Flight(
      tagNames,
      (self, aborted) => this.fill(self, name, key, tags, ttlMs, load, aborted),
      () => {
        if (this.flights.get(name) === flight) this.flights.delete(name);
      },
    );
    this.flights.set(name, flight);
    return flight.join(signal);
  }

  /** Brings the value from the shared level or from `load`, and keeps it where it may be kept. */
  private async fill(
    flight: Flight,
    name: string,
    key: CacheKey,
    tags: readonly string[],
    ttlMs: number,
    load: (signal: AbortSignal) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const opened = await this.open(key, tags, signal);
    if (opened?.kind === 'value') {
      const value = thaw(opened.text);
      this.keep(flight, name, value, opened.text.length, opened.remainingMs);
      return value;
    }
    const lease = opened?.lease ?? null;
    try {
      const { value, text } = freezeJson(await load(signal));
      const keptMs = Math.max(1, Math.floor(ttlMs * (1 - Math.random() / 10)));
      if (await this.put(key, tags, lease, text, keptMs)) this.keep(flight, name, value, text.length, keptMs);
      return value;
    } catch (error) {
      if (opened?.kind === 'mine') await this.quietly(() => this.parts.store?.release(key, opened.lease));
      throw error;
    }
  }

  private async open(key: CacheKey, tags: readonly string[], signal: AbortSignal): Promise<Opened | null> {
    const { store, now, onDegraded } = this.parts;
    if (store === null || now() < this.storeUnusableUntilMs || this.owed.covers(key, tags)) return null;
    const waitUntilMs = now() + LEASE_WAIT_MAX_MS;
    try {
      for (let pollMs = LEASE_POLL_MIN_MS; ; pollMs = Math.min(2 * pollMs, LEASE_POLL_MAX_MS)) {
        const opened = await store.open(key, tags);
        if (opened.kind !== 'theirs' || now() >= waitUntilMs) return opened;
        await sleep(pollMs, undefined, { signal });
      }
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      onDegraded('cache', error);
      return null;
    }
  }

  /**
   * Whether the value may be kept in memory: false when the shared level knows of a later invalidation. The lease alone decides
   * there: a flight may have been outdated by a message about a time before its lease was given.
   */
  private async put(
    key: CacheKey,
    tags: readonly string[],
    lease: Lease | null,
    text: string,
    ttlMs: number,
  ): Promise<boolean> {
    const { store } = this.parts;
    if (store === null || lease === null || this.closed) return text.length <= VALUE_CHARS_MAX;
    if (text.length > VALUE_CHARS_MAX) {
      await this.quietly(() => store.release(key, lease));
      return false;
    }
    return (await this.quietly(() => store.put(key, tags, lease, text, ttlMs))) ?? true;
  }

  private keep(flight: Flight, name: string, value: unknown, length: number, ttlMs: number): void {
    if (flight.outdated || this.closed) return;
    const keptMs = this.parts.pubsub === null ? ttlMs : Math.min(ttlMs, MEMORY_TTL_MAX_MS);
    this.memory.set(name, value, length, flight.tags, keptMs);
  }

  /**
   * Forgets here, then in the shared level, then here again what was read from there in between, and last tells the others: when
   * they hear of it, the shared level no longer has the old value.
   */
  private async remove(tenantId: string, keys: readonly CacheKey[], tags: readonly string[]): Promise<void> {
    const { store, pubsub } = this.parts;
    const pairs = keys.map(({ service, name }) => [service, name] as const);
    const message: Forget = { node: this.node, tenantId, keys: pairs, tags };
    this.forget(message);
    if (store !== null) {
      const done = await this.quietly(() => store.remove(tenantId, keys, tags).then(() => true));
      if (done === undefined) this.owe(tenantId, keys, tags);
      this.forget(message);
    }
    if (pubsub !== null) await Promise.all(encodeForget(message).map((text) => pubsub.publish(CHANNEL, text)));
  }

  private forget({ tenantId, keys, tags }: Forget): void {
    for (const [service, name] of keys) {
      const full = nameOf(tenantId, service, name);
      this.memory.delete(full);
      this.outdate(full, this.flights.get(full));
    }
    for (const tag of tags) {
      const full = tagNameOf(tenantId, tag);
      this.memory.deleteTag(full);
      for (const [name, flight] of this.flights) if (flight.tags.includes(full)) this.outdate(name, flight);
    }
  }

  private forgetAll(): void {
    this.memory.clear();
    for (const [name, flight] of [...this.flights]) this.outdate(name, flight);
  }

  /** Those who wait get what they asked for before the invalidation; whoever asks from now on starts a new load. */
  private outdate(name: string, flight: Flight | undefined): void {
    if (flight === undefined) return;
    flight.outdated = true;
    this.flights.delete(name);
  }

  private owe(tenantId: string, keys: readonly CacheKey[], tags: readonly string[]): void {
    // Too many to remember: by the end of the longest time to live nothing old can be left in the shared level.
    if (!this.owed.add(tenantId, keys, tags)) this.storeUnusableUntilMs = this.parts.now() + TTL_MAX_MS;
    this.owedTimer ??= setTimeout(() => {
      this.owedTimer = undefined;
      void this.payOwed();
    }, OWED_RETRY_MS).unref();
  }

  private async payOwed(): Promise<void> {
    const { store, pubsub } = this.parts;
    for (const owed of this.owed.list()) {
      const { tenantId, keys, tags } = owed;
      const done = await this.quietly(() => store?.remove(tenantId, keys, tags).then(() => true));
      if (done === undefined || this.closed) break;
      this.owed.settle(owed);
      const pairs = keys.map(({ service, name }) => [service, name] as const);
      const texts = encodeForget({ node: this.node, tenantId, keys: pairs, tags });
      if (pubsub !== null) await Promise.all(texts.map((text) => pubsub.publish(CHANNEL, text)));
    }
    if (!this.owed.isEmpty() && !this.closed) this.owe('', [], []);
  }

  /** Runs a step that Redis being away may leave out; undefined then. */
  private async quietly<T>(step: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      this.parts.onDegraded('cache', error);
      return undefined;
    }
  }
}

// The lengths keep `a` + `bc` apart from `ab` + `c`.
const nameOf = (tenantId: string, service: string, name: string): string =>
  `${tenantId.length}:${tenantId}${service.length}:${service}${name}`;
const tagNameOf = (tenantId: string, tag: string): string => `${tenantId.length}:${tenantId}${tag}`;
