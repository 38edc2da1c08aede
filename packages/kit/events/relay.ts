import { type Ctx, type Executor, unitOfWork } from '../context/index.ts';
import type { Database } from '../db/database.ts';
import { isUnavailable } from '../db/db-errors.ts';
import type { Transaction } from '../db/transaction.ts';
import { isAppError } from '../errors/index.ts';
import type { PubSub } from '../pubsub/index.ts';
import type { Subscriber } from '../service/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { LoggedEvent } from './event.ts';
import {
  ensureCursor,
  insertDeadLetter,
  laggingTenants,
  lockCursor,
  moveCursor,
  postponeCursor,
  readEvents,
} from './store.ts';
import { EVENTS_CHANNEL } from './writer.ts';

/** Events handled in one transaction. */
const BATCH_EVENTS = 100;
/** Tenants asked for in one look at who lags. */
const LAGGING_TENANTS = 200;
/** Every subscriber looks at all tenants this often, so a lost wake-up delays events by no more. */
const POLL_MS = 2_000;
/** Readers at work at once; each holds a connection. */
const CONCURRENCY = 2;
/** Tries of one event before it is set aside. With the waits below that takes about 17 minutes. */
const ATTEMPTS_MAX = 10;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 5 * 60_000;
/** Characters of an error kept with a failed event. */
const ERROR_CHARS_MAX = 2_000;

/** A subscriber and the service it belongs to. */
export interface HostedSubscriber {
  readonly service: string;
  readonly subscriber: Subscriber;
}

/** What the relay of a process works with. */
export interface RelayOptions {
  readonly subscribers: readonly HostedSubscriber[];
  readonly database: Database;
  readonly pubsub: PubSub;
  readonly log: Logger;
  readonly now: () => Date;
  /** A context of the service's own work in a tenant, whose statements run on the given executor. */
  contextOf(service: string, tenantId: string, executor: Executor): Ctx;
  readonly onHandled?: (subscriber: string, event: LoggedEvent, outcome: 'handled' | 'postponed' | 'dead') => void;
}

/**
 * Brings the event log to the subscribers of this process. Several processes may run the same subscribers: a cursor row
 * is locked by one of them at a time.
 */
export class EventRelay {
  readonly #options: RelayOptions;
  readonly #queue = new Set<string>();
  readonly #busy = new Set<Promise<void>>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #unsubscribe: (() => Promise<void>) | null = null;
  #stopped = false;
  #failure: unknown = null;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#options.subscribers.length === 0) return;
    this.#unsubscribe = await this.#options.pubsub.subscribe(
      EVENTS_CHANNEL,
      (tenantId) => this.#wake(tenantId),
      () => void this.#look(),
    );
    await this.#look();
    this.#schedule();
  }

  /** Stops taking work and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#unsubscribe?.();
    this.#queue.clear();
    await Promise.allSettled(this.#busy);
  }

  /**
   * Resolves when every subscriber has read every log to its end, or waits for its next try. For tests and drills.
   * @throws what a batch failed with meanwhile.
   */
  async settle(): Promise<void> {
    this.#failure = null;
    for (;;) {
      const found = await this.#look();
      if (this.#failure !== null) throw this.#failure;
      if (found === 0 && this.#queue.size === 0 && this.#busy.size === 0) return;
      await Promise.allSettled(this.#busy);
    }
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => {
        if (!this.#stopped) this.#schedule();
      });
    }, POLL_MS);
  }

  #wake(tenantId: string): void {
    for (const { subscriber } of this.#options.subscribers) this.#queue.add(`${subscriber.name} ${tenantId}`);
    this.#work();
  }

  /** Asks the database who lags. @returns how many tenants were found. */
  async #look(): Promise<number> {
    let found = 0;
    for (const { subscriber } of this.#options.subscribers) {
      try {
        const rows = await this.#options.database.query(
          { tenantId: null, userId: null },
          laggingTenants({ subscriber: subscriber.name, limit: LAGGING_TENANTS }),
        );
        for (const row of rows as readonly { tenantId: string }[])
          this.#queue.add(`${subscriber.name} ${row.tenantId}`);
        found += rows.length;
      } catch (error) {
        this.#failure = error;
        this.#options.log.warn({ err: error, subscriber: subscriber.name }, 'the event log could not be looked at');
      }
    }
    this.#work();
    return found;
  }

  #work(): void {
    while (!this.#stopped && this.#busy.size < CONCURRENCY) {
      const [next] = this.#queue;
      if (next === undefined) return;
      this.#queue.delete(next);
      const task: Promise<void> = this.#drain(next).finally(() => {
        this.#busy.delete(task);
        this.#work();
      });
      this.#busy.add(task);
    }
  }

  async #drain(key: string): Promise<void> {
    const [name, tenantId] = key.split(' ') as [string, string];
    const hosted = this.#options.subscribers.find(({ subscriber }) => subscriber.name === name);
    if (hosted === undefined) return;
    try {
      if (await this.#batch(hosted, tenantId)) this.#queue.add(key);
    } catch (error) {
      this.#failure = error;
      this.#options.log.warn(
        { err: error, subscriber: name, tenantId },
        'a batch of events failed and will be tried again',
      );
    }
  }

  /** Handles one batch. @returns whether more may follow at once. */
  async #batch(hosted: HostedSubscriber, tenantId: string): Promise<boolean> {
    const { database } = this.#options;
    const { subscriber } = hosted;
    const scope = { tenantId, userId: null };
    return database.transaction(scope, async (transaction) => {
      const reader = { subscriber: subscriber.name, tenantId };
      await transaction.run(ensureCursor(reader));
      const [cursor] = (await transaction.run(lockCursor(reader))) as readonly Cursor[];
      if (cursor === undefined || (cursor.nextAttemptAt !== null && cursor.nextAttemptAt > this.#options.now()))
        return false;
      const names = subscriber.events === 'all' ? [] : subscriber.events.map((event) => event.name);
      const selection = { tenantId, after: cursor.seq, names: [], limit: BATCH_EVENTS };
      const events = (await transaction.run(readEvents(selection))) as readonly LoggedEvent[];
      const ctx = this.#options.contextOf(hosted.service, tenantId, unitOfWork(transaction, scope));
      for (const event of events) {
        if (names.length > 0 && !names.includes(event.name)) continue;
        const failure = await this.#handle(hosted, ctx, event);
        if (failure !== null) return this.#fail(transaction, hosted, cursor, event, failure, ctx.ids.next());
      }
      const last = events.at(-1);
      if (last !== undefined) await transaction.run(moveCursor({ ...reader, seq: last.seq }));
      return events.length === BATCH_EVENTS;
    });
  }

  /** @returns the failure, or null. A failed handler leaves nothing behind: it ran in a savepoint. */
  async #handle({ subscriber }: HostedSubscriber, ctx: Ctx, event: LoggedEvent): Promise<Error | null> {
    try {
      const grant = ctx.authorize(subscriber.action);
      await ctx.tx(grant, (tx) => subscriber.handle(ctx, tx, event));
      this.#options.onHandled?.(subscriber.name, event, 'handled');
      return null;
    } catch (error) {
      // With the database away, or at a stop, nothing is wrong with the event: the whole batch is tried again.
      if (ctx.signal.aborted || isUnavailable(error) || (isAppError(error) && error.status === 503)) throw error;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Keeps what was handled before the failed event and postpones it, or sets it aside after too many tries. */
  async #fail(
    transaction: Transaction,
    { subscriber }: HostedSubscriber,
    cursor: Cursor,
    event: LoggedEvent,
    failure: Error,
    deadLetterId: string,
  ): Promise<boolean> {
    const reader = { subscriber: subscriber.name, tenantId: event.tenantId };
    const attempts = cursor.seq === event.seq - 1 ? cursor.attempts + 1 : 1;
    const error = String(failure.stack ?? failure).slice(0, ERROR_CHARS_MAX);
    this.#options.log.error(
      { err: failure, ...reader, seq: event.seq, event: event.name, attempts },
      'handling an event failed',
    );
    if (attempts >= ATTEMPTS_MAX) {
      await transaction.run(insertDeadLetter({ ...reader, id: deadLetterId, seq: event.seq, error, attempts }));
      await transaction.run(moveCursor({ ...reader, seq: event.seq }));
      this.#options.onHandled?.(subscriber.name, event, 'dead');
      return true;
    }
    const waitMs = Math.min(BACKOFF_FIRST_MS * 2 ** (attempts - 1), BACKOFF_MAX_MS);
    const nextAttemptAt = new Date(this.#options.now().getTime() + waitMs);
    await transaction.run(postponeCursor({ ...reader, seq: event.seq - 1, attempts, nextAttemptAt, error }));
    this.#options.onHandled?.(subscriber.name, event, 'postponed');
    return false;
  }
}

interface Cursor {
  readonly seq: number;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
}
