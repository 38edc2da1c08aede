import { randomUUID } from 'node:crypto';
import { defineScript, type Redis, redisKey } from '../redis/index.ts';
import type { CacheKey } from './types.ts';

/** The right to store what a load brings, for as long as nothing was invalidated since it was given out. */
export interface Lease {
  readonly token: string;
  readonly tagStamp: string;
}

/** What the shared level has for a key. */
export type Opened =
  | { readonly kind: 'value'; readonly text: string; readonly remainingMs: number }
  /** Nothing; the caller is the one who should load it. */
  | { readonly kind: 'mine'; readonly lease: Lease }
  /** Nothing yet; another process is loading it under the same lease. */
  | { readonly kind: 'theirs'; readonly lease: Lease };

/** Values shared by all processes. Every method rejects with RedisUnavailableError while Redis is away. */
export interface CacheStore {
  open(key: CacheKey, tags: readonly string[]): Promise<Opened>;
  /** Stores a value; false when the key or a tag was invalidated since the lease was given, so the value may be old. */
  put(key: CacheKey, tags: readonly string[], lease: Lease, text: string, ttlMs: number): Promise<boolean>;
  /** Gives a lease back after a load that failed, so that the next caller need not wait for its end. */
  release(key: CacheKey, lease: Lease): Promise<void>;
  /** Forgets keys and tags of one tenant. */
  remove(tenantId: string, keys: readonly CacheKey[], tags: readonly string[]): Promise<void>;
}

const LEASE_MS = 12_000; // a load at its longest and the store after it
const TAG_TTL_MS = 2 * 86_400_000; // outlasts the values; a tag that is gone makes its values misses, never old answers

/*
 * An entry is a hash: `t` the token of its lease, `g` the tokens of its tags as they were then, `v` the value once there is one.
 * Invalidating deletes the entry or the tag. Tokens are never used twice, so whatever began before cannot match what comes after,
 * also when Redis was flushed or has evicted keys in between.
 */
const OPEN = defineScript(`
local stamp = {}
for i = 2, #KEYS do
  local tag = redis.call('get', KEYS[i])
  if not tag then
    tag = ARGV[1]
    redis.call('set', KEYS[i], tag, 'px', ARGV[3])
  elseif redis.call('pttl', KEYS[i]) < ARGV[3] / 2 then
    redis.call('pexpire', KEYS[i], ARGV[3])
  end
  stamp[#stamp + 1] = tag
end
local g = table.concat(stamp, ' ')
local entry = redis.call('hmget', KEYS[1], 't', 'g', 'v')
if entry[1] and entry[2] == g then
  if entry[3] then return {'value', entry[3], redis.call('pttl', KEYS[1])} end
  return {'theirs', entry[1], g}
end
redis.call('del', KEYS[1])
redis.call('hset', KEYS[1], 't', ARGV[1], 'g', g)
redis.call('pexpire', KEYS[1], ARGV[2])
return {'mine', ARGV[1], g}
`);

const PUT = defineScript(`
local stamp = {}
for i = 2, #KEYS do stamp[#stamp + 1] = redis.call('get', KEYS[i]) or '' end
local entry = redis.call('hmget', KEYS[1], 't', 'g')
if entry[1] ~= ARGV[1] or entry[2] ~= ARGV[2] or table.concat(stamp, ' ') ~= ARGV[2] then return 0 end
redis.call('hset', KEYS[1], 'v', ARGV[3])
redis.call('pexpire', KEYS[1], ARGV[4])
return 1
`);

const RELEASE = defineScript(`
if redis.call('hget', KEYS[1], 't') == ARGV[1] and redis.call('hexists', KEYS[1], 'v') == 0 then redis.call('del', KEYS[1]) end
return 0
`);

/** The shared level in Redis. All keys of a tenant lie in one slot. */
export function createRedisStore(redis: Redis): CacheStore {
  const entryKey = ({ tenantId, service, name }: CacheKey): string => redisKey('cache', tenantId, service, name);
  const tagKey = (tenantId: string, tag: string): string => redisKey('tag', tenantId, tag);
  const keysOf = (key: CacheKey, tags: readonly string[]): string[] => [
    entryKey(key),
    ...tags.map((tag) => tagKey(key.tenantId, tag)),
  ];

  return {
    async open(key, tags) {
      const reply = await redis.script(OPEN, keysOf(key, tags), [randomUUID(), LEASE_MS, TAG_TTL_MS]);
      if (!Array.isArray(reply)) throw new TypeError('the cache script answered something else than a list');
      const [kind = '', first = '', second = ''] = reply.map(String);
      if (kind === 'value') return { kind, text: first, remainingMs: Math.max(1, Number(second)) };
      return { kind: kind === 'mine' ? 'mine' : 'theirs', lease: { token: first, tagStamp: second } };
    },
    async put(key, tags, lease, text, ttlMs) {
      return (await redis.script(PUT, keysOf(key, tags), [lease.token, lease.tagStamp, text, ttlMs])) === 1;
    },
    async release(key, lease) {
      await redis.script(RELEASE, [entryKey(key)], [lease.token]);
    },
    async remove(tenantId, keys, tags) {
      const [first, ...rest] = [...keys.map(entryKey), ...tags.map((tag) => tagKey(tenantId, tag))];
      if (first !== undefined) await redis.run('unlink', first, ...rest);
    },
  };
}
