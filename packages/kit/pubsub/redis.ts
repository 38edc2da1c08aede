import { KEY_PREFIX, type OnDegraded, type Redis } from '../redis/index.ts';
import { rethrowLater } from './in-process.ts';
import { createListeners, type OnListenerError, once } from './listeners.ts';
import { checkMessage, type PubSub } from './types.ts';

/** How the Redis driver is made. */
export interface RedisPubSubOptions {
  readonly redis: Redis;
  readonly onDegraded: OnDegraded;
  readonly onListenerError?: OnListenerError;
}

const CHANNEL_PREFIX = `${KEY_PREFIX}bus:`;

/** Pub/sub over Redis: PUBLISH on a single server, SPUBLISH to the shard of the channel on a cluster. */
export function createRedisPubSub({ redis, onDegraded, onListenerError }: RedisPubSubOptions): PubSub {
  const listeners = createListeners(onListenerError ?? rethrowLater);
  const command = redis.mode === 'cluster' ? 'spublish' : 'publish';
  const plain = (channels: readonly string[]): string[] => channels.map((name) => name.slice(CHANNEL_PREFIX.length));
  let closed = false;
  const subscriber = redis.subscriber({
    onMessage: (channel, message) => listeners.deliver(channel.slice(CHANNEL_PREFIX.length), message),
    onLost(channels, reason) {
      onDegraded('pubsub', reason);
      listeners.lost(plain(channels));
    },
    onRestored: (channels) => listeners.heard(plain(channels)),
  });

  return {
    async publish(channel, message) {
      checkMessage(channel, message);
      if (closed) throw new Error('the pub/sub is closed');
      try {
        await redis.run(command, CHANNEL_PREFIX + channel, message);
      } catch (error) {
        onDegraded('pubsub', error);
        listeners.deliver(channel, message);
      }
    },
    async subscribe(channel, listener, onGap) {
      checkMessage(channel, '');
      if (closed) throw new Error('the pub/sub is closed');
      const remove = listeners.add(channel, listener, onGap);
      const heard = await subscriber.want(CHANNEL_PREFIX + channel);
      if (!heard) listeners.lost([channel]);
      return once(() => {
        if (remove()) subscriber.drop(CHANNEL_PREFIX + channel);
      });
    },
    async close() {
      closed = true;
      listeners.close();
      await subscriber.close();
    },
  };
}
