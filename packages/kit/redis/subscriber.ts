import { Redis as Connection } from 'ioredis';
import { connectionOptions, type RedisLogin } from './connection.ts';

/** What a subscriber tells its owner. Handlers must not throw. */
export interface SubscriberEvents {
  readonly onMessage: (channel: string, message: string) => void;
  /** These channels are not heard from now on: messages are being lost. */
  readonly onLost: (channels: readonly string[], reason: Error) => void;
  /** These channels are heard again after a loss. */
  readonly onRestored: (channels: readonly string[]) => void;
}

/** Keeps a set of wanted channels heard, over as many connections as that takes. */
export interface RedisSubscriber {
  /** Wants a channel. Resolves true when messages published from now on are heard, false when Redis cannot be reached now. */
  want(channel: string): Promise<boolean>;
  /** Wants a channel no longer. */
  drop(channel: string): void;
  close(): Promise<void>;
}

/** Where channels live. */
export interface SubscriberTopology {
  /** `host:port` of the node that serves the channel, or '' while unknown. */
  addressOf(channel: string): string;
  /** Asks for a fresh map, after a node was found gone. */
  refresh(): void;
}

/** Everything `openSubscriber` needs. */
export interface SubscriberOptions {
  readonly sharded: boolean;
  readonly topology: SubscriberTopology;
  readonly login: RedisLogin;
  readonly timeoutMs: number;
  readonly events: SubscriberEvents;
}

const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 500; // a server that comes back is heard again within half a second
const HEARTBEAT_MS = 2_000; // a silent connection is found out within this and one command timeout

interface Link {
  readonly address: string;
  readonly connection: Connection;
  readonly channels: Set<string>;
  heartbeat: NodeJS.Timeout | undefined;
}

/**
 * A subscriber that converges: it compares the wanted channels with those heard and repairs the difference until there is none.
 * A connection on which anything unexpected happens is thrown away whole, which turns every odd case (slot moved away, half-open
 * socket, lost master) into the one that is handled: channels without a connection.
 */
export function openSubscriber(options: SubscriberOptions): RedisSubscriber {
  const { events, topology } = options;
  const wanted = new Set<string>();
  const missing = new Set<string>();
  const lost = new Set<string>();
  const linkByChannel = new Map<string, Link>();
  const links = new Map<string, Link>();
  let pass: Promise<void> | null = null;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = RETRY_MIN_MS;
  let closed = false;

  function breakLink(link: Link, reason: Error): void {
    if (links.get(link.address) !== link) return;
    links.delete(link.address);
    clearInterval(link.heartbeat);
    link.connection.disconnect();
    const channels = [...link.channels].filter((channel) => linkByChannel.get(channel) === link);
    for (const channel of channels) linkByChannel.delete(channel);
    topology.refresh();
    markLost(channels, reason);
  }

  function markLost(channels: readonly string[], reason: Error): void {
    if (closed) return;
    const fresh = channels.filter((channel) => wanted.has(channel) && !lost.has(channel));
    for (const channel of fresh) {
      lost.add(channel);
      missing.add(channel);
    }
    if (fresh.length > 0) events.onLost(fresh, reason);
    if (missing.size > 0) scheduleRetry();
  }

  function scheduleRetry(): void {
    if (retry !== undefined || closed) return;
    retry = setTimeout(() => {
      retry = undefined;
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      void reconcile();
    }, retryMs);
    retry.unref();
  }

  function openLink(address: string): Link {
    const link: Link = { address, connection: connect(address, options), channels: new Set(), heartbeat: undefined };
    const { connection } = link;
    connection.on('error', (error: Error) => breakLink(link, error));
    connection.on('end', () => breakLink(link, new Error(`redis ${address} closed the subscription`)));
    connection.on(options.sharded ? 'smessage' : 'message', events.onMessage);
    link.heartbeat = setInterval(() => {
      connection.ping().catch((error: Error) => breakLink(link, error));
    }, HEARTBEAT_MS);
    link.heartbeat.unref();
    links.set(address, link);
    return link;
  }

  async function hear(channel: string): Promise<void> {
    const address = topology.addressOf(channel);
    if (address === '') throw new Error('the cluster does not say which node serves the channel');
    const link = links.get(address) ?? openLink(address);
    try {
      await (options.sharded ? link.connection.ssubscribe(channel) : link.connection.subscribe(channel));
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      if (reason.message.startsWith('MOVED')) topology.refresh();
      else breakLink(link, reason);
      throw reason;
    }
    if (links.get(address) !== link) throw new Error(`redis ${address} was lost while subscribing`);
    if (!wanted.has(channel)) {
      release(link, channel);
      return;
    }
    link.channels.add(channel);
    linkByChannel.set(channel, link);
    missing.delete(channel);
  }

  function release(link: Link, channel: string): void {
    link.channels.delete(channel);
    const sent = options.sharded ? link.connection.sunsubscribe(channel) : link.connection.unsubscribe(channel);
    // A refused unsubscribe means that the connection is going: the rest follows from its end.
    sent.catch((error: Error) => breakLink(link, error));
  }

  async function repair(): Promise<void> {
    const channels = [...missing];
    const results = await Promise.allSettled(channels.map(hear));
    const restored: string[] = [];
    const failed: string[] = [];
    let reason: Error | null = null;
    for (const [index, result] of results.entries()) {
      const channel = channels[index] ?? '';
      if (result.status === 'rejected') {
        failed.push(channel);
        reason ??= result.reason instanceof Error ? result.reason : new Error(String(result.reason));
      } else if (linkByChannel.has(channel) && lost.delete(channel)) restored.push(channel);
    }
    if (restored.length > 0) events.onRestored(restored);
    if (reason === null) retryMs = RETRY_MIN_MS;
    else markLost(failed, reason);
  }

  /** One pass at a time; a caller that comes during a pass gets the next one, which sees what it wants. */
  async function reconcile(): Promise<void> {
    if (pass !== null) await pass;
    if (closed || missing.size === 0) return;
    pass ??= repair().finally(() => {
      pass = null;
    });
    await pass;
  }

  return {
    async want(channel) {
      if (closed) throw new Error('the subscriber is closed');
      wanted.add(channel);
      if (!linkByChannel.has(channel)) {
        missing.add(channel);
        await reconcile();
      }
      return linkByChannel.has(channel);
    },
    drop(channel) {
      wanted.delete(channel);
      missing.delete(channel);
      lost.delete(channel);
      const link = linkByChannel.get(channel);
      linkByChannel.delete(channel);
      if (link !== undefined) release(link, channel);
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      for (const link of [...links.values()]) breakLink(link, new Error('the subscriber is closed'));
      await pass;
    },
  };
}

function connect(address: string, options: SubscriberOptions): Connection {
  const colon = address.lastIndexOf(':');
  return new Connection({
    ...connectionOptions(options.login, options.timeoutMs),
    host: address.slice(0, colon),
    port: Number(address.slice(colon + 1)),
    // Commands wait for the first connection only: a connection that ends is replaced, never resumed.
    enableOfflineQueue: true,
    retryStrategy: () => null,
  });
}
