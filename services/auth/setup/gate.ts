import { platformErrors } from '@candlefish/kit/errors';

/** Lets a few pieces of work run at once; the others wait in order. */
export interface Gate {
  /**
   * Runs `work` when it is its turn.
   * @throws AppError UNAVAILABLE when too many wait; the signal's reason when it aborts before the turn has come.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Waiter {
  readonly start: () => void;
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
  const waiting = new Set<Waiter>();
  let running = 0;
  let held: (() => void)[] = [];

  const enter = (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (running < runningMax) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.size >= waitingMax) throw platformErrors.unavailable({ retryAfterMs: waitMs });
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(waiter);
    });
  };

  /** The place goes straight to the next in line, so that nobody overtakes. */
  const exit = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      running -= 1;
      return;
    }
    waiting.delete(next);
    next.start();
  };

  /** Held results go on with a later one at the latest: while somebody waits, somebody is at work. */
  const handOn = (): Promise<void> =>
    new Promise((resolve) => {
      held.push(resolve);
      if (held.length < together && waiting.size >= together) return;
      const results = held;
      held = [];
      for (const result of results) result();
    });

  return {
    async run(work, signal) {
      await enter(signal);
      try {
        return await work();
      } finally {
        exit();
        await handOn();
      }
    },
  };
}
