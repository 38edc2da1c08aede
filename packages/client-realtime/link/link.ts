import { type Message, numberOf, readMessage, textOf } from '../messages.ts';
import { type AfterClose, afterClose } from './close-codes.ts';
import { admission, authMessage, type CredentialSource } from './credential.ts';
import { onReturn } from './environment.ts';
import { type OpenSocket, openGlobalSocket, type Socket } from './socket.ts';
import { DEFAULT_TIMING, retryDelayMs, type Timing } from './timing.ts';

/** Where a link is: `waiting` for its next try, `connecting`, `open` once the server has let it in, `ended` for good. */
export type LinkPhase = 'waiting' | 'connecting' | 'open' | 'ended';

/** Why a link stopped trying. */
export interface Ending {
  /** Close code of the server; 1000 when it was this side that left. */
  readonly code: number;
  /** Code of the server's last error message, or `left`. */
  readonly reason: string;
}

/** What a link needs to know. */
export interface LinkOptions {
  /** `ws:` or `wss:` address. */
  readonly url: string;
  /** Subprotocol that the server is to choose. */
  readonly protocol: string;
  readonly credential: CredentialSource;
  readonly shareToken?: string | undefined;
  readonly openSocket?: OpenSocket | undefined;
  readonly timing?: Partial<Timing> | undefined;
  /** Gives 0 ≤ x < 1; a test gives its own. */
  readonly random?: (() => number) | undefined;
}

/** What a link tells its owner. */
export interface LinkHandlers {
  phase(phase: LinkPhase): void;
  text(message: Message): void;
  binary(bytes: Uint8Array): void;
  /** A connection is gone; before the wait for the next one. */
  closed(after: AfterClose): void;
  ended(ending: Ending): void;
  /** A try failed on this side: the credential could not be had, or the socket not be made. */
  failed(error: unknown): void;
  /** What to send to get a sign of life. */
  probe(): string | Uint8Array;
}

/** A server that tells a longer wait than this is not believed. */
const TOLD_DELAY_MAX_MS = 300_000;
/** The watch looks so many times in the shortest time it watches. */
const LOOKS = 3;

/**
 * One connection that comes back: credential, backoff with jitter, the server's delays and close codes, sign of life,
 * renewal of the credential. Its owner calls `letIn` when the server's first message says so.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  readonly #timing: Timing;
  readonly #random: () => number;
  readonly #stopListening: () => void;
  #phase: LinkPhase = 'waiting';
  #socket: Socket | null = null;
  /** Rises with every try, so that what belongs to an earlier one is known. */
  #turn = 0;
  #attempts = 0;
  #letInAt = 0;
  #heardAt = 0;
  #probed = false;
  #told: { delayMs: number | null; error: string } = { delayMs: null, error: '' };
  #retry: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#random = options.random ?? Math.random;
    this.#stopListening = onReturn(() => {
      if (this.#phase === 'waiting') this.#startTry();
    });
  }

  get phase(): LinkPhase {
    return this.#phase;
  }

  /** Bytes that wait in the socket's buffer. */
  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Starts trying. */
  start(): void {
    if (this.#phase === 'waiting' && this.#retry === undefined) this.#startTry();
  }

  /** The server has let this connection in. */
  letIn(): void {
    clearTimeout(this.#deadline);
    this.#letInAt = performance.now();
    this.#setPhase('open');
  }

  /** Sends on the connection; false when there is none, for then it is the owner who keeps what he has. */
  send(data: string | Uint8Array): boolean {
    if (this.#socket === null || this.#phase !== 'open') return false;
    this.#socket.send(data);
    return true;
  }

  /** Leaves this connection and comes back after the usual wait. */
  reconnect(): void {
    if (this.#phase === 'ended') return;
    this.#drop();
    this.#lost('retry');
  }

  /** Leaves for good. */
  end(ending: Ending = { code: 1000, reason: 'left' }): void {
    if (this.#phase === 'ended') return;
    this.#drop();
    clearTimeout(this.#retry);
    this.#stopListening();
    this.#setPhase('ended');
    this.#handlers.ended(ending);
  }

  #startTry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#turn += 1;
    const turn = this.#turn;
    this.#told = { delayMs: null, error: '' };
    this.#setPhase('connecting');
    this.#deadline = setTimeout(() => {
      this.#drop();
      this.#lost('retry');
    }, this.#timing.connectMaxMs);
    this.#open(turn).catch((error: unknown) => {
      if (turn !== this.#turn) return;
      this.#drop();
      this.#handlers.failed(error);
      this.#lost('retry');
    });
  }

  async #open(turn: number): Promise<void> {
    const { credential, openSocket = openGlobalSocket, protocol, shareToken, url } = this.#options;
    const shown = admission(protocol, await credential('connect'), shareToken ?? null);
    if (turn !== this.#turn) return;
    const socket = openSocket(url, shown.protocols, shown.headers);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heard();
    this.#watch = setInterval(
      () => this.#look(),
      Math.min(this.#timing.probeAfterMs, this.#timing.silenceMaxMs) / LOOKS,
    );
    socket.onopen = () => {
      if (socket.protocol === protocol) {
        if (shown.firstMessage !== null) socket.send(shown.firstMessage);
        return;
      }
      this.#drop();
      this.#handlers.failed(new Error(`the server chose the subprotocol "${socket.protocol}", not "${protocol}"`));
      this.#lost('retry');
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => {
      this.#drop();
      this.#lost(afterClose(code), code);
    };
    // A close follows every error and says what is to be done.
    socket.onerror = () => undefined;
  }

  #receive(data: unknown): void {
    this.#heard();
    if (typeof data !== 'string') {
      this.#handlers.binary(new Uint8Array(data as ArrayBuffer));
      return;
    }
    const message = readMessage(data);
    if (message === null) return;
    if (message.type === 'reconnect') this.#told.delayMs = numberOf(message['delayMs'], 0);
    else if (message.type === 'error') this.#told.error = textOf(message['code'], '');
    else if (message.type === 'auth_refresh') this.#refresh();
    else this.#handlers.text(message);
  }

  #refresh(): void {
    const turn = this.#turn;
    const renew = async (): Promise<void> => {
      const next = await this.#options.credential('refresh');
      if (turn !== this.#turn) return;
      if (next !== null && 'token' in next) this.send(authMessage(next.token));
      else this.reconnect();
    };
    renew().catch((error: unknown) => {
      // The connection lives on until its credential ends; the next try asks for a new one again.
      if (turn === this.#turn) this.#handlers.failed(error);
    });
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#probed = false;
  }

  #look(): void {
    const silenceMs = performance.now() - this.#heardAt;
    if (silenceMs >= this.#timing.silenceMaxMs) {
      this.#drop();
      this.#lost('retry');
    } else if (silenceMs >= this.#timing.probeAfterMs && !this.#probed) {
      this.#probed = this.send(this.#handlers.probe());
    }
  }

  /** Forgets the socket at once: the closing handshake of a dead connection would take minutes. */
  #drop(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#watch);
    this.#turn += 1;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost(after: AfterClose, code = 1006): void {
    const wasOpen = this.#phase === 'open';
    if (wasOpen && performance.now() - this.#letInAt >= this.#timing.stableAfterMs) this.#attempts = 0;
    const { delayMs, error } = this.#told;
    if (after === 'give_up') {
      this.#handlers.closed(after);
      this.end({ code, reason: error });
      return;
    }
    const waitMs = this.#waitMs(after, delayMs);
    this.#attempts += 1;
    // Before the phase, for what was on its way is judged by how the connection ended.
    this.#handlers.closed(after);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#startTry(), waitMs);
    this.#setPhase('waiting');
  }

  #waitMs(after: AfterClose, toldMs: number | null): number {
    if (toldMs !== null) return Math.min(Math.max(toldMs, 0), TOLD_DELAY_MAX_MS);
    if (after === 'retry_late') return this.#timing.quotaWaitMs * (0.5 + this.#random() / 2);
    return retryDelayMs(this.#attempts, this.#timing, this.#random);
  }

  #setPhase(phase: LinkPhase): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    this.#handlers.phase(phase);
  }
}
