export { ClaimsFullError, createInProcessClaims, type InProcessClaimsOptions } from './in-process.ts';
export { createRedisClaims, type RedisClaimsOptions } from './redis.ts';
export type { Claim, Claims } from './types.ts';
