/** Lets so many through at a time; others wait in order. */
export class Semaphore {
  readonly #waitMaxMs: number | undefined;
  readonly #waiting = new Set<() => void>();
  #free: number;

  /** @param waitMaxMs Longest wait of a caller; without it a caller waits until it aborts. */
  constructor(permits: number, waitMaxMs?: number) {
    this.#free = permits;
    this.#waitMaxMs = waitMaxMs;
  }

  /** Callers who wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Takes a permit; `release` gives it back.
   * @returns whether there is one in time.
   * @throws the signal's reason when it aborts before.
   */
  acquire(signal?: AbortSignal): boolean | Promise<boolean> {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(enter);
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
      };
      const enter = (): void => {
        settle();
        resolve(true);
      };
      const leave = (): void => {
        settle();
        reject(signal?.reason);
      };
      const late = (): void => {
        settle();
        resolve(false);
      };
      const timer = this.#waitMaxMs === undefined ? undefined : setTimeout(late, this.#waitMaxMs);
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(enter);
    });
  }

  /** Gives a permit back: to who has waited longest, if anybody waits. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }
}
