import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { OnDegraded } from '../redis/index.ts';
import { rethrowLater } from './in-process.ts';
import { createListeners, type OnListenerError, once } from './listeners.ts';
import { checkMessage, type PubSub } from './types.ts';

/** Thrown at the start when LISTEN is accepted and nothing is heard, as behind a pooler in transaction mode. */
export class PubSubDeafError extends Error {
  override readonly name = 'PubSubDeafError';
}

/** How the PostgreSQL driver is made. */
export interface PostgresPubSubOptions {
  /** A new, not yet connected client on a direct connection (no pooler); called again after each loss. */
  readonly createClient: () => Client;
  readonly onDegraded: OnDegraded;
  readonly onListenerError?: OnListenerError;
}

/** The one PostgreSQL channel that carries all of ours: a session pays for one LISTEN, whatever is subscribed. */
export const POSTGRES_CHANNEL = 'candlefish_bus';

const ECHO_MAX_MS = 2_000; // a notification to oneself takes a millisecond; longer means that nobody will hear
const CONNECT_MAX_MS = 5_000; // a server in recovery refuses sooner
const HEARTBEAT_MS = 5_000; // a half-open connection is found out within this and the echo
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 1_000;
const OUTBOX_MAX = 10_000; // messages waiting for the connection; beyond it they are dropped, which a wake-up survives
const BATCH_MAX = 500; // notifications of one statement, so that a full outbox does not make one huge commit

const NOTIFY = `select pg_notify('${POSTGRES_CHANNEL}', payload) from unnest($1::text[]) as payload`;

/**
 * Pub/sub over LISTEN and NOTIFY, for several processes without Redis.
 * @throws PubSubDeafError when the connection cannot hear, and whatever connecting throws.
 */
export async function createPostgresPubSub(options: PostgresPubSubOptions): Promise<PubSub> {
  const listeners = createListeners(options.onListenerError ?? rethrowLater);
  const bus = new PostgresBus(options, listeners.deliver, {
    lost: () => listeners.lost(listeners.channels()),
    heard: () => listeners.heard(listeners.channels()),
  });
  await bus.connect();

  return {
    async publish(channel, message) {
      checkMessage(channel, message);
      if (!(await bus.send(`${channel}\n${message}`))) listeners.deliver(channel, message);
    },
    async subscribe(channel, listener, onGap) {
      checkMessage(channel, '');
      const remove = listeners.add(channel, listener, onGap);
      if (!bus.isConnected()) listeners.lost([channel]);
      return once(() => void remove());
    },
    async close() {
      listeners.close();
      await bus.close();
    },
  };
}

interface Waiting {
  readonly payload: string;
  readonly settle: (sent: boolean) => void;
}

/** One listening connection that comes back by itself, and the messages on their way out over it. */
class PostgresBus {
  private client: Client | null = null;
  private readonly echoes = new Map<string, () => void>();
  private outbox: Waiting[] = [];
  private sending = false;
  private closed = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly options: PostgresPubSubOptions;
  private readonly deliver: (channel: string, message: string) => void;
  private readonly state: { readonly lost: () => void; readonly heard: () => void };

  constructor(
    options: PostgresPubSubOptions,
    deliver: (channel: string, message: string) => void,
    state: { readonly lost: () => void; readonly heard: () => void },
  ) {
    this.options = options;
    this.deliver = deliver;
    this.state = state;
  }

  isConnected(): boolean {
    return this.client !== null;
  }

  async connect(): Promise<void> {
    const client = this.options.createClient();
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client, new Error('postgres closed the listening connection')));
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    try {
      await within(CONNECT_MAX_MS, 'connecting to listen', client.connect());
      await within(ECHO_MAX_MS, 'listen', client.query(`listen ${POSTGRES_CHANNEL}`));
      await this.checkHearing();
    } catch (error) {
      await endQuietly(client);
      throw error;
    }
    if (this.closed) return endQuietly(client);
    this.client = client;
    this.timer = setInterval(() => {
      this.echo(client).catch((error: unknown) => this.lose(client, error));
    }, HEARTBEAT_MS).unref();
    this.state.heard();
  }

  /** Sends one payload. Answers false when the connection is away or too far behind. */
  async send(payload: string): Promise<boolean> {
    if (this.closed) throw new Error('the pub/sub is closed');
    if (this.client === null || this.outbox.length >= OUTBOX_MAX) {
      this.options.onDegraded('pubsub', new Error(this.client ? 'the outbox is full' : 'postgres is away'));
      return false;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.outbox.push({ payload, settle: resolve });
    void this.flush();
    return promise;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const client = this.client;
    this.client = null;
    if (client !== null) await endQuietly(client);
  }

  /** While one statement is on its way, what comes next gathers and leaves with the following one. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    while (this.outbox.length > 0) {
      const client = this.client;
      const batch = this.outbox.slice(0, BATCH_MAX);
      this.outbox = this.outbox.slice(BATCH_MAX);
      let sent = false;
      try {
        if (client !== null) {
          await client.query(NOTIFY, [batch.map(({ payload }) => payload)]);
          sent = true;
        }
      } catch (error) {
        this.options.onDegraded('pubsub', error);
      }
      for (const { settle } of batch) settle(sent);
    }
    this.sending = false;
  }

  private receive(payload: string): void {
    const end = payload.indexOf('\n');
    if (end === -1) this.echoes.get(payload)?.();
    else this.deliver(payload.slice(0, end), payload.slice(end + 1));
  }

  /**
   * Proves with a second connection that the first one hears. With a single one the proof would be worthless: a pooler hands the
   * notification over while it runs the very statement that sends it, and never again.
   */
  private async checkHearing(): Promise<void> {
    const sender = this.options.createClient();
    // A connection that breaks here fails the query too, which says so.
    sender.on('error', () => undefined);
    try {
      await within(CONNECT_MAX_MS, 'connecting to notify', sender.connect());
      await this.echo(sender);
    } finally {
      await endQuietly(sender);
    }
  }

  /** Sends something over `sender` and waits to hear it. */
  private async echo(sender: Client): Promise<void> {
    const id = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new PubSubDeafError('LISTEN heard nothing: the database URL must not pass through a pooler')),
      ECHO_MAX_MS,
    );
    this.echoes.set(id, resolve);
    try {
      await within(ECHO_MAX_MS * 2, 'notifying', Promise.all([promise, sender.query(NOTIFY, [[id]])]));
    } finally {
      clearTimeout(timer);
      this.echoes.delete(id);
    }
  }

  private lose(client: Client, reason: unknown): void {
    if (this.client !== client || this.closed) return;
    this.client = null;
    clearTimeout(this.timer);
    this.options.onDegraded('pubsub', reason);
    void endQuietly(client);
    this.state.lost();
    this.reconnectIn(RETRY_MIN_MS);
  }

  private reconnectIn(delayMs: number): void {
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.connect().catch((error: unknown) => {
        this.options.onDegraded('pubsub', error);
        this.reconnectIn(Math.min(delayMs * 2, RETRY_MAX_MS));
      });
    }, delayMs).unref();
  }
}

/** Ends a connection that may be broken already; what it says on the way out helps nobody. */
async function endQuietly(client: Client): Promise<void> {
  await within(ECHO_MAX_MS, 'ending the connection', client.end()).catch(() => undefined);
}

async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} took more than ${limitMs} ms`)), limitMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
