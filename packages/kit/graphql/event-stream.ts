/**
 * A stream that its reader can leave at any time: `return` ends it at once, even while `next` waits, which an async
 * generator does not do.
 */
export interface EventStream<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
  throw(error: unknown): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): EventStream<T>;
}

/** What an event stream is made of. */
export interface EventStreamOptions<Event, T> {
  readonly source: AsyncIterable<Event>;
  /** Ends the stream when it aborts. */
  readonly signal: AbortSignal;
  /** Tells the source, through the signal it was given, that its reader has left. */
  leave(): void;
  map(event: Event): T | Promise<T>;
  /** The last item of a stream whose source failed. */
  failed(error: unknown): T;
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/** The stream of mapped events of a source. One item is asked for at a time, so a slow reader slows the source. */
export function eventStream<Event, T>(options: EventStreamOptions<Event, T>): EventStream<T> {
  const { signal, leave, map, failed } = options;
  const iterator = options.source[Symbol.asyncIterator]();
  const waiting = new Set<(result: IteratorReturnResult<undefined>) => void>();
  let ended = false;

  const close = (): void => {
    if (ended) return;
    ended = true;
    signal.removeEventListener('abort', end);
    leave();
    // Not awaited: a generator answers `return` only when the promise it waits for settles.
    iterator.return?.()?.then(undefined, () => undefined);
  };
  const end = (): void => {
    close();
    for (const answer of waiting) answer(DONE);
    waiting.clear();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });

  const advance = async (): Promise<IteratorResult<T, undefined>> => {
    try {
      const item = await iterator.next();
      if (item.done !== true) return { done: false, value: await map(item.value) };
      close();
      return DONE;
    } catch (error) {
      if (ended) return DONE;
      close();
      return { done: false, value: failed(error) };
    }
  };

  const next = (): Promise<IteratorResult<T, undefined>> =>
    new Promise((resolve) => {
      if (ended) {
        resolve(DONE);
        return;
      }
      waiting.add(resolve);
      void advance().then((result) => {
        waiting.delete(resolve);
        resolve(result);
      });
    });

  const stream: EventStream<T> = {
    next,
    return: () => {
      end();
      return Promise.resolve(DONE);
    },
    throw: (error) => {
      end();
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
