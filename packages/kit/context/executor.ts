import type { Database } from '../db/database.ts';
import type { Follow } from '../db/group-commit.ts';
import type { Scope } from '../db/round.ts';
import type { Runnable } from '../db/statement.ts';
import type { Transaction } from '../db/transaction.ts';

/** Where the statements of a context run: each on its own, or all inside one unit of work. */
export interface Executor {
  /** @param signal Aborts when the caller has gone; a running statement is cancelled. */
  query(scope: Scope, runnable: Runnable, signal?: AbortSignal): Promise<readonly object[]>;
  transaction<T>(scope: Scope, run: (tx: Transaction) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One statement and what follows from its rows, in a transaction that callers may share. */
  groupTransaction<T>(scope: Scope, first: Runnable, follow: Follow<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * An executor whose every statement belongs to one open transaction: an idempotent request commits its effects and its
 * stored answer together, or neither. Transactions inside it become savepoints.
 * @throws Error when a statement asks for another tenant than the unit was opened for.
 */
export const unitOfWork = (tx: Transaction, unitScope: Scope): Executor =>
  inside(tx, unitScope, (run) => tx.savepoint(run));

/**
 * The same without savepoints, for work that is expected to succeed: when a transaction inside it fails, `onFailure` is
 * called and the whole unit must be undone, whatever becomes of the failure.
 */
export const flatUnitOfWork = (tx: Transaction, unitScope: Scope, onFailure: () => void): Executor =>
  inside(tx, unitScope, async (run) => {
    try {
      return await run();
    } catch (error) {
      onFailure();
      throw error;
    }
  });

function inside(tx: Transaction, unitScope: Scope, nested: <T>(run: () => Promise<T>) => Promise<T>): Executor {
  const checkScope = (scope: Scope): void => {
    if (scope.tenantId !== unitScope.tenantId) throw new Error('unit of work: a statement asked for another tenant');
  };
  return {
    query: (scope, runnable) => {
      checkScope(scope);
      return tx.run(runnable);
    },
    transaction: (scope, run) => {
      checkScope(scope);
      return nested(() => run(tx));
    },
    groupTransaction: (scope, first, follow) => {
      checkScope(scope);
      return nested(async () => follow(tx, await tx.run(first)));
    },
  };
}

/** The usual executor: each statement takes a connection of the pool. */
export const pooled = (database: Database): Executor => database;
