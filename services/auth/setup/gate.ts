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

/** @param waitMs What a caller who is turned away is told to wait. */
export function createGate(runningMax: number, waitingMax: number, waitMs: number): Gate {
  const waiting = new Set<Waiter>();
  let running = 0;

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

  return {
    async run(work, signal) {
      await enter(signal);
      try {
        return await work();
      } finally {
        exit();
      }
    },
  };
}
