import { joinDocument, type Refusal, type Writer } from '@candlefish/document/contract';
import { isAppError } from '@candlefish/kit/errors';
import {
  CLOSE,
  type CloseCode,
  type Connection,
  PAUSE,
  type SocketHandler,
  type SocketRequest,
} from '@candlefish/kit/sockets';
import type { Logger } from '@candlefish/kit/telemetry';
import { VALUE_BYTES_MAX } from '../../domain/channel-messages.ts';
import { type ClientMessage, isEmptyUpdate, onlyDeletes, readAwareness } from '../../domain/frames.ts';
import { Meter } from '../../domain/meter.ts';
import type { Person } from '../../domain/person.ts';
import { stateIn, tokenIn, withUser } from './client-json.ts';
import type { AccessLevel, DocumentCodec } from './codec.ts';
import type { MemberFace } from './member-face.ts';
import { DocumentReader } from './reader.ts';
import { Receipts } from './receipts.ts';
import type { DocumentsHost, Entered } from './tenant-documents.ts';

/** Messages that may come before the document has answered who may be in: one read of the stream. */
const EARLY_MAX = 64;
/** Longest join, first sync or repair. */
const CALL_MAX_MS = 10_000;
/** Pause before the end of a share link is asked about again: clocks of two machines differ a little. */
const ASK_AGAIN_MIN_MS = 250;
/** A timer keeps no longer times. */
const ASK_AGAIN_MAX_MS = 2 ** 31 - 1;

/** One connection in one document. */
export class DocumentMember implements SocketHandler, MemberFace {
  /** The client id it speaks for in awareness; null until it has spoken. */
  clientId: number | null = null;
  readonly connection: Connection;
  readonly reader = new DocumentReader(this);
  readonly #host: DocumentsHost;
  readonly #request: SocketRequest;
  readonly #codec: DocumentCodec;
  readonly #edits = new Meter();
  readonly #bytes = new Meter();
  #early: Buffer[] | null = [];
  #place: Entered | null = null;
  #access: AccessLevel = 'view';
  #writer: Writer | null = null;
  #user: Person = NOBODY;
  readonly #receipts = new Receipts();
  /** Asks again when the share link that lets it in ends. */
  #ending: NodeJS.Timeout | undefined;
  #resting: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(host: DocumentsHost, connection: Connection, request: SocketRequest, codec: DocumentCodec) {
    this.#host = host;
    this.#codec = codec;
    this.connection = connection;
    this.#request = request;
    connection.pause(PAUSE.admission);
    this.#join().catch((error: unknown) => this.#refuseJoin(error));
  }

  /** Who writes. @throws Error before the document has let it in. */
  get writer(): Writer {
    if (this.#writer === null) throw new Error('nobody writes before they are let in');
    return this.#writer;
  }
  /** How others see it. */
  get user(): Person {
    return this.#user;
  }
  get log(): Logger {
    return this.#host.log;
  }

  message(data: Buffer, isBinary: boolean): void {
    if (this.#early !== null) {
      if (this.#early.push(data) > EARLY_MAX || !isBinary) this.end(CLOSE.malformed, 'Too much before the answer');
      return;
    }
    if (!isBinary) {
      this.#text(data);
      return;
    }
    let message: ClientMessage;
    try {
      message = this.#codec.read(data);
    } catch {
      this.end(CLOSE.malformed, 'The message cannot be read');
      return;
    }
    this.#take(message);
  }

  renewed(): void {
    if (this.#place !== null) this.checkAccess();
  }

  expiring(expiresAt: Date): void {
    this.#codec.expiring(this.connection, expiresAt);
  }

  beat(): void {
    this.#codec.beat(this.connection);
  }

  leaving(delayMs: number): void {
    this.flush();
    this.#codec.leaving(this.connection, delayMs);
  }

  refused(code: CloseCode, message: string): void {
    this.#codec.closing(this.connection, code, message);
  }

  closed(): void {
    this.#isEnded = true;
    clearTimeout(this.#ending);
    clearTimeout(this.#resting);
    const place = this.#place;
    this.#place = null;
    if (place === null) return;
    if (this.clientId !== null) place.awareness.remove(this.clientId);
    place.leave();
  }

  emptied(): void {
    void this.reader.emptied(this.#place);
  }

  /** An edit is committed. */
  settled(number: number | null): void {
    this.#receipts.settle(number);
    this.#tellReceipts();
  }

  /** An edit was refused by the log. */
  refuse(number: number | null, code: Refusal): void {
    this.#receipts.settle(number);
    this.#codec.refused(this.connection, number, code);
    this.#tellReceipts();
    if (code === 'epoch') this.end(CLOSE.reset, 'The document has another history');
    else if (code === 'not_found') this.end(CLOSE.notFound, 'There is no such document');
    // An edit may overtake the sync that carries what it builds on: asked again, the client sends both.
    else if (code === 'missing_dependencies') {
      if (this.#place !== null) void this.reader.askForEdits(this.#place);
    }
    // Without a number there is no word for it, and the client must not believe that it was saved.
    else if (number === null)
      this.end(code === 'quota' ? CLOSE.quota : CLOSE.malformed, `An edit was refused: ${code}`);
  }

  /** Edits could not be stored: the client keeps them and comes back. */
  abandon(): void {
    this.end(CLOSE.tryLater, 'Edits cannot be stored just now');
  }

  hold(): void {
    this.connection.pause(PAUSE.backlog);
  }
  release(): void {
    this.connection.resume(PAUSE.backlog);
  }

  /** Writes what is to be acknowledged. */
  flush(): void {
    const number = this.#receipts.takeDue();
    if (number > 0) this.#codec.saved(this.connection, number);
  }

  slowed(): void {
    this.#place?.tenant.slowed(this);
  }

  /** Ends the connection. */
  end(code: CloseCode, reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.flush();
    this.connection.close(code, reason);
  }

  /** Asks the document again what the caller may do. */
  checkAccess(): void {
    this.#askAgain().catch((error: unknown) => {
      if (isAppError(error) && REFUSALS_OF_JOIN.has(error.status)) this.end(CLOSE.forbidden, 'Access was taken away');
      else this.#host.log.warn({ err: error }, 'what a caller may do could not be asked again');
    });
  }

  async #join(): Promise<void> {
    const joined = await this.#ask();
    if (this.#isEnded) return;
    const { tenantId, access, writer, epoch, version } = joined;
    this.#access = access;
    this.#writer = writer;
    this.#askAgainAt(joined.endsAt);
    const { connection } = this;
    // A guest has no id of their own; the connection's is one that nobody else has.
    const id = writer.kind === 'anonymous' ? connection.id : writer.id;
    this.#user = { id, name: joined.name, kind: writer.kind };
    const place = await this.#host.enter(tenantId, joined.documentId, epoch, version, this);
    if (this.#isEnded) return place.leave();
    this.#place = place;
    const expiresAt = connection.actor.expiresAt?.toISOString() ?? null;
    const { documentId } = joined;
    const { id: connectionId } = connection;
    const user = this.#user;
    this.#codec.joined(connection, { documentId, access, version, epoch, connectionId, user, expiresAt });
    const early = this.#early ?? [];
    this.#early = null;
    connection.resume(PAUSE.admission);
    for (const data of early) this.message(data, true);
  }

  #ask() {
    const { params, words } = this.#request;
    const ctx = this.connection.context(AbortSignal.timeout(CALL_MAX_MS));
    return ctx.call(joinDocument, {
      documentId: params['documentId'] ?? '',
      shareToken: words.get('share') ?? null,
    });
  }

  async #askAgain(): Promise<void> {
    const joined = await this.#ask();
    const place = this.#place;
    if (place === null) return;
    if (joined.epoch !== place.room.epoch) return this.end(CLOSE.reset, 'The document has another history');
    this.#askAgainAt(joined.endsAt);
    if (joined.access === this.#access) return;
    this.#access = joined.access;
    this.#codec.levelled(this.connection, joined.access);
  }

  #askAgainAt(endsAt: string | undefined): void {
    clearTimeout(this.#ending);
    if (endsAt === undefined || this.#isEnded) return;
    const waitMs = Math.min(Math.max(Date.parse(endsAt) - Date.now(), ASK_AGAIN_MIN_MS), ASK_AGAIN_MAX_MS);
    this.#ending = setTimeout(() => this.checkAccess(), waitMs).unref();
  }

  #refuseJoin(error: unknown): void {
    if (!isAppError(error) || error.status >= 500) {
      this.#host.log.warn({ err: error }, 'a document could not be joined');
      this.end(CLOSE.tryLater, 'The document cannot be opened just now');
      return;
    }
    if (error.status === 401) this.end(CLOSE.unauthenticated, 'A credential is needed');
    else if (error.status === 403) this.end(CLOSE.forbidden, 'The caller may not open documents');
    else this.end(CLOSE.notFound, 'There is no such document');
  }

  #text(data: Buffer): void {
    const token = tokenIn(data);
    if (token === null) {
      this.end(CLOSE.malformed, 'The message cannot be read');
      return;
    }
    this.connection.renew(token).catch((error: unknown) => {
      if (isAppError(error) && error.status === 401) this.end(CLOSE.unauthenticated, 'The credential does not hold');
      else this.end(CLOSE.tryLater, 'The credential cannot be verified just now');
    });
  }

  #take(message: ClientMessage): void {
    const place = this.#place;
    if (place === null) return;
    this.#charge(place, costOf(message));
    switch (message.type) {
      case 'step-1':
        void this.#sync(place, message.stateVector);
        break;
      case 'edit':
        this.#edit(place, message);
        break;
      case 'awareness':
        this.#aware(place, message.update);
        break;
      case 'query-awareness':
        place.awareness.welcome(this);
        break;
    }
  }

  async #sync(place: Entered, stateVector: Uint8Array): Promise<void> {
    if (await this.reader.sync(place, stateVector)) place.awareness.welcome(this);
  }

  #edit(place: Entered, { update, number, isAnswer }: Extract<ClientMessage, { type: 'edit' }>): void {
    if (number !== null && !this.#receipts.take(number)) {
      this.end(CLOSE.malformed, 'Numbers of frames grow by one');
      return;
    }
    // The answer to a state vector repeats all deletions of the document, which is no edit of somebody who only reads.
    const mayEdit = this.#access === 'edit' || this.#access === 'manage';
    const isNothing = isEmptyUpdate(update) || (!mayEdit && isAnswer && onlyDeletes(update));
    if (isNothing || !mayEdit) {
      if (!isNothing) this.#codec.refused(this.connection, number, 'read_only');
      if (number !== null) this.#receipts.pass(number);
      this.#tellReceipts();
      return;
    }
    this.#receipts.begin();
    place.tenant.append({ member: this, room: place.room, update, number, receivedAtMs: performance.now() });
  }

  #tellReceipts(): void {
    if (this.#receipts.isDue) this.#place?.tenant.acknowledge(this);
  }

  /** Takes what a message costs: who sends more than their share is read more slowly. */
  #charge(place: Entered, bytes: number): void {
    const waitMs = place.tenant.takeRate(bytes, this.#edits, this.#bytes, performance.now());
    if (waitMs === 0) return;
    this.connection.pause(PAUSE.rate);
    // Several messages come in one read: the last of them has to rest longest.
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.connection.resume(PAUSE.rate), waitMs);
  }

  #aware(place: Entered, update: Uint8Array): void {
    let states: ReturnType<typeof readAwareness>;
    try {
      states = readAwareness(update);
    } catch {
      this.end(CLOSE.malformed, 'The awareness update cannot be read');
      return;
    }
    for (const { clientId, state } of states) {
      // Stock clients repeat what they hear of others; they speak for themselves first.
      const isOwn =
        this.clientId === null ? state !== 'null' && !place.awareness.isTaken(clientId) : clientId === this.clientId;
      if (!isOwn || Buffer.byteLength(state) > VALUE_BYTES_MAX) continue;
      this.clientId = clientId;
      const value = stateIn(state);
      if (value === undefined) {
        this.end(CLOSE.malformed, 'The awareness state cannot be read');
        return;
      }
      if (value === null) place.awareness.remove(clientId);
      else place.awareness.put(clientId, withUser(value, this.#user));
    }
  }
}

/** What a message takes of the sender's bytes: a sync reads the log, which costs as much as a large edit. */
const costOf = (message: ClientMessage): number =>
  'update' in message ? message.update.length : message.type === 'step-1' ? SYNC_COST_BYTES : 0;

const SYNC_COST_BYTES = 32_768;
const NOBODY: Person = { id: '', name: '', kind: 'anonymous' };
/** What joining answers somebody who may not be in. */
const REFUSALS_OF_JOIN = new Set([401, 403, 404, 410]);
