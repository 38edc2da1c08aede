import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Actor, Credential, Ctx } from '../context/index.ts';
import type { CloseCode } from './close-codes.ts';
import { PING_FRAME } from './frame.ts';
import type { Connection, PauseReason, SocketHandler, SocketRequest } from './types.ts';

/** Half a minute and two more: the usual idle time of proxies is a minute. */
const PING_EVERY_MS = 25_000;
/** Pings that may stay unanswered. */
const MISSED_MAX = 2;
/** A client is told this long before its credential ends. */
const RENEW_BEFORE_MS = 60_000;
/** Frames of a turn are joined up to this size. */
const JOINED_BYTES_MAX = 16_384;
/** Messages that may come in one read with the first one, while the credential is verified. */
const QUEUED_MAX = 256;

/** What all connections of a server share. */
export interface ConnectionHost {
  contextOf(connection: LiveConnection, signal: AbortSignal): Ctx;
  renew(connection: LiveConnection, token: string): Promise<void>;
  /** Counts a frame. */
  counted(direction: 'in' | 'out'): void;
  /** Calls `send` at the end of this turn. */
  sendSoon(connection: LiveConnection): void;
  failed(connection: LiveConnection, error: unknown): void;
}

/** What is known of a connection from its upgrade on. */
export interface ConnectionStart {
  readonly id: string;
  readonly service: string;
  readonly clientAddress: string | null;
  readonly request: SocketRequest;
  readonly nowMs: number;
}

/** A connection from its upgrade to its end. Kept small: there may be a hundred thousand idle ones. */
export class LiveConnection implements Connection {
  readonly id: string;
  readonly service: string;
  readonly clientAddress: string | null;
  readonly request: SocketRequest;
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly #host: ConnectionHost;
  /** Null until the credential is known to hold. */
  handler: SocketHandler | null = null;
  credential: Credential | null = null;
  isClosed = false;
  /** When the credential must have come; then when the next ping is due. On the clock of `performance.now()`. */
  dueAtMs: number;
  #actor: Actor | null = null;
  #queued: (readonly [Buffer, boolean])[] | null = [];
  #pauses = 0;
  #missed = 0;
  /** Frames of this turn: most often there is one. */
  #unsent: Buffer | Buffer[] | null = null;
  #isWarned = false;

  constructor(socket: WebSocket, stream: Duplex, host: ConnectionHost, start: ConnectionStart) {
    this.socket = socket;
    this.stream = stream;
    this.#host = host;
    this.id = start.id;
    this.service = start.service;
    this.clientAddress = start.clientAddress;
    this.request = start.request;
    this.dueAtMs = start.nowMs;
  }

  get protocol(): string {
    return this.socket.protocol;
  }
  get actor(): Actor {
    if (this.#actor === null) throw new Error('the connection was not let in yet');
    return this.#actor;
  }
  /** Null until the credential is known to hold. */
  get knownActor(): Actor | null {
    return this.#actor;
  }
  get waitingBytes(): number {
    return this.stream.writableLength + this.#unsentBytes;
  }
  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  context(signal: AbortSignal): Ctx {
    return this.#host.contextOf(this, signal);
  }

  write(frame: Buffer): void {
    if (!this.isOpen) return;
    this.#host.counted('out');
    if (this.#unsent === null) {
      this.#unsent = frame;
      this.#host.sendSoon(this);
    } else if (Array.isArray(this.#unsent)) this.#unsent.push(frame);
    else this.#unsent = [this.#unsent, frame];
  }

  /** Sends the frames of this turn, in one piece: copying small ones costs less than handing over each. */
  send(): void {
    const unsent = this.#unsent;
    this.#unsent = null;
    if (unsent === null || !this.isOpen) return;
    if (!Array.isArray(unsent)) this.stream.write(unsent);
    else if (bytesOf(unsent) <= JOINED_BYTES_MAX) this.stream.write(Buffer.concat(unsent));
    else {
      this.stream.cork();
      for (const frame of unsent) this.stream.write(frame);
      this.stream.uncork();
    }
  }

  get #unsentBytes(): number {
    const unsent = this.#unsent;
    if (unsent === null) return 0;
    return Array.isArray(unsent) ? bytesOf(unsent) : unsent.length;
  }

  tellWhenEmptied(): void {
    this.send();
    if (!this.stream.writableNeedDrain) queueMicrotask(() => this.handler?.emptied());
    else this.stream.once('drain', () => this.handler?.emptied());
  }

  pause(reason: PauseReason): void {
    if (this.#pauses === 0) this.socket.pause();
    this.#pauses |= reason;
  }

  resume(reason: PauseReason): void {
    const before = this.#pauses;
    this.#pauses &= ~reason;
    if (before !== 0 && this.#pauses === 0) this.socket.resume();
  }

  holds(token: string): boolean {
    return this.credential?.value === token;
  }

  renew(token: string): Promise<void> {
    return this.#host.renew(this, token);
  }

  /** Sets whose connection it is. */
  assume(actor: Actor, credential: Credential | null): void {
    this.#actor = actor;
    this.credential = credential;
    this.#isWarned = false;
  }

  /** Hands the connection to its handler, with the messages that have come meanwhile. */
  begin(handler: SocketHandler, nowMs: number): void {
    this.handler = handler;
    this.dueAtMs = nowMs + PING_EVERY_MS;
    const queued = this.#queued ?? [];
    this.#queued = null;
    for (const [data, isBinary] of queued) this.receive(data, isBinary);
  }

  /** Gives back the messages that wait for the credential. */
  forget(): readonly (readonly [Buffer, boolean])[] {
    const queued = this.#queued ?? [];
    this.#queued = [];
    return queued;
  }

  /** Takes a message. @returns false when too many wait for the credential. */
  receive(data: Buffer, isBinary: boolean): boolean {
    this.#missed = 0;
    this.#host.counted('in');
    if (this.handler === null) {
      if (this.#queued === null || this.#queued.length >= QUEUED_MAX) return false;
      this.#queued.push([data, isBinary]);
      return true;
    }
    try {
      if (!this.isClosed) this.handler.message(data, isBinary);
    } catch (error) {
      this.#host.failed(this, error);
    }
    return true;
  }

  /** The client is alive. */
  heard(): void {
    this.#missed = 0;
  }

  /** Pings when it is time. @returns whether the client has answered often enough. */
  beat(nowMs: number): boolean {
    if (nowMs < this.dueAtMs) return true;
    // What is not read cannot show that the client answers.
    if (this.#pauses !== 0) this.#missed = 0;
    if (this.#missed >= MISSED_MAX) return false;
    this.#missed += 1;
    this.dueAtMs = nowMs + PING_EVERY_MS;
    this.write(PING_FRAME);
    this.handler?.beat();
    return true;
  }

  /** Tells the handler once when the credential ends soon. @returns whether it still holds. */
  isCurrent(now: number): boolean {
    const expiresAt = this.#actor?.expiresAt ?? null;
    if (expiresAt === null) return true;
    const leftMs = expiresAt.getTime() - now;
    if (leftMs <= 0) return false;
    if (leftMs <= RENEW_BEFORE_MS && !this.#isWarned) {
      this.#isWarned = true;
      this.handler?.expiring(expiresAt);
    }
    return true;
  }

  close(code: CloseCode, reason: string): void {
    if (!this.isOpen) return;
    this.handler?.refused(code, reason);
    this.end(code, reason);
  }

  /** Ends the connection behind the frames of this turn. */
  end(code: CloseCode, reason: string): void {
    this.send();
    this.socket.close(code, reason);
  }
}

const bytesOf = (frames: readonly Buffer[]): number => frames.reduce((sum, { length }) => sum + length, 0);
