export {
  createInProcessBus,
  createInProcessPubSub,
  type InProcessBus,
  type InProcessPubSubOptions,
} from './in-process.ts';
export type { OnListenerError } from './listeners.ts';
export { createPostgresPubSub, POSTGRES_CHANNEL, type PostgresPubSubOptions, PubSubDeafError } from './postgres.ts';
export { createRedisPubSub, type RedisPubSubOptions } from './redis.ts';
export { CHANNEL_BYTES_MAX, MESSAGE_BYTES_MAX, type PubSub, type Unsubscribe } from './types.ts';
