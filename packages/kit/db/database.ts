import { AsyncLocalStorage } from 'node:async_hooks';
import { Semaphore } from '@candlefish/base/semaphore';
import pg from 'pg';
import { platformErrors } from '../errors/index.ts';
import { isFatal, RETRY_AFTER_MS, translateDatabaseError } from './db-errors.ts';
import { type Follow, GroupCommit } from './group-commit.ts';
import {
  isOutdatedStatement,
  type OnStep,
  openingSteps,
  Round,
  type RoundAnswer,
  rowsOf,
  type Scope,
  type StatementTimeout,
  type Step,
  scopeStep,
  stepOf,
} from './round.ts';
import { SharedReads } from './shared-reads.ts';
import type { Runnable, StatementText } from './statement.ts';
import { Transaction } from './transaction.ts';
import { type Callers, callerOf, StatementWatch } from './watch.ts';

/** Requests waiting for a connection at the most: far more than can be served within any deadline. */
const WAITING_MAX = 1_000;
/** Connections are replaced after this, so that a failover or a changed address reaches all of them. */
const CONNECTION_LIFE_S = 3_600;
const IDLE_CONNECTION_MS = 60_000;
/** Of the connections a quarter, and no more than this, is left to single statements. */
const RESERVED_MAX = 4;

/** How the application reaches PostgreSQL. */
export interface DatabaseOptions {
  /** Connection string of the application role, which owns nothing and bypasses nothing. */
  readonly url: string;
  /** Connections at the most. */
  readonly connectionsMax: number;
  /** Longest wait for a free connection before a request is answered 503, in ms. */
  readonly acquireTimeoutMs: number;
  /** Longest run of one statement, in ms; enforced by the server. */
  readonly statementTimeoutMs: number;
  /** Server-side prepared statements: off behind a transaction-pooling PgBouncer older than 1.21. */
  readonly prepared: boolean;
  readonly applicationName: string;
  /** Called when an idle connection breaks (the pool replaces it by itself) or an afterCommit wake-up throws. */
  readonly onIdleError: (error: Error) => void;
  /** Called after every statement, for metrics and traces. */
  readonly onStatement?: (event: StatementEvent) => void;
}

/** One statement that ran. */
export interface StatementEvent {
  readonly name: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

const PING: StatementText = {
  name: 'platform.ping',
  text: '/* platform.ping */ select 1',
  actions: [],
  parameters: [],
  notNull: [],
  nullable: [],
  onlyReads: true,
};

/** The pool of the application role. Everything above it works through grants; only the kit holds one of these. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #options: DatabaseOptions;
  readonly #watch: StatementWatch;
  readonly #statementTimeout: StatementTimeout;
  readonly #onStep: OnStep | undefined;
  readonly #reads: SharedReads;
  readonly #group: GroupCommit;
  /** Connections that the server is about to end. */
  readonly #ending = new WeakSet<pg.PoolClient>();
  /**
   * Work inside of a transaction may ask, by way of another service, for a statement on a connection of its own. Were all
   * connections held by such transactions, none would go on: some are never theirs.
   */
  readonly #transactions: Semaphore;
  readonly #inside = new AsyncLocalStorage<OpenTransaction>();

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#watch = new StatementWatch(options.statementTimeoutMs);
    this.#statementTimeout = `${Math.ceil(options.statementTimeoutMs)}`;
    const { onStatement } = options;
    if (onStatement !== undefined) {
      this.#onStep = ({ name }, durationMs, failed) => onStatement({ name, durationMs, failed });
    }
    this.#transactions = new Semaphore(transactionsMax(options.connectionsMax), options.acquireTimeoutMs);
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.connectionsMax,
      connectionTimeoutMillis: options.acquireTimeoutMs,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      maxLifetimeSeconds: CONNECTION_LIFE_S,
      application_name: options.applicationName,
      keepAlive: true,
    });
    this.#reads = new SharedReads({
      statementTimeout: this.#statementTimeout,
      waitingMax: WAITING_MAX,
      acquire: (statement) => this.#acquire(statement, undefined),
      tooMany,
      round: (steps) => new Round(steps, options.prepared),
      release: (client) => this.#release(client),
      send: (client, round, callers) => this.#send(client, round, callers),
      translate: translateDatabaseError,
    });
    this.#group = new GroupCommit({
      waitingMax: WAITING_MAX,
      tooMany: () => tooMany('transaction'),
      transact: (scope, run, signal) => this.transaction(scope, run, signal),
    });
    // Once closing, a connection that breaks is one that ends.
    this.#pool.on('error', (error) => this.#pool.ending || options.onIdleError(error));
    // The pool listens only while a connection is idle; a busy one that breaks must not end the process either. Whoever
    // uses it learns of it by the failure of the statement.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Runs one statement as one implicit transaction in the scope; one that only reads may share it with others.
   * @param signal Aborts when the caller has gone: the statement is cancelled on the server.
   */
  query(scope: Scope, runnable: Runnable, signal?: AbortSignal): Promise<readonly object[]> {
    return runnable.statement.onlyReads ? this.#read(scope, runnable, signal) : this.#change(scope, runnable, signal);
  }

  async #read(scope: Scope, runnable: Runnable, signal: AbortSignal | undefined): Promise<readonly object[]> {
    signal?.throwIfAborted();
    const read = this.#reads.ask(scope, runnable, signal);
    let failed = true;
    try {
      const rows = await read.rows;
      failed = false;
      return rows;
    } finally {
      // Here and not where the round ends, which may be in the name of another caller.
      if (read.sentAtMs !== null) {
        this.#options.onStatement?.({
          name: runnable.statement.name,
          durationMs: performance.now() - read.sentAtMs,
          failed,
        });
      }
    }
  }

  async #change(scope: Scope, runnable: Runnable, signal: AbortSignal | undefined): Promise<readonly object[]> {
    const client = await this.#acquire(runnable.statement.name, signal);
    const steps = [scopeStep(scope, this.#statementTimeout), stepOf(runnable)];
    try {
      return rowsOf(await this.#run(client, steps, signal));
    } catch (error) {
      if (!isOutdatedStatement(error)) throw error;
      return rowsOf(await this.#run(client, steps, signal));
    } finally {
      this.#release(client);
    }
  }

  /**
   * Runs several statements in one transaction and commits when `run` returns. Any failure rolls back; a failure that
   * `run` swallowed still refuses the commit.
   * @param signal Aborts when the caller has gone: what runs is cancelled and nothing is committed.
   * @throws Error when it is asked for inside of another one, however deep below it.
   */
  async transaction<T>(scope: Scope, run: (tx: Transaction) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#assertOutside();
    if (this.#transactions.waiting >= WAITING_MAX) throw tooMany('transaction');
    if (!(await this.#transactions.acquire(signal))) throw unavailable('transaction: none ended in time');
    try {
      return await this.#transact(scope, run, signal);
    } finally {
      this.#transactions.release();
    }
  }

  /**
   * Runs one statement and what follows from its rows, all or nothing. Under load the units of several callers are committed
   * together.
   * @param follow Adds writes, without waiting for anything; it may be called again after its first call was undone.
   * @throws Error when it is asked for inside of a transaction.
   */
  async groupTransaction<T>(scope: Scope, first: Runnable, follow: Follow<T>, signal?: AbortSignal): Promise<T> {
    this.#assertOutside();
    signal?.throwIfAborted();
    return this.#group.ask(scope, first, follow, signal);
  }

  #assertOutside(): void {
    if (this.#inside.getStore()?.isOpen === true) throw new Error('a transaction inside of a transaction');
  }

  async #transact<T>(scope: Scope, run: (tx: Transaction) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const client = await this.#acquire('transaction', signal);
    const tx = new Transaction({
      scope,
      opening: openingSteps(scope, this.#statementTimeout),
      entering: (other) => scopeStep(other, this.#statementTimeout),
      signal,
      send: (steps, by) => this.#run(client, steps, by),
      rollback: () => this.#watch.over(client, callerOf(undefined), client.query('rollback')),
    });
    let broken: Error | undefined;
    const open: OpenTransaction = { isOpen: true };
    try {
      return await this.#inside.run(open, async () => {
        const result = await run(tx);
        await tx.commit();
        return result;
      });
    } catch (error) {
      broken = await tx.rollback();
      throw error;
    } finally {
      open.isOpen = false;
      client.release(broken);
      if (tx.committed) tx.runAfterCommit(this.#options.onIdleError);
    }
  }

  /** Whether the database answers. @throws AppError UNAVAILABLE when it does not. */
  async ping(signal?: AbortSignal): Promise<void> {
    await this.query({ tenantId: null }, { statement: PING, values: [] }, signal);
  }

  /** Connections in use, idle, and requests waiting for one. */
  stats(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    return {
      total: this.#pool.totalCount,
      idle: this.#pool.idleCount,
      waiting: this.#pool.waitingCount + this.#transactions.waiting,
    };
  }

  /** Ends idle connections at once and busy ones when they finish. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #acquire(statement: string, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
    signal?.throwIfAborted();
    if (this.#pool.waitingCount >= WAITING_MAX) throw tooMany(statement);
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw translateDatabaseError(error, statement);
    }
    if (signal?.aborted === true) {
      client.release();
      throw signal.reason;
    }
    return client;
  }

  async #run(client: pg.PoolClient, steps: readonly Step[], signal: AbortSignal | undefined): Promise<RoundAnswer> {
    const round = new Round(steps, this.#options.prepared, this.#onStep);
    try {
      return await this.#send(client, round, callerOf(signal));
    } catch (error) {
      throw translateDatabaseError(error, round.stepName);
    }
  }

  async #send(client: pg.PoolClient, round: Round, callers: Callers): Promise<RoundAnswer> {
    try {
      client.query(round);
      return await this.#watch.over(client, callers, round.answer);
    } catch (error) {
      if (isFatal(error)) this.#ending.add(client);
      throw error;
    }
  }

  /** Gives a connection back; one that is about to end goes to nobody else. */
  #release(client: pg.PoolClient): void {
    client.release(this.#ending.has(client));
  }
}

/** What is begun inside of a transaction may outlive it. */
interface OpenTransaction {
  isOpen: boolean;
}

const transactionsMax = (connections: number): number =>
  Math.max(1, connections - Math.max(1, Math.min(RESERVED_MAX, Math.floor(connections / 4))));

const unavailable = (why: string): Error =>
  platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause: new Error(why) });

const tooMany = (statement: string): Error => unavailable(`${statement}: too many wait`);
