import type pg from 'pg';
import type { Runnable } from './database.ts';
import type { Scope } from './scoped-query.ts';

/** Nested units of work at the most: deeper nesting is a loop. */
const SAVEPOINTS_MAX = 16;

/**
 * An open transaction. The kit's own layers use it (events, jobs, idempotency); services see it as `Tx`, which asks for
 * a grant. It refuses every use after its end, since the connection then belongs to somebody else.
 */
export class Transaction {
  readonly #client: pg.PoolClient;
  readonly #runOne: (runnable: Runnable) => Promise<readonly object[]>;
  readonly #beforeCommit: (() => Promise<void>)[] = [];
  readonly #afterCommit: (() => void)[] = [];
  #state: 'new' | 'open' | 'committed' | 'ended' = 'new';
  #savepoints = 0;

  constructor(client: pg.PoolClient, runOne: (runnable: Runnable) => Promise<readonly object[]>) {
    this.#client = client;
    this.#runOne = runOne;
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  /** Opens the transaction and sets its scope in one round trip. */
  async begin(scope: Scope, statementTimeoutMs: number): Promise<void> {
    const literal = (id: string | null) => this.#client.escapeLiteral(id ?? '');
    await this.#client.query(
      `begin; set local app.tenant_id = ${literal(scope.tenantId)}; set local app.user_id = ${literal(scope.userId)}; ` +
        `set local statement_timeout = ${Math.ceil(statementTimeoutMs)}; set local idle_in_transaction_session_timeout = '30s'`,
    );
    this.#state = 'open';
  }

  /** Runs one statement. @throws Error after the transaction has ended. */
  async run(runnable: Runnable): Promise<readonly object[]> {
    if (this.#state !== 'open') throw new Error(`${runnable.statement.name}: the transaction has ended`);
    return this.#runOne(runnable);
  }

  /** Runs `work` so that its failure undoes only its own statements, and with them what it left for COMMIT. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    if (this.#savepoints >= SAVEPOINTS_MAX) throw new Error('transaction: too many nested units of work');
    this.#savepoints += 1;
    const name = `s${this.#savepoints}`;
    const hooks = { before: this.#beforeCommit.length, after: this.#afterCommit.length };
    try {
      await this.#client.query(`savepoint ${name}`);
      const result = await work();
      await this.#client.query(`release savepoint ${name}`);
      return result;
    } catch (error) {
      this.#beforeCommit.length = hooks.before;
      this.#afterCommit.length = hooks.after;
      if (this.#state === 'open') await this.#client.query(`rollback to savepoint ${name}`);
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
    const result = await this.#client.query('commit');
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
      await this.#client.query('rollback');
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  runAfterCommit(): void {
    for (const work of this.#afterCommit) work();
  }
}
