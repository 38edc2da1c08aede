import { defineScript, type OnDegraded, type Redis, RedisUnavailableError, redisKey } from '../redis/index.ts';
import { createInProcessRateLimiter } from './in-process.ts';
import { checkRate, type RateDecision, type RateLimiter, type RatePolicy, rateName, stepMsOf } from './types.ts';

/** How the Redis driver is made. */
export interface RedisRateLimiterOptions {
  readonly redis: Redis;
  readonly onDegraded: OnDegraded;
  /** Counts while Redis is away: limits then hold per node. Default: an in-process driver. */
  readonly fallback?: RateLimiter;
}

/*
 * Sliding window in steps, as window.ts has it. A hash keeps units by step number, `s` their sum and `h` the oldest step that may be
 * there; every step is dropped once, so the work of a call is constant on the average. Time is the server's: nodes need not agree.
 */
const WINDOW = defineScript(`
local limit, cost, step_ms, span = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('hmget', KEYS[1], 's', 'h', 'l')
local sum, head, last = tonumber(state[1] or 0), tonumber(state[2] or -1), tonumber(state[3] or 0)
local step = math.max(math.floor(now / step_ms), last)
local oldest = step - span
if head == -1 or last < oldest then
  if head ~= -1 then redis.call('del', KEYS[1]) end
  sum, head, last = 0, step, 0
elseif head < oldest then
  while head < oldest do
    local units = redis.call('hget', KEYS[1], head)
    if units then sum = sum - units; redis.call('hdel', KEYS[1], head) end
    head = head + 1
  end
  redis.call('hset', KEYS[1], 's', sum, 'h', head)
end
local function free_at(at) return math.max(1, (at + span + 1) * step_ms - now) end
if sum + cost <= limit then
  if cost > 0 then
    sum = sum + cost
    redis.call('hset', KEYS[1], 's', sum, 'h', head, 'l', step)
    redis.call('hincrby', KEYS[1], step, cost)
    redis.call('pexpire', KEYS[1], (span + 2) * step_ms)
    last = step
  end
  return {1, limit - sum, sum > 0 and free_at(last) or 0, 0}
end
local left, at = sum, head
while at <= last do
  left = left - (redis.call('hget', KEYS[1], at) or 0)
  if left + cost <= limit then break end
  at = at + 1
end
return {0, math.max(0, limit - sum), free_at(last), free_at(at)}
`);

/* The bucket of bucket.ts; one string keeps the moment at which it is full again, in ms with a fraction. */
const BUCKET = defineScript(`
local burst, cost, unit_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000
local from = math.max(tonumber(redis.call('get', KEYS[1]) or 0), now)
local next = from + cost * unit_ms
local late = next - (now + burst * unit_ms)
local allowed = late <= unit_ms * 1e-4
local kept = allowed and next or from
if allowed and cost > 0 then
  redis.call('set', KEYS[1], string.format('%.4f', kept), 'px', math.max(1, math.ceil(kept - now)))
end
return {allowed and 1 or 0, math.max(0, math.floor(burst - (kept - now) / unit_ms + 1e-4)), math.ceil(kept - now),
  allowed and 0 or math.max(1, math.ceil(late))}
`);

/**
 * Counts in Redis, in one round trip, for all nodes together. While Redis is away it fails open as declared: each node counts for
 * itself in `fallback` and calls `onDegraded('limits')`; with the first answer Redis counts again.
 */
export function createRedisRateLimiter({ redis, onDegraded, fallback }: RedisRateLimiterOptions): RateLimiter {
  const local = fallback ?? createInProcessRateLimiter();
  return {
    async consume(key: string, policy: RatePolicy, cost = 1) {
      checkRate(policy, cost);
      try {
        return await ask(redis, key, policy, cost);
      } catch (error) {
        if (!(error instanceof RedisUnavailableError)) throw error;
        onDegraded('limits', error);
        return local.consume(key, policy, cost);
      }
    },
  };
}

async function ask(redis: Redis, key: string, policy: RatePolicy, cost: number): Promise<RateDecision> {
  const { limit, windowMs, burst } = policy;
  const name = redisKey('rate', rateName(key, policy));
  const stepMs = stepMsOf(policy);
  const reply =
    burst === undefined
      ? await redis.script(WINDOW, [name], [limit, cost, stepMs, Math.ceil(windowMs / stepMs)])
      : await redis.script(BUCKET, [name], [burst, cost, windowMs / limit]);
  if (!Array.isArray(reply)) throw new TypeError('the rate script answered something else than four numbers');
  const [allowed, remaining, resetMs, retryAfterMs] = reply.map(Number) as [number, number, number, number];
  return { allowed: allowed === 1, limit: burst ?? limit, remaining, resetMs, retryAfterMs };
}
