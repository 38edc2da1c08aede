import pg from 'pg';
import { translateDatabaseError } from './db-errors.ts';
import { type Scope, ScopedQuery } from './scoped-query.ts';
import type { SqlValue, StatementText } from './statement.ts';
import { Transaction } from './transaction.ts';
import { toWire } from './wire.ts';

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
  /** Called when an idle connection breaks; the pool replaces it by itself. */
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

/** A bound statement without the types that guard it: what the driver needs. */
export interface Runnable {
  readonly statement: StatementText;
  readonly values: readonly SqlValue[];
}

/** The pool of the application role. Everything above it works through grants; only the kit holds one of these. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.connectionsMax,
      connectionTimeoutMillis: options.acquireTimeoutMs,
      idleTimeoutMillis: 60_000,
      application_name: options.applicationName,
      keepAlive: true,
    });
    this.#pool.on('error', options.onIdleError);
    this.#pool.on('connect', (client) => client.on('error', options.onIdleError));
  }

  /** Runs one statement as one implicit transaction in the scope. */
  async query(scope: Scope, runnable: Runnable): Promise<readonly object[]> {
    const client = await this.#acquire(runnable.statement.name);
    return this.#run(client, scope, runnable).finally(() => client.release());
  }

  /**
   * Runs several statements in one transaction and commits when `run` returns. Any failure rolls back; a failure that
   * `run` swallowed still refuses the commit.
   */
  async transaction<T>(scope: Scope, run: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#acquire('transaction');
    const tx = new Transaction(client, (runnable) => this.#run(client, null, runnable));
    let broken: Error | undefined;
    try {
      await tx.begin(scope, this.#options.statementTimeoutMs);
      const result = await run(tx);
      await tx.commit();
      return result;
    } catch (error) {
      broken = await tx.rollback();
      throw translateDatabaseError(error, 'transaction');
    } finally {
      client.release(broken);
      if (tx.committed) tx.runAfterCommit();
    }
  }

  /** Connections in use, idle, and requests waiting for one. */
  stats(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    return { total: this.#pool.totalCount, idle: this.#pool.idleCount, waiting: this.#pool.waitingCount };
  }

  /** Ends idle connections at once and busy ones when they finish. */
  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #acquire(statement: string): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw translateDatabaseError(error, statement);
    }
  }

  async #run(client: pg.PoolClient, scope: Scope | null, { statement, values }: Runnable): Promise<readonly object[]> {
    const startedAt = performance.now();
    const query = new ScopedQuery(scope, statement, values.map(toWire), this.#options.prepared);
    let failed = true;
    try {
      client.query(query);
      const rows = await query.rows;
      failed = false;
      return rows;
    } catch (error) {
      throw translateDatabaseError(error, statement.name);
    } finally {
      this.#options.onStatement?.({ name: statement.name, durationMs: performance.now() - startedAt, failed });
    }
  }
}
