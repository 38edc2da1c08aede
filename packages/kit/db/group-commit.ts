import { isOfStatement } from './db-errors.ts';
import { controlStep, type Scope } from './round.ts';
import type { Runnable } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** Units of one transaction at the most: more would make the first one wait for the last. */
const GROUP_MAX = 16;
/**
 * A group holds the locks of all its units. One that waits for a lock longer than this gives them up and each unit goes
 * alone: nobody waits long for a neighbour's lock, and groups cannot wait in a circle.
 */
const LOCK_WAIT_MS = 100;
const LIMIT_LOCK_WAITS = controlStep(`select set_config('lock_timeout', '${LOCK_WAIT_MS}', true)`);

/**
 * What a unit does with the rows of its first statement: adds writes and what belongs to COMMIT. It does not wait for
 * anything, and may be called again after its first call was undone.
 */
export type Follow<T> = (tx: Transaction, rows: readonly object[]) => T;

/** How a group commit reaches the database. */
export interface GroupCommitParts {
  /** Units that wait at the most. */
  readonly waitingMax: number;
  /** What a unit beyond `waitingMax` is refused with. */
  tooMany(): Error;
  /** Runs a transaction of a connection's own. @param signal of the only caller. */
  transact<T>(scope: Scope, run: (tx: Transaction) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** One statement and what follows from its rows. */
class Unit {
  readonly scope: Scope;
  readonly runnable: Runnable;
  readonly follow: Follow<unknown>;
  readonly signal: AbortSignal | undefined;
  readonly done: Promise<unknown>;
  resolve!: (result: unknown) => void;
  reject!: (error: unknown) => void;

  constructor(scope: Scope, runnable: Runnable, follow: Follow<unknown>, signal: AbortSignal | undefined) {
    this.scope = scope;
    this.runnable = runnable;
    this.follow = follow;
    this.signal = signal;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/**
 * Commits small units of several callers in one transaction, each in the scope of its own tenant: a commit costs the
 * server far more than the few rows of such a unit. One group is at work at a time; what comes meanwhile is the next one,
 * and a unit that has no company has a transaction of its own. When anything in a group fails, all of it is undone and each
 * unit goes alone, so that a failure is only ever its own.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts;
  #waiting: Unit[] = [];
  #isBusy = false;
  #isScheduled = false;

  constructor(parts: GroupCommitParts) {
    this.#parts = parts;
  }

  /** @returns what `follow` returned, once it is committed. */
  ask<T>(scope: Scope, runnable: Runnable, follow: Follow<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#waiting.length >= this.#parts.waitingMax) return Promise.reject(this.#parts.tooMany());
    const unit = new Unit(scope, runnable, follow, signal);
    this.#waiting.push(unit);
    this.#schedule();
    return unit.done as Promise<T>;
  }

  /** Once the event loop has heard everybody who had something to say. */
  #schedule(): void {
    if (this.#isScheduled || this.#isBusy) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    const [first, second] = this.#waiting;
    if (first === undefined) return;
    if (second === undefined) {
      this.#waiting = [];
      void this.#alone(first);
      return;
    }
    this.#isBusy = true;
    await this.#together();
    this.#isBusy = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #alone(unit: Unit): Promise<void> {
    const { scope, runnable, follow, signal } = unit;
    try {
      unit.resolve(await this.#parts.transact(scope, async (tx) => follow(tx, await tx.run(runnable)), signal));
    } catch (error) {
      unit.reject(error);
    }
  }

  async #together(): Promise<void> {
    let units: readonly Unit[] | null = null;
    let isOfUnit = false;
    try {
      const results = await this.#parts.transact(NO_TENANT, async (tx) => {
        // What came while a connection was waited for goes along.
        units = this.#take();
        tx.control(LIMIT_LOCK_WAITS);
        const answers = await tx.runEach(units);
        return units.map((unit, index) => {
          tx.enter(unit.scope);
          try {
            return unit.follow(tx, answers[index] ?? []);
          } catch (error) {
            isOfUnit = true;
            throw error;
          }
        });
      });
      for (const [index, unit] of (units ?? this.#take()).entries()) unit.resolve(results[index]);
    } catch (error) {
      // A COMMIT whose answer was lost may have happened: such a unit must not go again.
      const mayGoAgain = units !== null && (isOfUnit || isOfStatement(error));
      for (const unit of units ?? this.#take()) {
        if (mayGoAgain) void this.#alone(unit);
        else unit.reject(error);
      }
    }
  }

  /**
   * The next units whose callers are still there, in the order of their tenants: groups of several processes then lock what
   * belongs to a tenant in the same order.
   */
  #take(): readonly Unit[] {
    const taken: Unit[] = [];
    for (const unit of this.#waiting.splice(0, GROUP_MAX)) {
      if (unit.signal?.aborted === true) unit.reject(unit.signal.reason);
      else taken.push(unit);
    }
    return taken.sort((a, b) => compareTexts(a.scope.tenantId ?? '', b.scope.tenantId ?? ''));
  }
}

const compareTexts = (a: string, b: string): number => Number(a > b) - Number(a < b);

const NO_TENANT: Scope = { tenantId: null };
