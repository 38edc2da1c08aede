import type pg from 'pg';
import { translateDatabaseError } from './db-errors.ts';
import type { Scope } from './scoped-query.ts';
import type { Runnable } from './statement.ts';

/** Nested units of work at the most: deeper nesting is a loop. */
const SAVEPOINTS_MAX = 16;

/** How a transaction reaches its connection. */
export interface TransactionWire {
  readonly client: pg.PoolClient;
  /** Aborts when the caller has gone; what runs is cancelled and nothing is committed. */
  readonly signal: AbortSignal | undefined;
  runOne(runnable: Runnable): Promise<readonly object[]>;
  /** Runs a control statement under the same watch as the others; COMMIT and ROLLBACK take no signal. */
  control(sql: string, signal?: AbortSignal): Promise<pg.QueryResult>;
}

/**
 * An open transaction. The kit's own layers use it (events, jobs, idempotency); services see it as `Tx`, which asks for
 * a grant. It refuses every use after its end, since the connection then belongs to somebody else.
 */
export class Transaction {
  readonly #wire: TransactionWire;
  #beforeCommit: (() => Promise<void>)[] = [];
  #afterCommit: (() => void)[] = [];
  #state: 'new' | 'open' | 'committed' | 'ended' = 'new';
  #savepoints = 0;

  constructor(wire: TransactionWire) {
    this.#wire = wire;
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  /** Opens the transaction and sets its scope in one round trip. */
  async begin(scope: Scope, statementTimeoutMs: number): Promise<void> {
    const literal = (id: string | null) => this.#wire.client.escapeLiteral(id ?? '');
    await this.#control(
      `begin; set local app.tenant_id = ${literal(scope.tenantId)}; set local app.user_id = ${literal(scope.userId)}; ` +
        `set local statement_timeout = ${Math.ceil(statementTimeoutMs)}; set local idle_in_transaction_session_timeout = '30s'`,
    );
    this.#state = 'open';
  }

  /** Runs one statement. @throws Error after the transaction has ended. */
  async run(runnable: Runnable): Promise<readonly object[]> {
    if (this.#state !== 'open') throw new Error(`${runnable.statement.name}: the transaction has ended`);
    this.#wire.signal?.throwIfAborted();
    return this.#wire.runOne(runnable);
  }

  /**
   * Runs `work` so that its failure undoes only its own statements, and what it left for COMMIT.
   * @throws Error when two units overlap in place of nesting: their savepoints would undo each other's statements.
   */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    if (this.#state !== 'open') throw new Error('savepoint: the transaction has ended');
    if (this.#savepoints >= SAVEPOINTS_MAX) throw new Error('transaction: too many nested units of work');
    this.#savepoints += 1;
    const depth = this.#savepoints;
    const name = `s${depth}`;
    const [before, after] = [this.#beforeCommit.length, this.#afterCommit.length];
    try {
      await this.#control(`savepoint ${name}`);
      const result = await work();
      if (this.#savepoints !== depth)
        throw new Error('transaction: units of work overlap; nest them or run one after another');
      await this.#control(`release savepoint ${name}`);
      return result;
    } catch (error) {
      if (this.#state === 'open') await this.#control(`rollback to savepoint ${name}; release savepoint ${name}`);
      this.#beforeCommit = this.#beforeCommit.slice(0, before);
      this.#afterCommit = this.#afterCommit.slice(0, after);
      throw error;
    } finally {
      this.#savepoints -= 1;
    }
  }

  /** Work done last, just before COMMIT: rows whose locks must be held for the shortest time. */
  beforeCommit(work: () => Promise<void>): void {
    this.#beforeCommit.push(work);
  }

  /** Wake-ups after a successful COMMIT. They must not throw; what they promise must survive their loss. */
  afterCommit(work: () => void): void {
    this.#afterCommit.push(work);
  }

  /** @throws Error when an earlier statement failed and its error was swallowed: PostgreSQL then rolls back. */
  async commit(): Promise<void> {
    for (const work of this.#beforeCommit) await work();
    this.#wire.signal?.throwIfAborted();
    // From here on the caller's leaving changes nothing: a cancelled COMMIT might have happened.
    const result = await translated('commit', this.#wire.control('commit'));
    if (result.command !== 'COMMIT') {
      this.#state = 'ended';
      throw new Error('transaction: rolled back, because an earlier statement in it failed');
    }
    this.#state = 'committed';
  }

  /** Undoes everything. @returns the error that made the connection unusable, if any, so that the pool drops it. */
  async rollback(): Promise<Error | undefined> {
    if (this.#state === 'committed' || this.#state === 'ended') return undefined;
    this.#state = 'ended';
    try {
      await this.#wire.control('rollback');
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** @param onError receives what a wake-up threw against its promise; the commit stands. */
  runAfterCommit(onError: (error: Error) => void): void {
    for (const work of this.#afterCommit) {
      try {
        work();
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #control(sql: string): Promise<pg.QueryResult> {
    return translated(sql, this.#wire.control(sql, this.#wire.signal));
  }
}

async function translated<T>(sql: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw translateDatabaseError(error, sql.slice(0, sql.search(/;|$/)));
  }
}
