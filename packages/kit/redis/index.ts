export { parseRedisUrl, type RedisAddress } from './address.ts';
export {
  createRedis,
  type Redis,
  type RedisOptions,
  type RedisReply,
  RedisUnavailableError,
} from './client.ts';
export type { DegradedUse, OnDegraded } from './degraded.ts';
export { KEY_PREFIX, redisKey, slotOf } from './keys.ts';
export { defineScript, type RedisScript } from './script.ts';
export type { RedisSubscriber, SubscriberEvents } from './subscriber.ts';
