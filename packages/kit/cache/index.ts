import type { PubSub } from '../pubsub/index.ts';
import type { OnDegraded, Redis } from '../redis/index.ts';
import { TwoLevelCache } from './cache.ts';
import { createRedisStore } from './store.ts';
import type { Cache } from './types.ts';

export { type Cache, type CacheGetOptions, type CacheKey, CacheLoadTimeoutError } from './types.ts';

/** What both drivers may be told. */
export interface CacheOptions {
  /** Memory level of this process, bytes (JSON text counted twice); default 64 MB. */
  readonly memoryBytesMax?: number;
  /** A clock in ms that never jumps. */
  readonly now?: () => number;
}

/** How the in-process driver is made. */
export interface InProcessCacheOptions extends CacheOptions {
  /** Needed when other processes change the same data; their invalidations come over it and values live 5 s at most. */
  readonly pubsub?: PubSub;
}

/** How the Redis driver is made. */
export interface RedisCacheOptions extends CacheOptions {
  readonly redis: Redis;
  readonly pubsub: PubSub;
  /** Called as 'cache' when Redis was out of reach: values are then loaded, and kept in this process for 5 s at most. */
  readonly onDegraded: OnDegraded;
}

const MEMORY_BYTES_MAX = 64 * 1024 * 1024; // a sixth of what a process may use

/** A cache in this process alone, or in each of several processes that share a bus. */
export async function createInProcessCache(options: InProcessCacheOptions = {}): Promise<Cache> {
  const { pubsub = null } = options;
  return started({ ...common(options), store: null, pubsub, onDegraded: () => undefined });
}

/** A cache in this process over one shared by all processes in Redis. */
export async function createRedisCache(options: RedisCacheOptions): Promise<Cache> {
  const { redis, pubsub, onDegraded } = options;
  return started({ ...common(options), store: createRedisStore(redis), pubsub, onDegraded });
}

function common({ memoryBytesMax = MEMORY_BYTES_MAX, now = () => performance.now() }: CacheOptions): {
  memoryBytesMax: number;
  now: () => number;
} {
  return { memoryBytesMax, now };
}

async function started(parts: ConstructorParameters<typeof TwoLevelCache>[0]): Promise<Cache> {
  const cache = new TwoLevelCache(parts);
  await cache.start();
  return cache;
}
