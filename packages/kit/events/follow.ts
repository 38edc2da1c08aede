/** A log that is read by cursor and announces growth. */
export interface FollowSource<Item> {
  /** Items strictly after the cursor, in order, at most one batch. Called again at once while batches are full. */
  read(cursor: number): Promise<{ readonly items: readonly Item[]; readonly full: boolean }>;
  cursorOf(item: Item): number;
  /** Calls `wake` when the log may have grown. Wake-ups may be lost or false. */
  subscribe(wake: () => void): Promise<() => void | Promise<void>>;
  /** Where to begin. */
  readonly after: number;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** The log is read at least this often, in ms, whatever wake-ups say. */
  readonly pollMs: number;
}

/**
 * The items of a log as they come, each once and in order, until the signal aborts or the reader leaves. Subscribes
 * before it reads, so nothing falls between. It is a plain object and not a generator: `return()` of a generator waits
 * behind a pending `next()`, so a reader who has left would keep a loop alive until the next item.
 */
export function follow<Item>(source: FollowSource<Item>): AsyncIterableIterator<Item> {
  return new Follower(source);
}

class Follower<Item> implements AsyncIterableIterator<Item> {
  readonly #source: FollowSource<Item>;
  readonly #buffer: Item[] = [];
  #cursor: number;
  #behind = true;
  #ended = false;
  #unsubscribe: (() => void | Promise<void>) | null = null;
  #wakeWaiting: (() => void) | null = null;
  #last: Promise<unknown> = Promise.resolve();
  readonly #end = (): void => {
    this.#ended = true;
    this.#wakeWaiting?.();
  };

  constructor(source: FollowSource<Item>) {
    this.#source = source;
    this.#cursor = source.after;
    if (source.signal.aborted) this.#ended = true;
    else source.signal.addEventListener('abort', this.#end, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Calls that overlap are served one after another. */
  next(): Promise<IteratorResult<Item>> {
    const result = this.#last.then(() => this.#next());
    this.#last = result.catch(() => undefined);
    return result;
  }

  async return(): Promise<IteratorResult<Item>> {
    this.#end();
    await this.#close();
    return { done: true, value: undefined };
  }

  async #next(): Promise<IteratorResult<Item>> {
    try {
      while (!this.#ended) {
        const item = this.#buffer.shift();
        if (item !== undefined) {
          this.#cursor = this.#source.cursorOf(item);
          return { done: false, value: item };
        }
        await this.#fill();
      }
    } catch (error) {
      const hasLeft = this.#ended;
      await this.#close();
      // The signal also cuts off the read that is under way; that is how it ends and no failure.
      if (!hasLeft) throw error;
      return { done: true, value: undefined };
    }
    await this.#close();
    return { done: true, value: undefined };
  }

  async #fill(): Promise<void> {
    this.#unsubscribe ??= await this.#source.subscribe(() => {
      this.#behind = true;
      this.#wakeWaiting?.();
    });
    if (!this.#behind) await this.#wait();
    if (this.#ended) return;
    this.#behind = false;
    const { items, full } = await this.#source.read(this.#cursor);
    if (full) this.#behind = true;
    this.#buffer.push(...items);
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakeWaiting = null;
        this.#behind = true;
        resolve();
      };
      const timer = setTimeout(done, this.#source.pollMs);
      this.#wakeWaiting = done;
    });
  }

  async #close(): Promise<void> {
    this.#ended = true;
    this.#source.signal.removeEventListener('abort', this.#end);
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = null;
    await unsubscribe?.();
  }
}
