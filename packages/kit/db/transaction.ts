import { controlStep, type RoundAnswer, rowsIn, rowsOf, type Scope, type Step, stepOf } from './round.ts';
import type { Runnable } from './statement.ts';

/** Nested units of work at the most: deeper nesting is a loop. */
const SAVEPOINTS_MAX = 16;
/** Statements that wait for the next round at the most: more is a loop, and belongs into one statement over arrays. */
const WAITING_MAX = 1_000;

const COMMIT = controlStep('commit');

/** How a transaction reaches its connection. */
export interface TransactionWire {
  readonly scope: Scope;
  /** What opens it in that scope; goes out with its first statement. */
  readonly opening: readonly Step[];
  /** What takes the statements behind it into another scope. */
  entering(scope: Scope): Step;
  /** Aborts when the caller has gone; what runs is cancelled and nothing is committed. */
  readonly signal: AbortSignal | undefined;
  /** Runs steps in one round trip. COMMIT takes no signal. */
  send(steps: readonly Step[], signal: AbortSignal | undefined): Promise<RoundAnswer>;
  rollback(): Promise<unknown>;
}

/**
 * An open transaction. The kit's own layers use it (events, jobs, idempotency); services see it as `Tx`, which asks for
 * a grant. It refuses every use after its end, since the connection then belongs to somebody else.
 *
 * What answers nothing that the caller needs waits for the next statement and goes out with it: BEGIN, savepoints, writes.
 */
export class Transaction {
  readonly #wire: TransactionWire;
  #scope: Scope;
  #beforeCommit: { readonly scope: Scope; readonly work: () => Promise<void> }[] = [];
  #afterCommit: (() => void)[] = [];
  #state: 'open' | 'committed' | 'ended' = 'open';
  #savepoints = 0;
  #waiting: Step[];
  #isBegun = false;

  constructor(wire: TransactionWire) {
    this.#wire = wire;
    this.#scope = wire.scope;
    this.#waiting = [...wire.opening];
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  /** Runs one statement, and before it what waits. @throws Error after the transaction has ended. */
  async run(runnable: Runnable): Promise<readonly object[]> {
    this.#assertOpen(runnable);
    this.#wire.signal?.throwIfAborted();
    return rowsOf(await this.#send([stepOf(runnable)], this.#wire.signal));
  }

  /** Runs statements, each in its scope, in one round trip. @returns their rows, in order. */
  async runEach(
    asked: readonly { readonly scope: Scope; readonly runnable: Runnable }[],
  ): Promise<readonly (readonly object[])[]> {
    this.#wire.signal?.throwIfAborted();
    for (const { scope, runnable } of asked) {
      this.#assertOpen(runnable);
      this.enter(scope);
      this.#waiting.push(stepOf(runnable));
    }
    if (asked.length === 0) return [];
    return (await this.#send([], this.#wire.signal)).answers.map(rowsIn);
  }

  /** Takes what follows into another scope: for transactions that hold work of several tenants. */
  enter(scope: Scope): void {
    if (scope.tenantId === this.#scope.tenantId) return;
    // Its undoing would take the scope back in silence.
    if (this.#savepoints > 0) throw new Error('a unit of work stays in the scope it was opened in');
    this.#scope = scope;
    this.#waiting.push(this.#wire.entering(scope));
  }

  /** Sends a step of the kit's own before the next statement. */
  control(step: Step): void {
    this.#waiting.push(step);
  }

  /**
   * Runs one statement whose rows nobody needs together with the next one, or with COMMIT, in their round trip. Its
   * failure is theirs.
   * @throws Error after the transaction has ended.
   */
  write(runnable: Runnable): void {
    this.#assertOpen(runnable);
    if (this.#waiting.length >= WAITING_MAX) throw new Error(`${runnable.statement.name}: too many writes wait`);
    this.#waiting.push(stepOf(runnable, false));
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
    const [before, after] = [this.#beforeCommit.length, this.#afterCommit.length];
    const begin = controlStep(`savepoint s${depth}`);
    this.#waiting.push(begin);
    try {
      const result = await work();
      if (this.#savepoints !== depth)
        throw new Error('transaction: units of work overlap; nest them or run one after another');
      const release = controlStep(`release savepoint s${depth}`);
      // Writes that wait belong to this unit, and so must their failure.
      if (this.#waiting.some((step) => step.isCounted)) await this.#send([release], this.#wire.signal);
      else this.#waiting.push(release);
      return result;
    } catch (error) {
      if (this.#state === 'open') await this.#undo(begin, depth, error);
      this.#beforeCommit = this.#beforeCommit.slice(0, before);
      this.#afterCommit = this.#afterCommit.slice(0, after);
      throw error;
    } finally {
      this.#savepoints -= 1;
    }
  }

  /** Work done last, just before COMMIT and in the scope of now: rows whose locks must be held for the shortest time. */
  beforeCommit(work: () => Promise<void>): void {
    this.#beforeCommit.push({ scope: this.#scope, work });
  }

  /** Wake-ups after a successful COMMIT. They must not throw; what they promise must survive their loss. */
  afterCommit(work: () => void): void {
    this.#afterCommit.push(work);
  }

  /** @throws Error when an earlier statement failed and its error was swallowed: PostgreSQL then rolls back. */
  async commit(): Promise<void> {
    for (const { scope, work } of this.#beforeCommit) {
      this.enter(scope);
      await work();
    }
    this.#wire.signal?.throwIfAborted();
    if (this.#isBegun || this.#waiting.some((step) => step.isCounted)) {
      // From here on the caller's leaving changes nothing: a cancelled COMMIT might have happened.
      const { tag } = await this.#send([COMMIT], undefined);
      if (tag !== 'COMMIT') {
        this.#state = 'ended';
        throw new Error('transaction: rolled back, because an earlier statement in it failed');
      }
    }
    this.#state = 'committed';
  }

  /** Undoes everything. @returns the error that made the connection unusable, if any, so that the pool drops it. */
  async rollback(): Promise<Error | undefined> {
    if (this.#state === 'committed' || this.#state === 'ended') return undefined;
    this.#state = 'ended';
    if (!this.#isBegun) return undefined;
    try {
      await this.#wire.rollback();
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

  #assertOpen({ statement }: Runnable): void {
    if (this.#state !== 'open') throw new Error(`${statement.name}: the transaction has ended`);
  }

  #send(steps: readonly Step[], signal: AbortSignal | undefined): Promise<RoundAnswer> {
    const all = [...this.#waiting, ...steps];
    this.#waiting = [];
    this.#isBegun = true;
    return this.#wire.send(all, signal);
  }

  /** Undoes what came after the savepoint. @throws the failure itself when the whole transaction has failed with it. */
  async #undo(begin: Step, depth: number, failure: unknown): Promise<void> {
    const place = this.#waiting.indexOf(begin);
    if (place >= 0) {
      // Nothing of it was sent.
      this.#waiting.length = place;
      return;
    }
    this.#waiting = [];
    const undo = [controlStep(`rollback to savepoint s${depth}`), controlStep(`release savepoint s${depth}`)];
    try {
      await this.#send(undo, this.#wire.signal);
    } catch {
      // A write before the savepoint has failed: there is no savepoint, and COMMIT will be refused.
      throw failure;
    }
  }
}
