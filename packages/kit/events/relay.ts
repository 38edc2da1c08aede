import { type Ctx, type Executor, flatUnitOfWork, unitOfWork } from '../context/index.ts';
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
  readNextEvents,
} from './store.ts';
import { EVENTS_CHANNEL } from './writer.ts';

/** Events handled in one transaction. */
const BATCH_EVENTS = 100;
/** Tenants asked for in one look at who lags. */
const LAGGING_TENANTS = 200;
/** Every subscriber looks at all tenants this often, so a lost wake-up delays events by no more. */
const POLL_MS = 2_000;
/**
 * Rest of a reader between two batches of one tenant. The first event is handled at once; under load those that come
 * within this time share a transaction.
 */
export const REST_MS = 200;
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
  /** Readers that rest, and whether they were woken meanwhile. */
  readonly #resting = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; woken: boolean }>();
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
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
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
    for (const { subscriber } of this.#options.subscribers) {
      const key = `${subscriber.name} ${tenantId}`;
      const rest = this.#resting.get(key);
      if (rest === undefined) this.#queue.add(key);
      else rest.woken = true;
    }
    this.#work();
  }

  /** Asks the database who lags. @returns how many tenants were found. */
  async #look(): Promise<number> {
    let found = 0;
    for (const { subscriber } of this.#options.subscribers) {
      try {
        const rows = await this.#options.database.query(
          { tenantId: null },
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
      else this.#rest(key);
    } catch (error) {
      this.#failure = error;
      this.#options.log.warn(
        { err: error, subscriber: name, tenantId },
        'a batch of events failed and will be tried again',
      );
    }
  }

  #rest(key: string): void {
    if (this.#stopped || this.#resting.has(key)) return;
    const end = (): void => {
      const woken = this.#resting.get(key)?.woken === true;
      this.#resting.delete(key);
      if (!woken) return;
      this.#queue.add(key);
      this.#work();
    };
    this.#resting.set(key, { timer: setTimeout(end, REST_MS), woken: false });
  }

  /**
   * Handles one batch. Savepoints around every event cost more than most handlers, so they are set only once a batch has
   * failed without them.
   * @returns whether more may follow at once.
   */
  async #batch(hosted: HostedSubscriber, tenantId: string): Promise<boolean> {
    try {
      return await this.#attempt(hosted, tenantId, false);
    } catch (error) {
      if (isPassing(error) || this.#stopped) throw error;
      return this.#attempt(hosted, tenantId, true);
    }
  }

  /**
   * @param isGuarded whether each event is handled alone, so that a failed one is undone by itself; without it any failure
   *   undoes the batch and is thrown.
   */
  async #attempt(hosted: HostedSubscriber, tenantId: string, isGuarded: boolean): Promise<boolean> {
    const scope = { tenantId };
    const handled: LoggedEvent[] = [];
    const isFull = await this.#options.database.transaction(scope, async (transaction) => {
      const batch = await this.#read(hosted.subscriber, transaction, tenantId);
      if (batch === null) return false;
      let isSpoilt = false;
      const spoil = (): void => {
        isSpoilt = true;
      };
      const unit = isGuarded ? unitOfWork(transaction, scope) : flatUnitOfWork(transaction, scope, spoil);
      const ctx = this.#options.contextOf(hosted.service, tenantId, unit);
      if (isGuarded) {
        for (const event of batch.wanted) {
          const failure = await this.#handle(hosted, ctx, [event]);
          if (failure !== null) return this.#fail(transaction, hosted, batch.cursor, event, failure, ctx.ids.next());
          handled.push(event);
        }
      } else if (batch.wanted.length > 0) {
        const failure = await this.#handle(hosted, ctx, batch.wanted);
        if (failure !== null) throw failure;
        handled.push(...batch.wanted);
      }
      // A handler may have caught the failure of a transaction of its own, whose effects stand without a savepoint.
      if (isSpoilt) throw new Error(`${hosted.subscriber.name}: a part of the batch has failed`);
      const { lastSeq } = batch;
      if (lastSeq !== null)
        transaction.write(moveCursor({ subscriber: hosted.subscriber.name, tenantId, seq: lastSeq }));
      return batch.isFull;
    });
    for (const event of handled) this.#options.onHandled?.(hosted.subscriber.name, event, 'handled');
    return isFull;
  }

  /** The next events of a reader; null while another process reads, or until its next try. */
  async #read(subscriber: Subscriber, transaction: Transaction, tenantId: string): Promise<Batch | null> {
    const reader = { subscriber: subscriber.name, tenantId };
    transaction.write(ensureCursor(reader));
    const [cursors, events] = (await transaction.runEach([
      { scope: { tenantId }, runnable: lockCursor(reader) },
      { scope: { tenantId }, runnable: readNextEvents({ ...reader, limit: BATCH_EVENTS }) },
    ])) as [readonly Cursor[], readonly LoggedEvent[]];
    const [cursor] = cursors;
    if (cursor === undefined || (cursor.nextAttemptAt !== null && cursor.nextAttemptAt > this.#options.now()))
      return null;
    const names = subscriber.events === 'all' ? [] : subscriber.events.map((event) => event.name);
    return {
      cursor,
      wanted: names.length === 0 ? events : events.filter((event) => names.includes(event.name)),
      lastSeq: events.at(-1)?.seq ?? null,
      isFull: events.length === BATCH_EVENTS,
    };
  }

  /** @returns the failure, or null. A failed handler leaves nothing behind: it ran in a savepoint. */
  async #handle({ subscriber }: HostedSubscriber, ctx: Ctx, events: readonly LoggedEvent[]): Promise<Error | null> {
    try {
      const grant = ctx.authorize(subscriber.action);
      await ctx.tx(grant, (tx) => subscriber.handle(ctx, tx, events));
      return null;
    } catch (error) {
      // With the database away, or at a stop, nothing is wrong with the event: the whole batch is tried again.
      if (ctx.signal.aborted || isPassing(error)) throw error;
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

/** Whether the database or a service is away for now, and nothing is wrong with the work. */
const isPassing = (error: unknown): boolean => isUnavailable(error) || (isAppError(error) && error.status === 503);

/** What a reader has to work on. */
interface Batch {
  readonly cursor: Cursor;
  readonly wanted: readonly LoggedEvent[];
  /** Of all events that were read; null when there were none. */
  readonly lastSeq: number | null;
  readonly isFull: boolean;
}

interface Cursor {
  readonly seq: number;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
}
