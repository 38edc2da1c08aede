import type { Agent } from 'undici';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request to another process of the platform. */
export interface JsonPost {
  /** `http://host:port` */
  readonly origin: string;
  readonly path: string;
  /** Beside `content-type`, which is added. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
  readonly signal: AbortSignal;
  /** A larger answer is refused. */
  readonly answerBytesMax: number;
}

/** The other process's answer, of whatever status. */
export interface JsonAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Headers;
  readonly body: unknown;
}

/**
 * Sends JSON and reads JSON. By undici's own events and not by its `request`, whose body is a stream: between processes,
 * where answers are small and many, the stream costs more than the exchange.
 * @throws the signal's reason once it has aborted; Error when the exchange failed, the answer is too large or no JSON.
 */
export const postJson = (agent: Agent, post: JsonPost): Promise<JsonAnswer> =>
  new Promise((resolve, reject) => {
    post.signal.throwIfAborted();
    new Exchange(post, resolve, reject).start(agent);
  });

interface Controller {
  abort(reason: Error): void;
}

class Exchange {
  readonly #post: JsonPost;
  readonly #resolve: (answer: JsonAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #controller: Controller | null = null;
  readonly #leave = (): void => this.#fail(this.#post.signal.reason);

  constructor(post: JsonPost, resolve: (answer: JsonAnswer) => void, reject: (error: unknown) => void) {
    this.#post = post;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(agent: Agent): void {
    const { origin, path, headers, body, signal } = this.#post;
    signal.addEventListener('abort', this.#leave);
    agent.dispatch(
      { origin, path, method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body },
      this,
    );
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    // It may have waited for a connection.
    if (this.#post.signal.aborted) this.#leave();
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    const { answerBytesMax, path } = this.#post;
    if (this.#bytes > answerBytesMax) this.#fail(new Error(`${path} answered with more than ${answerBytesMax} bytes`));
  }

  onResponseEnd(): void {
    this.#end();
    try {
      const [only] = this.#chunks;
      const bytes = only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
      this.#resolve({ status: this.#status, headers: this.#headers, body: JSON.parse(bytes.toString()) });
    } catch (error) {
      this.#reject(error);
    }
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #fail(reason: unknown): void {
    this.#end();
    this.#reject(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error(String(reason)));
  }

  #end(): void {
    this.#post.signal.removeEventListener('abort', this.#leave);
  }
}
