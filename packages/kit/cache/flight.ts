import { CacheLoadTimeoutError, LOAD_MAX_MS } from './types.ts';

/** One load that any number of callers wait for. */
export class Flight {
  readonly tags: readonly string[];
  /** Set when the value was invalidated after this load began: it may be answered to those who wait, never kept. */
  outdated = false;
  private readonly controller = new AbortController();
  private readonly result: Promise<unknown>;
  private readonly onAbandoned: () => void;
  private waiting = 0;

  /** @param onEnd called when the load is over and when nobody waits for it any more; harmless twice. */
  constructor(
    tags: readonly string[],
    run: (flight: Flight, signal: AbortSignal) => Promise<unknown>,
    onEnd: () => void,
  ) {
    this.tags = tags;
    this.onAbandoned = onEnd;
    const { signal } = this.controller;
    const timer = setTimeout(
      () => this.abort(new CacheLoadTimeoutError(`a load took more than ${LOAD_MAX_MS} ms`)),
      LOAD_MAX_MS,
    );
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.result = Promise.race([run(this, signal), aborted]).finally(() => {
      clearTimeout(timer);
      onEnd();
    });
    // Each caller gets the failure from `join`; when all have left, nobody is there to be told.
    this.result.catch(() => undefined);
  }

  /** Waits for the result, or until `signal` ends this caller's wait. */
  async join(signal: AbortSignal | undefined): Promise<unknown> {
    this.waiting += 1;
    if (signal === undefined) return this.result;
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = (): void => {
      reject(signal.reason);
      this.waiting -= 1;
      if (this.waiting === 0) {
        this.onAbandoned();
        this.abort(signal.reason);
      }
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.result, promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Ends the load; what it may still bring is not kept, since nobody would tell it of an invalidation. */
  abort(reason: unknown): void {
    this.outdated = true;
    this.controller.abort(reason);
  }
}
