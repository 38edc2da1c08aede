import { defineScript, type OnDegraded, type Redis, RedisUnavailableError, redisKey } from '../redis/index.ts';
import { type Claim, type Claims, checkClaim } from './types.ts';

/** How the Redis driver is made. */
export interface RedisClaimsOptions {
  readonly redis: Redis;
  readonly onDegraded: OnDegraded;
  /** Decides while Redis is away: the database's advisory lock. */
  readonly fallback: Claims;
}

const FENCE_TTL_MS = 3_600_000; // outlasts the longest claim; the server's clock takes over after it

/* The fence is the server's time in µs, or one more than the last, so that it also grows after the server has lost its memory. */
const ACQUIRE = defineScript(`
if redis.call('exists', KEYS[1]) == 1 then return false end
local time = redis.call('time')
local fence = math.max(time[1] * 1000000 + time[2], (tonumber(redis.call('get', KEYS[2])) or 0) + 1)
local text = string.format('%.0f', fence)
redis.call('set', KEYS[1], text, 'px', ARGV[1])
redis.call('set', KEYS[2], text, 'px', ARGV[2])
return text
`);

const RELEASE = defineScript(`
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
`);

/**
 * Claims among all nodes. While Redis is away `fallback` decides and `onDegraded('claims')` is called. At the change a key held in
 * Redis can be taken once more in the fallback: that is why a claim is a hint.
 */
export function createRedisClaims({ redis, onDegraded, fallback }: RedisClaimsOptions): Claims {
  async function release(keys: readonly string[], fence: string): Promise<void> {
    try {
      await redis.script(RELEASE, keys, [fence]);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      onDegraded('claims', error); // the claim ends with its time
    }
  }

  return {
    async acquire(key, ttlMs): Promise<Claim | null> {
      checkClaim(ttlMs);
      const held = redisKey('claim', key);
      try {
        const fence = await redis.script(ACQUIRE, [held, redisKey('claim', key, 'fence')], [ttlMs, FENCE_TTL_MS]);
        if (fence === null) return null;
        return { fence: Number(fence), release: () => release([held], String(fence)) };
      } catch (error) {
        if (!(error instanceof RedisUnavailableError)) throw error;
        onDegraded('claims', error);
        return fallback.acquire(key, ttlMs);
      }
    },
  };
}
