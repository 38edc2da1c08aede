import { Readable } from 'node:stream';
import type { RequestScope } from '@candlefish/kit/context';
import { type AppError, platformErrors } from '@candlefish/kit/errors';
import { type EventStream, graphqlErrorOf } from '@candlefish/kit/graphql';
import type { ExecutionResult } from 'graphql';
import { endOfCredential } from './credential-end.ts';
import type { GatewayHost } from './host.ts';

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
 * The results of an operation as a `text/event-stream` body, in the distinct-connections form of the GraphQL over SSE
 * protocol. Ends with `complete` when the operation does, and after an error when the credential ends; a drain ends it
 * without, so that clients connect again elsewhere.
 */
export class EventStreamBody extends Readable {
  readonly #results: EventStream<ExecutionResult>;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #stopWatching: () => void;
  readonly #draining: AbortSignal;
  #pulling = false;
  #over = false;
  #takenAtMs = Date.now();

  constructor(
    results: EventStream<ExecutionResult>,
    scope: RequestScope,
    host: Pick<GatewayHost, 'watch' | 'draining'>,
  ) {
    super({ highWaterMark: BUFFERED_BYTES, encoding: 'utf8' });
    this.#results = results;
    this.#draining = host.draining;
    // The first bytes send the headers, so that the client knows it is connected.
    this.push(COMMENT);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#stopWatching = endOfCredential(scope.actor, host, (why) => this.#refuse(why, scope.requestId));
    this.#draining.addEventListener('abort', this.#drain, { once: true });
    if (this.#draining.aborted) this.#drain();
  }

  override _read(): void {
    this.#takenAtMs = Date.now();
    if (this.#pulling || this.#over) return;
    this.#pulling = true;
    void this.#results.next().then((item) => {
      this.#pulling = false;
      if (this.#over) return;
      if (item.done === true) this.#finish(COMPLETE);
      else this.push(frame(item.value));
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#finish(null);
    callback(error);
  }

  readonly #drain = (): void => this.#finish('');

  #refuse(why: AppError, requestId: string): void {
    this.#finish(`${frame({ errors: [graphqlErrorOf(why, requestId)] })}${COMPLETE}`);
  }

  #beat(): void {
    if (this.readableLength === 0) this.push(COMMENT);
    else if (Date.now() - this.#takenAtMs > STALLED_MS) this.destroy(platformErrors.timeout());
  }

  /** @param last What the client still gets; null when it is gone. */
  #finish(last: string | null): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#heartbeat);
    this.#stopWatching();
    this.#draining.removeEventListener('abort', this.#drain);
    void this.#results.return();
    if (last === null) return;
    if (last !== '') this.push(last);
    this.push(null);
  }
}

/** One result as a stream of one. */
export function single(result: ExecutionResult): EventStream<ExecutionResult> {
  let given = false;
  const stream: EventStream<ExecutionResult> = {
    next: () => {
      if (given) return Promise.resolve({ done: true, value: undefined });
      given = true;
      return Promise.resolve({ done: false, value: result });
    },
    return: () => {
      given = true;
      return Promise.resolve({ done: true, value: undefined });
    },
    throw: (error) => Promise.reject(error),
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
