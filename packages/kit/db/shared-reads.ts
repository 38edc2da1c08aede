import type { PoolClient } from 'pg';
import { isOfStatement } from './db-errors.ts';
import {
  isOutdatedStatement,
  type Round,
  readingScopeStep,
  type Scope,
  type StatementTimeout,
  type Step,
  stepOf,
} from './round.ts';
import type { Runnable, StatementText } from './statement.ts';
import type { Callers } from './watch.ts';

/** Reads of one round at the most: more would make the first one wait for the last. */
const SHARED_MAX = 8;
/** A statement that took longer is asked alone from then on, until it is quick again, so that nobody waits behind it. */
const SLOW_MS = 50;

/** How shared reads reach the database. */
export interface SharedReadsParts {
  readonly statementTimeout: StatementTimeout;
  /** Reads that wait for a connection at the most. */
  readonly waitingMax: number;
  /** @throws AppError UNAVAILABLE when no connection is to be had. */
  acquire(statement: string): Promise<PoolClient>;
  /** What a read beyond `waitingMax` is refused with. */
  tooMany(statement: string): Error;
  round(steps: readonly Step[]): Round;
  /** Sends a round and waits for its end. @throws the failure as it came. */
  send(client: PoolClient, round: Round, callers: Callers): Promise<unknown>;
  /** Gives a connection back to the pool. */
  release(client: PoolClient): void;
  /** The failure of a statement as callers know it. */
  translate(error: unknown, statement: string): unknown;
}

/** A read that waits for its rows. */
export class Read {
  readonly scope: Scope;
  readonly statement: StatementText;
  readonly step: Step;
  readonly signal: AbortSignal | undefined;
  readonly rows: Promise<readonly object[]>;
  /** When it went to the server, on the clock of `performance.now()`; null before. */
  sentAtMs: number | null = null;
  /** Tried again since the server had forgotten its statement: once. */
  isAgain = false;
  isSettled = false;
  #resolve!: (rows: readonly object[]) => void;
  #reject!: (error: unknown) => void;

  constructor(scope: Scope, runnable: Runnable, signal: AbortSignal | undefined) {
    this.scope = scope;
    this.statement = runnable.statement;
    this.step = stepOf(runnable);
    this.signal = signal;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(rows: readonly object[]): void {
    this.isSettled = true;
    this.#resolve(rows);
  }
  reject(error: unknown): void {
    this.isSettled = true;
    this.#reject(error);
  }

  /** Lets go of a caller who has left. @returns whether nobody waits for it any more. */
  hasLeft(): boolean {
    if (!this.isSettled && this.signal?.aborted === true) this.reject(this.signal.reason);
    return this.isSettled;
  }
}

/**
 * Statements that only read, asked for in one turn of the event loop, share a round trip, each in its own tenant's scope and
 * with its own snapshot: sending and receiving costs a process, on both sides, more than most of them do. The round is one
 * implicit transaction that the server holds to reading. When one fails, those before it have their rows and those behind
 * it, which did not run, go again without it.
 */
export class SharedReads {
  readonly #parts: SharedReadsParts;
  #waiting: Read[] = [];
  /** Connections that are asked for, for what waits. */
  #acquiring = 0;
  #isScheduled = false;
  readonly #slow = new WeakSet<StatementText>();

  constructor(parts: SharedReadsParts) {
    this.#parts = parts;
  }

  ask(scope: Scope, runnable: Runnable, signal: AbortSignal | undefined): Read {
    const read = new Read(scope, runnable, signal);
    const { statement } = read;
    if (this.#slow.has(statement)) void this.#alone(read);
    else if (this.#waiting.length >= this.#parts.waitingMax) read.reject(this.#parts.tooMany(statement.name));
    else {
      this.#waiting.push(read);
      this.#schedule();
    }
    return read;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#serve();
    });
  }

  #serve(): void {
    // What comes while a connection is waited for goes along.
    while (this.#acquiring * SHARED_MAX < this.#waiting.length) {
      this.#acquiring += 1;
      void this.#together();
    }
  }

  async #together(): Promise<void> {
    const name = this.#waiting[0]?.statement.name ?? '';
    let client: PoolClient;
    try {
      client = await this.#parts.acquire(name);
    } catch (error) {
      this.#acquiring -= 1;
      for (const read of this.#waiting.splice(0, SHARED_MAX)) if (!read.hasLeft()) read.reject(error);
      this.#serve();
      return;
    }
    this.#acquiring -= 1;
    await this.#run(client, this.#waiting.splice(0, SHARED_MAX));
  }

  async #alone(read: Read): Promise<void> {
    try {
      const client = await this.#parts.acquire(read.statement.name);
      await this.#run(client, [read]);
    } catch (error) {
      read.reject(error);
    }
  }

  /** Runs reads on a connection and gives it back. */
  async #run(client: PoolClient, all: readonly Read[]): Promise<void> {
    const reads = all.filter((read) => !read.hasLeft());
    const [first] = reads;
    if (first === undefined) {
      this.#parts.release(client);
      return;
    }
    const sentAtMs = performance.now();
    for (const read of reads) read.sentAtMs = sentAtMs;
    let round: Round | undefined;
    try {
      round = this.#parts.round(this.#stepsOf(reads));
      await this.#parts.send(client, round, callersOf(reads));
      this.#settle(reads, round, performance.now() - sentAtMs);
    } catch (error) {
      this.#settle(reads, round, performance.now() - sentAtMs);
      this.#fail(reads.slice(round?.answers.length ?? 0), error);
    } finally {
      this.#parts.release(client);
    }
  }

  #stepsOf(reads: readonly Read[]): readonly Step[] {
    const steps: Step[] = [];
    let tenantId: string | null | undefined;
    for (const { scope, step } of reads) {
      if (scope.tenantId !== tenantId) steps.push(readingScopeStep(scope, this.#parts.statementTimeout));
      tenantId = scope.tenantId;
      steps.push(step);
    }
    return steps;
  }

  #settle(reads: readonly Read[], round: Round | undefined, durationMs: number): void {
    const isSlow = durationMs > SLOW_MS;
    for (const read of reads) {
      // Of several nobody knows which one it was: each shows itself when it is asked alone.
      if (isSlow) this.#slow.add(read.statement);
      else if (reads.length === 1) this.#slow.delete(read.statement);
    }
    for (const [index, { rows, failure }] of (round?.answers ?? []).entries()) {
      const read = reads[index];
      if (failure === null) read?.resolve(rows);
      else read?.reject(failure);
    }
  }

  /** @param unanswered The read that failed, and those behind it. */
  #fail(unanswered: readonly Read[], error: unknown): void {
    const [failed, ...behind] = unanswered;
    if (failed === undefined) return;
    const again = behind.filter((read) => !read.hasLeft());
    const mayGoAgain = isOfStatement(error);
    if (mayGoAgain && isOutdatedStatement(error) && !failed.isAgain) {
      failed.isAgain = true;
      again.unshift(failed);
    } else if (!failed.isSettled) failed.reject(this.#parts.translate(error, failed.statement.name));
    if (!mayGoAgain) for (const read of again) read.reject(this.#parts.translate(error, read.statement.name));
    else if (again.length > 0) {
      this.#waiting.unshift(...again);
      this.#schedule();
    }
  }
}

/** Everybody who waits for one of the reads. */
const callersOf = (reads: readonly Read[]): Callers => ({
  haveLeft: () => {
    let areAllGone = true;
    for (const read of reads) if (!read.hasLeft()) areAllGone = false;
    return areAllGone;
  },
  get reason() {
    return reads[0]?.signal?.reason;
  },
});
