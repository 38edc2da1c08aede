export { createInProcessRateLimiter, type InProcessRateLimiterOptions } from './in-process.ts';
export { createRedisRateLimiter, type RedisRateLimiterOptions } from './redis.ts';
export type { RateDecision, RateLimiter, RatePolicy } from './types.ts';
