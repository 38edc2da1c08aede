import { isAppError } from '@candlefish/kit/errors';
import { binaryFrame, CLOSE, type Connection, PAUSE, prefixedFrame, type SocketHandler } from '@candlefish/kit/sockets';
import {
  addressPrefix,
  deniedAt,
  type HocuspocusMessage,
  readHocuspocusMessage,
  shareIn,
} from '../../domain/hocuspocus-frames.ts';
import { Meter } from '../../domain/meter.ts';
import type { DocumentsHost } from '../documents/tenant-documents.ts';
import { DocumentLine, type LineHost, SILENCE_FRAME } from './document-line.ts';

/** Documents of one socket: each is in a room as a socket of its own would be; the channel has as many rooms. */
const LINES_MAX = 50;
/** Credentials beside the one of the socket that may fail: whoever tries more guesses. */
const WRONG_CREDENTIALS_MAX = 5;
/** What joining a document takes of the sender's bytes: as much as reading it. */
const JOIN_COST_BYTES = 32_768;
/** Longest rest of a socket that sends too much. */
const LONGEST_REST_MS = 5_000;

/** One Hocuspocus socket: several documents of one caller. */
export class HocuspocusSession implements SocketHandler, LineHost {
  readonly documents: DocumentsHost;
  readonly connection: Connection;
  readonly #lines = new Map<string, DocumentLine>();
  readonly #paused = new Set<DocumentLine>();
  /** For messages that are no document's to charge. */
  readonly #strays = new Meter();
  readonly #strayBytes = new Meter();
  /** The address that was last heard: what is said there to keep the client needs no document. */
  #address = '';
  #rest: NodeJS.Timeout | undefined;
  #opened = 0;
  #wrongCredentials = 0;
  #awaitsEmptied = false;

  constructor(documents: DocumentsHost, connection: Connection) {
    this.documents = documents;
    this.connection = connection;
  }

  message(data: Buffer, isBinary: boolean): void {
    let message: HocuspocusMessage | null;
    try {
      if (!isBinary) throw new Error('messages are binary');
      message = readHocuspocusMessage(data);
    } catch {
      this.connection.close(CLOSE.malformed, 'The message cannot be read');
      return;
    }
    const line = message === null ? undefined : this.#lines.get(message.address);
    if (message?.type === 'inner' && line !== undefined) {
      line.message(message.message);
      return;
    }
    this.#charge(message?.type === 'token' ? JOIN_COST_BYTES : data.length);
    if (message?.type === 'token') this.#greet(message.address, message.token, line);
    else if (message?.type === 'leave' && line !== undefined) this.#leave(line);
    // Else a sign of life, a word for other clients, or for a document that is not open: nothing of it is kept.
  }

  renewed(): void {
    for (const line of this.#lines.values()) line.member?.renewed();
  }

  /** The successor of the credential is good for all documents of the socket, so one is asked for it. */
  expiring(): void {
    const [line] = this.#lines.values();
    line?.expiring();
  }

  /** One word for all documents: it is the socket that a client gives up when nothing comes. */
  beat(): void {
    this.connection.write(prefixedFrame(addressPrefix(this.#address), SILENCE_FRAME));
  }

  emptied(): void {
    this.#awaitsEmptied = false;
    for (const line of this.#lines.values()) line.member?.emptied();
  }

  leaving(delayMs: number): void {
    for (const line of this.#lines.values()) line.member?.leaving(delayMs);
  }

  refused(): void {
    // The close code and its reason say all there is to say.
  }

  closed(): void {
    clearTimeout(this.#rest);
    for (const line of this.#lines.values()) line.left();
    this.#lines.clear();
  }

  pausing(line: DocumentLine, isPaused: boolean): void {
    if (isPaused) this.#paused.add(line);
    else this.#paused.delete(line);
    if (this.#paused.size > 0) this.connection.pause(PAUSE.backlog);
    else this.connection.resume(PAUSE.backlog);
  }

  tellWhenEmptied(): void {
    if (this.#awaitsEmptied) return;
    this.#awaitsEmptied = true;
    this.connection.tellWhenEmptied();
  }

  ended(line: DocumentLine): void {
    this.#lines.delete(line.address);
    this.pausing(line, false);
  }

  #leave(line: DocumentLine): void {
    this.ended(line);
    line.left();
  }

  /** A message that no document is charged for. */
  #charge(bytes: number): void {
    const { rates } = this.documents;
    const nowMs = performance.now();
    const waits = [this.#strays.take(1, rates.edits, nowMs), this.#strayBytes.take(bytes, rates.bytes, nowMs)];
    const waitMs = Math.min(Math.max(...waits), LONGEST_REST_MS);
    if (waitMs === 0) return;
    this.connection.pause(PAUSE.rate);
    // Several messages come in one read: the last of them has to rest longest.
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.connection.resume(PAUSE.rate), waitMs);
  }

  #greet(address: string, token: string, line: DocumentLine | undefined): void {
    this.#address = address;
    const share = shareIn(token);
    const isKnown = share !== null || token === '' || this.connection.holds(token);
    if (line !== undefined) {
      if (!isKnown) this.#verify(line, token, () => undefined);
      return;
    }
    if (this.#lines.size >= LINES_MAX) {
      this.connection.write(binaryFrame(deniedAt(address, 'too_many_documents')));
      return;
    }
    this.#opened += 1;
    const opened = new DocumentLine(this, `${this.connection.id}:${this.#opened}`, address);
    this.#lines.set(address, opened);
    if (isKnown) opened.join(share);
    else this.#verify(opened, token, () => opened.join(null));
  }

  /** Takes another token in place of the socket's credential: a socket is one person's. */
  #verify(line: DocumentLine, token: string, done: () => void): void {
    // A new credential is looked at by every document of the socket.
    this.#charge(JOIN_COST_BYTES * this.#lines.size);
    line.pause(PAUSE.admission);
    this.connection.renew(token).then(
      () => {
        line.resume(PAUSE.admission);
        if (line.isOpen) done();
      },
      (error: unknown) => {
        line.resume(PAUSE.admission);
        if (!isAppError(error) || error.status !== 401) {
          this.connection.close(CLOSE.tryLater, 'The credential cannot be verified just now');
          return;
        }
        line.close(CLOSE.unauthenticated, 'The credential does not hold');
        this.#wrongCredentials += 1;
        if (this.#wrongCredentials > WRONG_CREDENTIALS_MAX) {
          this.connection.close(CLOSE.unauthenticated, 'Too many credentials have failed');
        }
      },
    );
  }
}
