import { Semaphore } from '@candlefish/base/semaphore';
import { platformErrors } from '@candlefish/kit/errors';

/** Lets a few pieces of work run at once; the others wait in order. */
export interface Gate {
  /**
   * Runs `work` when it is its turn.
   * @throws AppError UNAVAILABLE when too many wait; the signal's reason when it aborts before the turn has come.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** How many a gate lets through. */
export interface GateOptions {
  /** Pieces of work at once. */
  readonly runningMax: number;
  /** Callers who wait for their turn at the most. */
  readonly waitingMax: number;
  /**
   * While at least so many wait, results are handed on so many at a time. What follows one (a transaction, a signature, an
   * answer) finds the processor's caches swept out by the next pieces of work; what follows several in a row does not.
   * 1 hands each on at once.
   */
  readonly together: number;
  /** What a caller who is turned away is told to wait. */
  readonly waitMs: number;
}

/** Makes a gate. */
export function createGate({ runningMax, waitingMax, together, waitMs }: GateOptions): Gate {
  const places = new Semaphore(runningMax);
  let held: (() => void)[] = [];

  /** Held results go on with a later one at the latest: while somebody waits, somebody is at work. */
  const handOn = (): Promise<void> =>
    new Promise((resolve) => {
      held.push(resolve);
      if (held.length < together && places.waiting >= together) return;
      const results = held;
      held = [];
      for (const result of results) result();
    });

  return {
    async run(work, signal) {
      if (places.waiting >= waitingMax) throw platformErrors.unavailable({ retryAfterMs: waitMs });
      await places.acquire(signal);
      try {
        return await work();
      } finally {
        places.release();
        await handOn();
      }
    },
  };
}
