import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import { platformErrors } from '../errors/index.ts';
import type { EventStream } from './event-stream.ts';

/** Between this and the usual 60 s timeout of proxies there is room for a lost one. */
const HEARTBEAT_MS = 12_000;
/** Bytes that wait for a slow reader before the source is asked for no more. */
const BUFFERED_BYTES = 16_384;
/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;

const COMMENT = ':\n\n';
const COMPLETE = 'event: complete\ndata:\n\n';

const frame = (result: ExecutionResult): string => `event: next\ndata: ${JSON.stringify(result)}\n\n`;

/**
 * The results of an operation as the body of a `text/event-stream` answer, in the distinct-connections form of the
 * GraphQL over Server-Sent Events protocol. Ends with `complete` when the operation does; a drain ends it without, so
 * that clients connect again elsewhere. A slow reader slows the source.
 */
export class EventStreamBody extends Readable {
  readonly #results: EventStream<ExecutionResult>;
  readonly #draining: AbortSignal;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #drain = (): void => this.#finish('');
  #isPulling = false;
  #isOver = false;
  #takenAtMs = performance.now();

  constructor(results: EventStream<ExecutionResult>, draining: AbortSignal) {
    super({ highWaterMark: BUFFERED_BYTES, encoding: 'utf8' });
    this.#results = results;
    this.#draining = draining;
    // The first bytes send the headers, so that the client knows it is connected.
    this.push(COMMENT);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    if (draining.aborted) this.#drain();
    else draining.addEventListener('abort', this.#drain, { once: true });
  }

  /** Ends the stream with a last result, in place of those that would have come. */
  endWith(last: ExecutionResult): void {
    this.#finish(`${frame(last)}${COMPLETE}`);
  }

  override _read(): void {
    this.#takenAtMs = performance.now();
    if (this.#isPulling || this.#isOver) return;
    this.#isPulling = true;
    void this.#results.next().then((item) => {
      this.#isPulling = false;
      if (this.#isOver) return;
      if (item.done === true) this.#finish(COMPLETE);
      else this.push(frame(item.value));
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#finish(null);
    callback(error);
  }

  #beat(): void {
    if (this.readableLength === 0) this.push(COMMENT);
    else if (performance.now() - this.#takenAtMs > STALLED_MS) this.destroy(platformErrors.requestTimeout());
  }

  /** @param last What the client still gets; null when it is gone. */
  #finish(last: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    this.#draining.removeEventListener('abort', this.#drain);
    void this.#results.return();
    if (last === null) return;
    if (last !== '') this.push(last);
    this.push(null);
  }
}
