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
  readonly heartbeat: NodeJS.Timeout;
}

/** Starts a subscriber without channels; it connects when the first is wanted. */
export const openSubscriber = (options: SubscriberOptions): RedisSubscriber => new ChannelSubscriber(options);

/**
 * A subscriber that converges: it compares the wanted channels with those heard and repairs the difference until there is none.
 * A connection on which anything unexpected happens is thrown away whole, which turns every odd case (slot moved away, half-open
 * socket, lost master) into the one that is handled: channels without a connection.
 */
class ChannelSubscriber implements RedisSubscriber {
  private readonly options: SubscriberOptions;
  private readonly wanted = new Set<string>();
  /** Wanted and not heard. */
  private readonly missing = new Set<string>();
  /** Missing, and the owner was told. */
  private readonly lost = new Set<string>();
  private readonly linkByChannel = new Map<string, Link>();
  private readonly links = new Map<string, Link>();
  private pass: Promise<void> | null = null;
  private retry: NodeJS.Timeout | undefined;
  private retryMs = RETRY_MIN_MS;
  private closed = false;

  constructor(options: SubscriberOptions) {
    this.options = options;
  }

  async want(channel: string): Promise<boolean> {
    if (this.closed) throw new Error('the subscriber is closed');
    this.wanted.add(channel);
    if (!this.linkByChannel.has(channel)) {
      this.missing.add(channel);
      await this.reconcile();
    }
    return this.linkByChannel.has(channel);
  }

  drop(channel: string): void {
    this.wanted.delete(channel);
    this.missing.delete(channel);
    this.lost.delete(channel);
    const link = this.linkByChannel.get(channel);
    this.linkByChannel.delete(channel);
    if (link !== undefined) this.release(link, channel);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    for (const link of [...this.links.values()]) this.breakLink(link, new Error('the subscriber is closed'));
    await this.pass;
  }

  /** One pass at a time; a caller that comes during a pass gets the next one, which sees what it wants. */
  private async reconcile(): Promise<void> {
    if (this.pass !== null) await this.pass;
    if (this.closed || this.missing.size === 0) return;
    this.pass ??= this.repair().finally(() => {
      this.pass = null;
    });
    await this.pass;
  }

  private async repair(): Promise<void> {
    const channels = [...this.missing];
    const failures = await Promise.all(channels.map((channel) => this.hear(channel)));
    const restored = channels.filter((channel) => this.linkByChannel.has(channel) && this.lost.delete(channel));
    const failed = channels.filter((_, index) => failures[index] !== null);
    const reason = failures.find((failure) => failure !== null) ?? null;
    if (restored.length > 0) this.options.events.onRestored(restored);
    if (reason === null) this.retryMs = RETRY_MIN_MS;
    else this.markLost(failed, reason);
  }

  /** Answers why the channel is not heard, or null when it is. */
  private async hear(channel: string): Promise<Error | null> {
    const { sharded, topology } = this.options;
    const address = topology.addressOf(channel);
    if (address === '') return new Error('the cluster does not say which node serves the channel');
    const link = this.links.get(address) ?? this.openLink(address);
    try {
      await (sharded ? link.connection.ssubscribe(channel) : link.connection.subscribe(channel));
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      if (reason.message.startsWith('MOVED')) topology.refresh();
      else this.breakLink(link, reason);
      return reason;
    }
    if (this.links.get(address) !== link) return new Error(`redis ${address} was lost while subscribing`);
    if (this.wanted.has(channel)) {
      link.channels.add(channel);
      this.linkByChannel.set(channel, link);
      this.missing.delete(channel);
    } else {
      this.release(link, channel);
    }
    return null;
  }

  private release(link: Link, channel: string): void {
    link.channels.delete(channel);
    const { connection } = link;
    const sent = this.options.sharded ? connection.sunsubscribe(channel) : connection.unsubscribe(channel);
    // A refused unsubscribe means that the connection is going: the rest follows from its end.
    sent.catch((error: Error) => this.breakLink(link, error));
  }

  private openLink(address: string): Link {
    const connection = connect(address, this.options);
    const heartbeat = setInterval(() => {
      connection.ping().catch((error: Error) => this.breakLink(link, error));
    }, HEARTBEAT_MS).unref();
    const link: Link = { address, connection, channels: new Set(), heartbeat };
    connection.on('error', (error: Error) => this.breakLink(link, error));
    connection.on('end', () => this.breakLink(link, new Error(`redis ${address} closed the subscription`)));
    connection.on(this.options.sharded ? 'smessage' : 'message', this.options.events.onMessage);
    this.links.set(address, link);
    return link;
  }

  private breakLink(link: Link, reason: Error): void {
    if (this.links.get(link.address) !== link) return;
    this.links.delete(link.address);
    clearInterval(link.heartbeat);
    link.connection.disconnect();
    const channels = [...link.channels].filter((channel) => this.linkByChannel.get(channel) === link);
    for (const channel of channels) this.linkByChannel.delete(channel);
    if (this.closed) return;
    this.options.topology.refresh();
    this.markLost(channels, reason);
  }

  private markLost(channels: readonly string[], reason: Error): void {
    if (this.closed) return;
    const fresh = channels.filter((channel) => this.wanted.has(channel) && !this.lost.has(channel));
    for (const channel of fresh) {
      this.lost.add(channel);
      this.missing.add(channel);
    }
    if (fresh.length > 0) this.options.events.onLost(fresh, reason);
    if (this.missing.size > 0) this.scheduleRetry();
  }

  private scheduleRetry(): void {
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
      void this.reconcile();
    }, this.retryMs).unref();
  }
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
