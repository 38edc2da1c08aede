import {
  type AccessLevelSchema,
  joinDocument,
  type Refusal,
  readDifference,
  type Writer,
} from '@candlefish/document/contract';
import { isAppError } from '@candlefish/kit/errors';
import {
  binaryFrame,
  CLOSE,
  type CloseCode,
  type Connection,
  PAUSE,
  type SocketHandler,
  type SocketRequest,
  textFrame,
} from '@candlefish/kit/sockets';
import type { Static } from 'typebox';
import { VALUE_BYTES_MAX } from '../../domain/channel-messages.ts';
import {
  awarenessMessage,
  type ClientMessage,
  denied,
  isEmptyUpdate,
  onlyDeletes,
  readAwareness,
  readClientMessage,
  refused,
  saved,
  stepOne,
  stepTwo,
} from '../../domain/frames.ts';
import { Meter } from '../../domain/meter.ts';
import type { Person } from '../../domain/person.ts';
import type { DocumentsHost, Entered } from './tenant-documents.ts';

type AccessLevel = Static<typeof AccessLevelSchema>;

/** The subprotocol of clients that want acknowledgements. */
export const ACK_PROTOCOL = 'y-ack.v1';
/** A reader with more than this unread gets no single updates any more. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** Time in which a slow reader must have read all. */
const SLOW_MAX_MS = 30_000;
const TOKEN_BYTES_MAX = 4_096;
/** Messages that may come before the document has answered who may be in: one read of the stream. */
const EARLY_MAX = 64;
/** Longest join, first sync or repair. */
const CALL_MAX_MS = 10_000;
/** Pause before the end of a share link is asked about again: clocks of two machines differ a little. */
const ASK_AGAIN_MIN_MS = 250;
/** A timer keeps no longer times. */
const ASK_AGAIN_MAX_MS = 2 ** 31 - 1;
/** What keeps a stock client from thinking that nobody is there: no states at all. */
const SILENCE_FRAME = binaryFrame(awarenessMessage([]));

/** One connection in one document. */
export class DocumentMember implements SocketHandler {
  /** The client id it speaks for in awareness; null until it has spoken. */
  clientId: number | null = null;
  readonly connection: Connection;
  readonly #host: DocumentsHost;
  readonly #request: SocketRequest;
  readonly #edits = new Meter();
  readonly #bytes = new Meter();
  #early: Buffer[] | null = [];
  #place: Entered | null = null;
  #access: AccessLevel = 'view';
  #writer: Writer | null = null;
  #user: Person = NOBODY;
  /** Whether it has asked for the document: before that there is nothing to keep up to date. */
  #isFollowing = false;
  #isSyncing = false;
  #lastNumber = 0;
  /** Edits on their way into the log. */
  #pending = 0;
  /** Highest number that needs nothing of the log, to be told when those before it are done. */
  #settledAfter = 0;
  /** State vector of the log when it was last read, base64. */
  #logVector = '';
  /** Highest number that is settled and not told yet; 0 for none. */
  #due = 0;
  /** Since when it reads too slowly, and the sequence after which it lacks updates. */
  #slow: { readonly sinceMs: number; readonly afterSeq: number } | null = null;
  /** Asks again when the share link that lets it in ends. */
  #ending: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(host: DocumentsHost, connection: Connection, request: SocketRequest) {
    this.#host = host;
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
  get #speaksAck(): boolean {
    return this.connection.protocol === ACK_PROTOCOL;
  }

  message(data: Buffer, isBinary: boolean): void {
    if (this.#early !== null) {
      if (this.#early.push(data) > EARLY_MAX || !isBinary) this.#end(CLOSE.malformed, 'Too much before the answer');
      return;
    }
    if (!isBinary) {
      this.#text(data);
      return;
    }
    let message: ClientMessage;
    try {
      message = readClientMessage(data);
    } catch {
      this.#end(CLOSE.malformed, 'The message cannot be read');
      return;
    }
    this.#take(message);
  }

  renewed(): void {
    if (this.#place !== null) this.checkAccess();
  }

  expiring(expiresAt: Date): void {
    this.#say({ type: 'auth_refresh', expiresAt: expiresAt.toISOString() });
  }

  beat(): void {
    if (!this.#speaksAck) this.connection.write(SILENCE_FRAME);
  }

  leaving(delayMs: number): void {
    this.flush();
    this.#say({ type: 'reconnect', delayMs });
  }

  refused(code: CloseCode, message: string): void {
    this.#say({ type: 'error', code: String(code), message });
  }

  closed(): void {
    this.#isEnded = true;
    clearTimeout(this.#ending);
    const place = this.#place;
    this.#place = null;
    if (place === null) return;
    if (this.clientId !== null) place.awareness.remove(this.clientId);
    place.leave();
  }

  emptied(): void {
    this.connection.resume(PAUSE.reader);
    if (this.#slow !== null) void this.#repair();
  }

  get isSlow(): boolean {
    return this.#slow !== null;
  }

  /** Whether it has read too slowly for too long. */
  isTooSlow(nowMs: number): boolean {
    return this.#slow !== null && nowMs - this.#slow.sinceMs > SLOW_MAX_MS;
  }

  /** Sends updates of the room. @param beforeSeq what the member has when it has not missed any. */
  hand(frame: Buffer, beforeSeq: number): void {
    if (!this.#isFollowing || this.#slow !== null) return;
    if (this.connection.waitingBytes <= UNREAD_BYTES_MAX) this.connection.write(frame);
    else this.#slowDown(beforeSeq);
  }

  tellAwareness(frame: Buffer): void {
    if (this.#isFollowing && this.#slow === null) this.connection.write(frame);
  }

  /** An edit is committed. */
  settled(number: number | null): void {
    this.#pending -= 1;
    if (number !== null) this.#settle(number);
  }

  /** Tells that an edit was refused. @param wasPending whether it was on its way into the log. */
  refuse(number: number | null, code: Refusal | 'read_only', wasPending: boolean): void {
    if (wasPending) this.#pending -= 1;
    if (number !== null) {
      this.connection.write(binaryFrame(refused(number, code)));
      if (wasPending) this.#settle(number);
      else this.#settleNow(number);
    }
    if (code === 'epoch') this.#end(CLOSE.reset, 'The document has another history');
    else if (code === 'not_found') this.#end(CLOSE.notFound, 'There is no such document');
    // An edit may overtake the sync that carries what it builds on: asked again, the client sends both.
    else if (code === 'missing_dependencies') void this.#askForEdits();
    else if (number !== null) return;
    else if (code === 'read_only') this.connection.write(binaryFrame(denied(code)));
    // Without a number there is no word for it, and the client must not believe that it was saved.
    else this.#end(CLOSE.malformed, `An edit was refused: ${code}`);
  }

  /** Edits could not be stored: the client keeps them and comes back. */
  abandon(): void {
    this.#end(CLOSE.tryLater, 'Edits cannot be stored just now');
  }

  hold(): void {
    this.connection.pause(PAUSE.backlog);
  }
  release(): void {
    this.connection.resume(PAUSE.backlog);
  }

  /** Writes what is to be acknowledged. */
  flush(): void {
    if (this.#due === 0) return;
    this.connection.write(binaryFrame(saved(this.#due)));
    this.#due = 0;
  }

  /** Ends the connection. */
  end(code: CloseCode, reason: string): void {
    this.#end(code, reason);
  }

  /** Asks the document again what the caller may do. */
  checkAccess(): void {
    this.#askAgain().catch((error: unknown) => {
      if (isAppError(error) && REFUSALS_OF_JOIN.has(error.status)) this.#end(CLOSE.forbidden, 'Access was taken away');
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
    this.#say({ type: 'joined', documentId, access, version, epoch, connectionId, user: this.#user, expiresAt });
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
    if (joined.epoch !== place.room.epoch) return this.#end(CLOSE.reset, 'The document has another history');
    this.#askAgainAt(joined.endsAt);
    if (joined.access === this.#access) return;
    this.#access = joined.access;
    this.#say({ type: 'access', access: joined.access });
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
      this.#end(CLOSE.tryLater, 'The document cannot be opened just now');
      return;
    }
    if (error.status === 401) this.#end(CLOSE.unauthenticated, 'A credential is needed');
    else if (error.status === 403) this.#end(CLOSE.forbidden, 'The caller may not open documents');
    else this.#end(CLOSE.notFound, 'There is no such document');
  }

  #text(data: Buffer): void {
    const token = tokenIn(data);
    if (token === null) {
      this.#end(CLOSE.malformed, 'The message cannot be read');
      return;
    }
    this.connection.renew(token).catch((error: unknown) => {
      if (isAppError(error) && error.status === 401) this.#end(CLOSE.unauthenticated, 'The credential does not hold');
      else this.#end(CLOSE.tryLater, 'The credential cannot be verified just now');
    });
  }

  #take(message: ClientMessage): void {
    const place = this.#place;
    if (place === null) return;
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

  #edit(place: Entered, { update, number, isAnswer }: Extract<ClientMessage, { type: 'edit' }>): void {
    if (number !== null) {
      if (number !== this.#lastNumber + 1) {
        this.#end(CLOSE.malformed, 'Numbers of frames grow by one');
        return;
      }
      this.#lastNumber = number;
    }
    // The answer to a state vector repeats all deletions of the document, which is no edit of somebody who only reads.
    const mayEdit = this.#access === 'edit' || this.#access === 'manage';
    if (isEmptyUpdate(update) || (!mayEdit && isAnswer && onlyDeletes(update))) {
      if (number !== null) this.#settleNow(number);
      return;
    }
    if (!mayEdit) {
      this.refuse(number, 'read_only', false);
      return;
    }
    const nowMs = performance.now();
    const waitMs = place.tenant.takeRate(update.length, this.#edits, this.#bytes, nowMs);
    if (waitMs > 0) this.#rest(waitMs);
    this.#pending += 1;
    place.tenant.append({ member: this, room: place.room, update, number, receivedAtMs: nowMs });
  }

  /** A number that needs nothing of the log is told when those before it are done. */
  #settleNow(number: number): void {
    if (this.#pending === 0) this.#settle(number);
    else this.#settledAfter = number;
  }

  #settle(number: number): void {
    this.#due = Math.max(this.#due, number, this.#pending === 0 ? this.#settledAfter : 0);
    this.#place?.tenant.acknowledge(this);
  }

  #rest(waitMs: number): void {
    this.connection.pause(PAUSE.rate);
    setTimeout(() => this.connection.resume(PAUSE.rate), waitMs);
  }

  /** Answers a state vector with what it lacks, and asks for what the log lacks. */
  async #sync(place: Entered, stateVector: Uint8Array): Promise<void> {
    if (this.#isSyncing) return;
    this.#isFollowing = true;
    const update = await this.#read(place, Buffer.from(stateVector).toString('base64'));
    if (update === null) return;
    const { connection } = this;
    connection.write(binaryFrame(stepTwo(update)));
    connection.write(binaryFrame(stepOne(Buffer.from(this.#logVector, 'base64'))));
    // A client that does not read gets no further answers before it has.
    if (connection.waitingBytes > UNREAD_BYTES_MAX) {
      connection.pause(PAUSE.reader);
      connection.tellWhenEmptied();
    }
    place.awareness.welcome(this);
  }

  /** Asks the client for what the log lacks of its edits. */
  async #askForEdits(): Promise<void> {
    const place = this.#place;
    if (place === null || this.#isSyncing || (await this.#read(place, this.#logVector)) === null) return;
    this.connection.write(binaryFrame(stepOne(Buffer.from(this.#logVector, 'base64'))));
  }

  /** What a state vector lacks; null when there is no answer and the connection is ended. */
  async #read({ tenant, room }: Entered, stateVector: string): Promise<Buffer | null> {
    this.#isSyncing = true;
    try {
      const lacking = await tenant.system().call(readDifference, { documentId: room.documentId, stateVector });
      this.#logVector = lacking.stateVector;
      if (lacking.epoch === room.epoch) return Buffer.from(lacking.update, 'base64');
      this.#end(CLOSE.reset, 'The document has another history');
    } catch (error) {
      if (isAppError(error) && error.status === 400) this.#end(CLOSE.malformed, 'The state vector cannot be read');
      else if (isAppError(error) && error.status === 404) this.#end(CLOSE.notFound, 'There is no such document');
      else {
        this.#host.log.warn({ err: error }, 'a document could not be read');
        this.#end(CLOSE.tryLater, 'The document cannot be read just now');
      }
    } finally {
      this.#isSyncing = false;
    }
    return null;
  }

  #aware(place: Entered, update: Uint8Array): void {
    let states: ReturnType<typeof readAwareness>;
    try {
      states = readAwareness(update);
    } catch {
      this.#end(CLOSE.malformed, 'The awareness update cannot be read');
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
        this.#end(CLOSE.malformed, 'The awareness state cannot be read');
        return;
      }
      if (value === null) place.awareness.remove(clientId);
      else place.awareness.put(clientId, withUser(value, this.#user));
    }
  }

  #slowDown(afterSeq: number): void {
    this.#slow = { sinceMs: performance.now(), afterSeq };
    this.#place?.tenant.slowed(this);
    this.connection.tellWhenEmptied();
  }

  /** Brings a slow reader, who has read all there was, what came meanwhile, as one update. */
  async #repair(): Promise<void> {
    const place = this.#place;
    const slow = this.#slow;
    if (place === null || slow === null) return;
    try {
      const read = await place.tenant.readAfter(place.room, slow.afterSeq);
      if (this.#isEnded) return;
      if (read.frame !== null) this.connection.write(read.frame);
      if (read.seq >= place.room.handedSeq) this.#slow = null;
      else {
        this.#slow = { ...slow, afterSeq: read.seq };
        this.connection.tellWhenEmptied();
      }
    } catch (error) {
      this.#host.log.warn({ err: error }, 'a slow reader could not be brought up to date');
      this.#end(CLOSE.tryLater, 'The document cannot be read just now');
    }
  }

  #say(message: object): void {
    if (this.#speaksAck) this.connection.write(textFrame(JSON.stringify(message)));
  }

  #end(code: CloseCode, reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.flush();
    this.connection.close(code, reason);
  }
}

const NOBODY: Person = { id: '', name: '', kind: 'anonymous' };
/** What joining answers somebody who may not be in. */
const REFUSALS_OF_JOIN = new Set([401, 403, 404, 410]);

function tokenIn(data: Buffer): string | null {
  if (data.length > TOKEN_BYTES_MAX) return null;
  try {
    const message = JSON.parse(data.toString('utf8')) as { readonly type?: unknown; readonly token?: unknown } | null;
    return message?.type === 'auth' && typeof message.token === 'string' ? message.token : null;
  } catch {
    return null;
  }
}

/** The state in a text; null for a client that has left, undefined when it cannot be read. */
function stateIn(text: string): object | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Who it is stands in the credential; how they look is theirs to choose. */
function withUser(state: object, user: Person): object {
  const own = (state as { readonly user?: unknown }).user;
  return { ...state, user: { ...(typeof own === 'object' && own !== null ? own : {}), ...user } };
}
