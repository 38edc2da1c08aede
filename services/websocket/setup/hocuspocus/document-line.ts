import type { Refusal } from '@candlefish/document/contract';
import type { Actor, Ctx } from '@candlefish/kit/context';
import {
  binaryFrame,
  CLOSE,
  type CloseCode,
  type Connection,
  type PauseReason,
  prefixedFrame,
} from '@candlefish/kit/sockets';
import { awarenessMessage, type ClientMessage, readClientMessage } from '../../domain/frames.ts';
import {
  addressPrefix,
  authenticated,
  documentClosed,
  documentIdIn,
  permissionDenied,
  syncStatus,
  tokenRequest,
} from '../../domain/hocuspocus-frames.ts';
import { SyncStatuses } from '../../domain/sync-statuses.ts';
import type { AccessLevel, DocumentCodec, Welcome } from '../documents/codec.ts';
import { DocumentMember } from '../documents/member.ts';
import type { DocumentsHost } from '../documents/tenant-documents.ts';

/** What a line is part of. */
export interface LineHost {
  readonly documents: DocumentsHost;
  readonly connection: Connection;
  /** A line is to be read, or not. All lines of a socket are read or none is. */
  pausing(line: DocumentLine, isPaused: boolean): void;
  /** The client has read what waited: `emptied` of every member is called. */
  tellWhenEmptied(): void;
  /** The line is over, the socket is not. */
  ended(line: DocumentLine): void;
}

/** Messages that may come before the credential has been verified: one read of the stream. */
const EARLY_MAX = 64;
/** What keeps a client from thinking that nobody is there: no states at all. */
export const SILENCE_FRAME = binaryFrame(awarenessMessage([]));
const SAVED_FRAME = binaryFrame(syncStatus(true));
const NOT_SAVED_FRAME = binaryFrame(syncStatus(false));
const TOKEN_FRAME = binaryFrame(tokenRequest());
const SCOPE_FRAMES = {
  view: binaryFrame(authenticated('readonly')),
  comment: binaryFrame(authenticated('readonly')),
  edit: binaryFrame(authenticated('read-write')),
  manage: binaryFrame(authenticated('read-write')),
} as const satisfies Record<AccessLevel, Buffer>;

/** Endings of one document on a socket, by the word the client gets; others end the socket, so that the client comes back. */
const ENDINGS: Partial<Record<CloseCode, string>> = {
  [CLOSE.malformed]: 'malformed',
  [CLOSE.unauthenticated]: 'unauthenticated',
  [CLOSE.forbidden]: 'forbidden',
  [CLOSE.notFound]: 'not_found',
  [CLOSE.reset]: 'epoch',
};
/** Refusals of an edit after which nothing that the client sends can be saved. */
const FINAL_REFUSALS: ReadonlySet<string> = new Set<Refusal>(['malformed', 'invalid', 'too_large']);

/**
 * One document on a Hocuspocus socket: to its member it is a connection of its own, and the codec of it. Frames of
 * y-websocket go out with the document's address in front of their content.
 */
export class DocumentLine implements Connection, DocumentCodec {
  readonly id: string;
  readonly address: string;
  readonly protocol = '';
  readonly #host: LineHost;
  readonly #prefix: Uint8Array;
  readonly #statuses = new SyncStatuses();
  #early: Buffer[] = [];
  #member: DocumentMember | null = null;
  #pauses = 0;
  #isOpen = true;
  #isLetIn = false;

  constructor(host: LineHost, id: string, address: string) {
    this.#host = host;
    this.id = id;
    this.address = address;
    this.#prefix = addressPrefix(address);
  }

  /** What is in the document for it; null until the credential is known to hold. */
  get member(): DocumentMember | null {
    return this.#member;
  }
  get actor(): Actor {
    return this.#host.connection.actor;
  }
  get waitingBytes(): number {
    return this.#host.connection.waitingBytes;
  }
  get isOpen(): boolean {
    return this.#isOpen && this.#host.connection.isOpen;
  }

  /** Joins the document as the caller, or by a share link. */
  join(share: string | null): void {
    const words = new Map(share === null ? [] : [['share', share]]);
    const request = { params: { documentId: documentIdIn(this.address) }, words };
    const member = new DocumentMember(this.#host.documents, this, request, this);
    this.#member = member;
    const early = this.#early;
    this.#early = [];
    for (const message of early) member.message(message, true);
  }

  /** Takes a message of y-websocket. */
  message(message: Buffer): void {
    if (this.#member !== null) this.#member.message(message, true);
    else if (this.#early.push(message) > EARLY_MAX) this.close(CLOSE.malformed, 'Too much before the answer');
  }

  /** The client has left the document, or the socket is closed. */
  left(): void {
    this.#isOpen = false;
    this.#member?.closed();
  }

  context(signal: AbortSignal): Ctx {
    return this.#host.connection.context(signal);
  }
  holds(token: string): boolean {
    return this.#host.connection.holds(token);
  }
  renew(token: string): Promise<void> {
    return this.#host.connection.renew(token);
  }
  tellWhenEmptied(): void {
    this.#host.tellWhenEmptied();
  }

  write(frame: Buffer): void {
    if (this.#isOpen) this.#host.connection.write(prefixedFrame(this.#prefix, frame));
  }

  pause(reason: PauseReason): void {
    if (this.#pauses === 0 && this.#isOpen) this.#host.pausing(this, true);
    this.#pauses |= reason;
  }

  resume(reason: PauseReason): void {
    const before = this.#pauses;
    this.#pauses &= ~reason;
    if (before !== 0 && this.#pauses === 0) this.#host.pausing(this, false);
  }

  close(code: CloseCode, reason: string): void {
    const word = ENDINGS[code];
    if (word === undefined) this.#host.connection.close(code, reason);
    else this.#end(word, code === CLOSE.malformed || code === CLOSE.reset ? null : word);
  }

  read(message: Buffer): ClientMessage {
    const read = readClientMessage(message);
    if (read.type === 'step-1') this.#statuses.begin(read.stateVector);
    return read.type === 'edit' ? { ...read, number: this.#statuses.take(read.update, read.isAnswer) } : read;
  }

  joined(_connection: Connection, { access }: Welcome): void {
    this.#isLetIn = true;
    this.write(SCOPE_FRAMES[access]);
  }

  levelled(_connection: Connection, access: AccessLevel): void {
    this.write(SCOPE_FRAMES[access]);
  }

  expiring(): void {
    this.write(TOKEN_FRAME);
  }

  beat(): void {
    this.write(SILENCE_FRAME);
  }

  leaving(): void {
    // There is no word for it: clients come back by their own clock.
  }

  closing(): void {
    // The close code of the socket says all there is to say.
  }

  saved(_connection: Connection, number: number): void {
    for (let due = this.#statuses.settle(number); due > 0; due -= 1) this.write(SAVED_FRAME);
  }

  refused(_connection: Connection, number: number | null, code: Refusal | 'read_only'): void {
    if (number === null) return;
    const isFinal = FINAL_REFUSALS.has(code);
    this.#statuses.refuse(number, !isFinal && code !== 'read_only');
    this.write(NOT_SAVED_FRAME);
    if (isFinal) this.#end(`refused: ${code}`, null);
  }

  /** @param denial the reason why the client is not let in, or not any more; null for other endings. */
  #end(reason: string, denial: string | null): void {
    if (!this.#isOpen) return;
    if (denial !== null) this.write(binaryFrame(permissionDenied(denial)));
    if (denial === null || this.#isLetIn) this.write(binaryFrame(documentClosed(reason)));
    this.#isOpen = false;
    this.#host.ended(this);
    // Like the close of a socket: not while somebody goes through the members of the room.
    queueMicrotask(() => this.#member?.closed());
  }
}
