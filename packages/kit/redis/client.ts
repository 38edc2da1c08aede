import { Cluster, Redis as SingleClient } from 'ioredis';
import { parseRedisUrl, type RedisAddress } from './address.ts';
import { createBreaker } from './breaker.ts';
import { connectionOptions, RETRY_DELAY_MAX_MS } from './connection.ts';
import { slotOf } from './keys.ts';
import type { RedisScript } from './script.ts';
import { openSubscriber, type RedisSubscriber, type SubscriberEvents } from './subscriber.ts';

/** What a command answers: bulk strings as UTF-8 text. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** Thrown at once, without a trip, while the responsible node is known not to answer; also when no connection stands. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}

/** How to reach Redis. */
export interface RedisOptions {
  /** See {@link parseRedisUrl}. */
  readonly url: string;
  /** Longest wait for one answer, ms; default 1000: above a stall of our own event loop, below a caller's patience. */
  readonly commandTimeoutMs?: number;
  /** Told of every broken connection, for the log; a client without Redis goes on trying for ever. */
  readonly onError?: (error: Error) => void;
}

/**
 * One Redis server or cluster. Every failure is quick: nothing is queued while it is away, a lost answer costs one timeout and then
 * the node is avoided until it answers a probe.
 */
export interface Redis {
  readonly mode: 'single' | 'cluster';
  /** Waits for the first connection, at most `timeoutMs`; says whether it stands. */
  ready(timeoutMs: number): Promise<boolean>;
  /** Runs a command whose first argument is `key`. @throws RedisUnavailableError, or the server's own error. */
  run(command: string, key: string, ...args: readonly (string | number)[]): Promise<RedisReply>;
  /** Runs a script on keys of one slot. @throws as `run`; RangeError without a key. */
  script(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<RedisReply>;
  /** Listens to channels, sharded on a cluster. */
  subscriber(events: SubscriberEvents): RedisSubscriber;
  /** Whether Redis answers within the command timeout: on a cluster, any one node. */
  healthy(): Promise<boolean>;
  /** Ends the connections; commands under way are rejected. */
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 1_000;
// A slot that moved costs one redirection, a failover in progress two or three; more means the cluster is not whole.
const REDIRECTIONS_MAX = 4;
const FAILOVER_RETRY_MS = 50;
const SLOTS_REFRESH_MS = 2_000; // a failover that no command has met is known this late

/** Connects to `url` in the background and for ever; ask `ready` when the start should wait. @throws TypeError on a bad address. */
export function createRedis(options: RedisOptions): Redis {
  const address = parseRedisUrl(options.url);
  const timeoutMs = options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS;
  const onError = options.onError ?? (() => undefined);
  const client = address.mode === 'single' ? connectSingle(address, timeoutMs) : connectCluster(address, timeoutMs);
  client.on('error', onError);
  if (client instanceof Cluster) client.on('node error', onError);

  const ownerOf = (slot: number): string => (client instanceof Cluster ? (client.slots[slot]?.[0] ?? '') : 'server');
  const breaker = createBreaker((owner) => nodeOf(client, owner));
  const subscribers = new Set<RedisSubscriber>();

  async function guarded<T>(key: string, send: () => Promise<T>): Promise<T> {
    const owner = ownerOf(address.mode === 'cluster' ? slotOf(key) : 0);
    if (breaker.isOpen(owner)) throw new RedisUnavailableError(`redis ${owner} does not answer`);
    try {
      return await send();
    } catch (error) {
      throw isReply(error) ? error : unavailable(error, () => breaker.open(owner));
    }
  }

  return {
    mode: address.mode,
    ready: (waitMs) => whenReady(client, waitMs),
    run: (command, key, ...args) => guarded(key, () => client.call(command, key, ...args) as Promise<RedisReply>),
    async script(script, keys, args) {
      const [key] = keys;
      if (key === undefined) throw new RangeError('a script needs a key to know its node');
      const send = (command: string, text: string): Promise<RedisReply> =>
        guarded(key, () => client.call(command, text, keys.length, ...keys, ...args) as Promise<RedisReply>);
      try {
        return await send('evalsha', script.sha);
      } catch (error) {
        // A server that restarted or was flushed has forgotten the script: send it once more in full.
        if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return send('eval', script.source);
        throw error;
      }
    },
    subscriber(events) {
      const { username, password, tls } = address;
      const single = address.nodes[0];
      const topology =
        client instanceof Cluster
          ? {
              addressOf: (channel: string) => ownerOf(slotOf(channel)),
              refresh: () => client.refreshSlotsCache(() => undefined),
            }
          : { addressOf: () => `${single?.host}:${single?.port}`, refresh: () => undefined };
      const login = { db: address.db, tls, ...(username ? { username } : {}), ...(password ? { password } : {}) };
      const subscriber = openSubscriber({ sharded: address.mode === 'cluster', topology, login, timeoutMs, events });
      subscribers.add(subscriber);
      return subscriber;
    },
    async healthy() {
      try {
        return (await client.call('ping')) === 'PONG';
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
    },
    async close() {
      breaker.close();
      await Promise.all([...subscribers].map((subscriber) => subscriber.close()));
      client.disconnect();
    },
  };
}

function connectSingle(address: RedisAddress, timeoutMs: number): SingleClient {
  const [node] = address.nodes;
  return new SingleClient({
    ...connectionOptions(address, timeoutMs),
    ...(node ?? {}),
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, RETRY_DELAY_MAX_MS),
  });
}

function connectCluster(address: RedisAddress, timeoutMs: number): Cluster {
  return new Cluster(
    address.nodes.map((node) => ({ ...node })),
    {
      enableOfflineQueue: false,
      maxRedirections: REDIRECTIONS_MAX,
      retryDelayOnFailover: FAILOVER_RETRY_MS,
      retryDelayOnClusterDown: FAILOVER_RETRY_MS,
      retryDelayOnTryAgain: FAILOVER_RETRY_MS,
      slotsRefreshTimeout: timeoutMs,
      slotsRefreshInterval: SLOTS_REFRESH_MS,
      clusterRetryStrategy: (attempt) => Math.min(50 * attempt, RETRY_DELAY_MAX_MS),
      redisOptions: connectionOptions(address, timeoutMs),
    },
  );
}

/** A connection to ask whether `owner` is back; null when the cluster has dropped that node, so nothing is waiting for it. */
function nodeOf(client: SingleClient | Cluster, owner: string): SingleClient | null {
  if (!(client instanceof Cluster)) return client;
  return client.nodes('all').find(({ options }) => `${options.host}:${options.port}` === owner) ?? null;
}

/** Whether the server itself refused the command, as against being out of reach. */
function isReply(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return false;
  return !/^(CLUSTERDOWN|LOADING|MASTERDOWN|READONLY|TRYAGAIN)/.test(error.message);
}

function unavailable(error: unknown, onTimeout: () => void): RedisUnavailableError {
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'Command timed out') onTimeout();
  return new RedisUnavailableError(`redis cannot be reached: ${message}`, { cause: error });
}

function whenReady(client: SingleClient | Cluster, timeoutMs: number): Promise<boolean> {
  if (client.status === 'ready') return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (stands: boolean) => (): void => {
      clearTimeout(timer);
      client.off('ready', onReady);
      resolve(stands);
    };
    const onReady = settle(true);
    const timer = setTimeout(settle(false), timeoutMs);
    client.once('ready', onReady);
  });
}
