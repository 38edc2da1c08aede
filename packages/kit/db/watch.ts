import { connect } from 'node:net';
import type { PoolClient } from 'pg';

/** How often running statements are looked at. A caller that leaves frees its connection within about this. */
const LOOK_MS = 200;
/** An answer may come this much after the server's own time limit, or after a cancellation, before the line counts as dead. */
const GRACE_MS = 2_000;
/** A cancellation is one small packet; a server that takes longer to accept it is not there. */
const CANCEL_MAX_MS = 2_000;

/** Who waits for an answer. */
export interface Callers {
  /** Whether none of them waits any more. */
  haveLeft(): boolean;
  /** What they hear of a statement that was cancelled because they left. */
  readonly reason: unknown;
}

/** The caller who leaves when a signal aborts. */
export const callerOf = (signal: AbortSignal | undefined): Callers => ({
  haveLeft: () => signal?.aborted === true,
  get reason() {
    return signal?.reason;
  },
});

/** One statement, or several in one round, that wait for their answer. */
interface Running {
  readonly client: PoolClient;
  readonly callers: Callers;
  deadline: number;
  cancelling: Promise<void> | null;
}

/** pg's client, as far as cancelling and cutting need it. */
interface ClientParts {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly connection: { readonly stream: { destroy(error: Error): void } };
}

/**
 * Looks after statements whose caller has gone or whose server does not answer. One timer for all of them, since a timer
 * or an abort listener per statement would cost more than sending it.
 */
export class StatementWatch {
  readonly #running = new Set<Running>();
  readonly #answerMaxMs: number;
  #timer: ReturnType<typeof setInterval> | null = null;

  /** @param statementTimeoutMs What the server was told to end statements at. */
  constructor(statementTimeoutMs: number) {
    this.#answerMaxMs = statementTimeoutMs + GRACE_MS;
  }

  /**
   * Waits for `answer` under watch: when the callers leave the server is asked to cancel the statement, silence past all
   * limits cuts the connection. Returns only when no cancellation can reach a later statement of the connection.
   * @throws the callers' reason when the statement was cancelled for it.
   */
  async over<T>(client: PoolClient, callers: Callers, answer: Promise<T>): Promise<T> {
    const running: Running = { client, callers, deadline: performance.now() + this.#answerMaxMs, cancelling: null };
    this.#running.add(running);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    try {
      return await answer;
    } catch (error) {
      if (running.cancelling !== null && !(error instanceof SilenceError)) throw callers.reason;
      throw error;
    } finally {
      this.#running.delete(running);
      if (running.cancelling !== null) await running.cancelling;
    }
  }

  #look(): void {
    const now = performance.now();
    for (const running of this.#running) {
      if (now > running.deadline) cut(running.client);
      else if (running.cancelling === null && running.callers.haveLeft()) {
        running.deadline = Math.min(running.deadline, now + GRACE_MS);
        running.cancelling = cancel(running.client);
      }
    }
    if (this.#running.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }
}

/** The server kept silent past every limit. */
class SilenceError extends Error {
  override readonly name = 'SilenceError';
  readonly code = 'ETIMEDOUT';
}

function cut(client: PoolClient): void {
  partsOf(client).connection.stream.destroy(new SilenceError('the database does not answer'));
}

/**
 * Sends a CancelRequest on a connection of its own and waits until the server closes it, which it does after the signal
 * is on its way. A request that gets lost is no failure: the statement then ends at its time limit.
 * @see PostgreSQL manual, 54.2.9 "Canceling Requests in Progress".
 */
function cancel(client: PoolClient): Promise<void> {
  const { host, port, processID, secretKey } = partsOf(client);
  if (processID === null || secretKey === null) return Promise.resolve();
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80_877_102, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(CANCEL_MAX_MS, () => socket.destroy());
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve());
    // Not ended: a pooler takes the end for a client that has changed its mind.
    socket.write(request);
    socket.resume();
  });
}

const partsOf = (client: PoolClient): ClientParts => client as unknown as ClientParts;
