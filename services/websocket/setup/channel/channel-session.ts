import { findUsersCall } from '@candlefish/auth/contract';
import { isAppError } from '@candlefish/kit/errors';
import { CLOSE, type CloseCode, type Connection, PAUSE, type SocketHandler, textFrame } from '@candlefish/kit/sockets';
import {
  type ChannelRequest,
  type ReadRequest,
  type RequestId,
  readChannelRequest,
} from '../../domain/channel-messages.ts';
import { Meter } from '../../domain/meter.ts';
import type { Person } from '../../domain/person.ts';
import type { RosterChange } from '../roster/roster.ts';
import type { Tenant } from '../tenant.ts';
import { followEvents } from './event-follow.ts';
import type { ChannelHost } from './host.ts';
import type { RoomListener, RoomMember } from './tenant-rooms.ts';

/** The room of everybody who has the channel open. */
const TENANT_ROOM = 'tenant';
const ROOMS_MAX = 50;
const FOLLOWS_MAX = 5;
/** Messages of a connection: what is more waits. */
const MESSAGES = { perSecond: 20, burst: 100 };
const EARLY_MAX = 64;
const REST_MAX_MS = 5_000;
const UNREAD_BYTES_MAX = 1024 * 1024;
const SLOW_MAX_MS = 30_000;
const CALL_MAX_MS = 10_000;

/** One connection to the channel of its tenant. */
export class ChannelSession implements SocketHandler, RoomListener {
  readonly #host: ChannelHost;
  readonly #connection: Connection;
  readonly #meter = new Meter();
  readonly #gone = new AbortController();
  readonly #joined = new Map<string, { readonly since: string; readonly stop: () => void }>();
  readonly #follows = new Map<RequestId, AbortController>();
  #early: string[] | null = [];
  #tenant: Tenant | null = null;
  #user: Person = { id: '', name: '', kind: 'anonymous' };
  #readable: (() => void)[] = [];
  #slowSinceMs: number | null = null;

  constructor(host: ChannelHost, connection: Connection) {
    this.#host = host;
    this.#connection = connection;
    connection.pause(PAUSE.admission);
    this.#open().catch((error: unknown) => {
      host.log.warn({ err: error }, 'a channel could not be opened');
      connection.close(CLOSE.tryLater, 'The channel cannot be opened just now');
    });
  }

  message(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.#connection.close(CLOSE.malformed, 'The channel speaks JSON');
      return;
    }
    const text = data.toString('utf8');
    if (this.#early === null) this.#receive(text);
    else if (this.#early.push(text) > EARLY_MAX) this.#connection.close(CLOSE.malformed, 'Too much at once');
  }

  renewed(): void {
    // Who may follow events may have changed; those who still may are not disturbed.
    if (this.#follows.size === 0 || this.#connection.context(this.#gone.signal).may('event:read')) return;
    for (const id of [...this.#follows.keys()]) {
      this.#unfollow(id);
      this.#send({ id, type: 'refused', code: 'FORBIDDEN', message: 'This needs the permission event:read.' });
    }
  }

  expiring(expiresAt: Date): void {
    this.#send({ type: 'auth_refresh', expiresAt: expiresAt.toISOString() });
  }

  beat(): void {
    const { waitingBytes } = this.#connection;
    if (this.#slowSinceMs !== null && performance.now() - this.#slowSinceMs > SLOW_MAX_MS && waitingBytes > 0) {
      this.#connection.close(CLOSE.slow, 'Too slow a reader');
    }
  }

  emptied(): void {
    this.#slowSinceMs = null;
    for (const resolve of this.#readable.splice(0)) resolve();
  }

  leaving(delayMs: number): void {
    this.#send({ type: 'reconnect', delayMs });
  }

  refused(code: CloseCode, message: string): void {
    this.#send({ type: 'error', code: String(code), message });
  }

  closed(): void {
    this.#gone.abort(new DOMException('the socket has closed', 'AbortError'));
    this.emptied();
    const { id } = this.#connection;
    for (const [room, { stop }] of this.#joined) {
      stop();
      this.#tenant?.rooms.remove(room, id);
    }
    this.#tenant?.rooms.remove(TENANT_ROOM, id);
    this.#tenant?.goes(this.#connection);
  }

  changed(room: string, changes: readonly RosterChange[]): void {
    for (const { key, value, isNew } of changes) {
      if (key === this.#connection.id) continue;
      const member = value === null ? { connectionId: key } : { connectionId: key, ...(value as RoomMember) };
      const change = value === null ? 'left' : isNew ? 'joined' : 'changed';
      this.#send({ type: 'member', room, change, member });
    }
  }

  said(room: string, from: string, data: unknown): void {
    if (from !== this.#connection.id) this.#send({ type: 'said', room, from, data });
  }

  async #open(): Promise<void> {
    const { actor, id } = this.#connection;
    if (actor.tenantId === null) throw new Error('the channel belongs to a tenant');
    const tenant = this.#host.tenant(actor.tenantId);
    this.#user = await this.#whoIs(actor.tenantId);
    await tenant.comes(this.#connection, this.#user);
    if (this.#gone.signal.aborted) return tenant.goes(this.#connection);
    this.#tenant = tenant;
    tenant.rooms.put(TENANT_ROOM, id, this.#member(null, new Date().toISOString()));
    const expiresAt = actor.expiresAt?.toISOString() ?? null;
    this.#send({ type: 'ready', connectionId: id, user: this.#user, tenantId: actor.tenantId, expiresAt });
    const early = this.#early ?? [];
    this.#early = null;
    this.#connection.resume(PAUSE.admission);
    for (const text of early) this.#receive(text);
  }

  /** How others see the caller: the part of the address before the @, never the address. */
  async #whoIs(tenantId: string): Promise<Person> {
    const { id, kind, userId } = this.#connection.actor;
    if (userId === null) return { id, kind, name: '' };
    const ctx = this.#host.system(tenantId, AbortSignal.timeout(CALL_MAX_MS));
    const { users } = await ctx.call(findUsersCall, { ids: [userId] });
    return { id, kind, name: users[0]?.email.split('@', 1)[0] ?? '' };
  }

  #receive(text: string): void {
    const waitMs = this.#meter.take(1, MESSAGES, performance.now());
    if (waitMs > 0) this.#rest(Math.min(waitMs, REST_MAX_MS));
    const read: ReadRequest = readChannelRequest(text);
    if ('unreadable' in read) this.#connection.close(CLOSE.malformed, 'The message cannot be read');
    else if ('refused' in read) this.#refuse(read.refused, 'VALIDATION_FAILED', read.message);
    else this.#answer(read.request).catch((error: unknown) => this.#failed(read.request, error));
  }

  async #answer(request: ChannelRequest): Promise<void> {
    switch (request.type) {
      case 'auth':
        await this.#connection.renew(request.token);
        this.#send({ type: 'renewed', expiresAt: this.#connection.actor.expiresAt?.toISOString() ?? null });
        return;
      case 'join':
        return this.#join(request);
      case 'state':
        return this.#state(request);
      case 'say':
        return this.#speak(request);
      case 'leave':
        this.#quit(request.room);
        return this.#done(request.id);
      case 'follow':
        return this.#follow(request);
      case 'unfollow':
        this.#unfollow(request.follow);
        return this.#done(request.id);
    }
  }

  async #join({ id, room, state }: Extract<ChannelRequest, { type: 'join' }>): Promise<void> {
    const tenant = this.#opened;
    if (!this.#joined.has(room) && this.#joined.size >= ROOMS_MAX) {
      return this.#refuse(id, 'TOO_MANY', `A connection is in at most ${ROOMS_MAX} rooms.`);
    }
    const known = this.#joined.get(room);
    const since = known?.since ?? new Date().toISOString();
    if (known === undefined) this.#joined.set(room, { since, stop: tenant.rooms.watch(room, this) });
    tenant.rooms.put(room, this.#connection.id, this.#member(state, since));
    const members = (await tenant.rooms.members(room)).map(([connectionId, member]) => ({ connectionId, ...member }));
    this.#send({ id, type: 'joined', room, members });
  }

  #state({ id, room, state }: Extract<ChannelRequest, { type: 'state' }>): void {
    const joined = this.#joined.get(room);
    if (joined === undefined) {
      this.#refuse(id, 'NOT_JOINED', 'Join the room first.');
      return;
    }
    this.#opened.rooms.put(room, this.#connection.id, this.#member(state, joined.since));
    this.#done(id);
  }

  async #speak({ id, room, data }: Extract<ChannelRequest, { type: 'say' }>): Promise<void> {
    if (!this.#joined.has(room)) return this.#refuse(id, 'NOT_JOINED', 'Join the room first.');
    await this.#opened.rooms.say(room, this.#connection.id, data);
    this.#done(id);
  }

  async #follow({ id, after, names }: Extract<ChannelRequest, { type: 'follow' }>): Promise<void> {
    if (this.#follows.has(id)) return this.#refuse(id, 'VALIDATION_FAILED', 'This id is in use.');
    if (this.#follows.size >= FOLLOWS_MAX) {
      return this.#refuse(id, 'TOO_MANY', `A connection follows at most ${FOLLOWS_MAX} times.`);
    }
    const ended = new AbortController();
    const { events, draining } = this.#host;
    const ctx = this.#connection.context(AbortSignal.any([ended.signal, this.#gone.signal, draining]));
    const grant = ctx.authorize('event:read');
    this.#follows.set(id, ended);
    const send = (message: object) => this.#send(message);
    try {
      await followEvents(id, { events, ctx, grant, after, names, send, readable: () => this.#whenReadable() });
    } catch (error) {
      // Leaving cuts off what is under way.
      if (!ctx.signal.aborted) throw error;
    } finally {
      this.#follows.delete(id);
    }
  }

  #unfollow(id: RequestId): void {
    this.#follows.get(id)?.abort(new DOMException('the client follows no more', 'AbortError'));
    this.#follows.delete(id);
  }

  #quit(room: string): void {
    this.#joined.get(room)?.stop();
    if (!this.#joined.delete(room) || room === TENANT_ROOM) return;
    this.#opened.rooms.remove(room, this.#connection.id);
  }

  get #opened(): Tenant {
    if (this.#tenant === null) throw new Error('the channel is not open yet');
    return this.#tenant;
  }

  #member(state: unknown, since: string): RoomMember {
    return { user: this.#user, state, since };
  }

  #rest(waitMs: number): void {
    this.#connection.pause(PAUSE.rate);
    setTimeout(() => this.#connection.resume(PAUSE.rate), waitMs);
  }

  #whenReadable(): Promise<void> {
    if (this.#connection.waitingBytes <= UNREAD_BYTES_MAX || this.#gone.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#readable.push(resolve));
  }

  #done(id: RequestId): void {
    this.#send({ id, type: 'done' });
  }

  #refuse(id: RequestId, code: string, message: string): void {
    this.#send({ id, type: 'refused', code, message });
  }

  #failed(request: ChannelRequest, error: unknown): void {
    if (request.type === 'auth') {
      const isWrong = isAppError(error) && error.status === 401;
      if (isWrong) this.#connection.close(CLOSE.unauthenticated, 'The credential does not hold');
      else this.#connection.close(CLOSE.tryLater, 'The credential cannot be verified just now');
    } else if (isAppError(error)) this.#refuse(request.id, error.code, error.detail ?? error.definition.title);
    else {
      this.#host.log.error({ err: error, type: request.type }, 'a request on a channel failed');
      this.#refuse(request.id, 'INTERNAL', 'Something failed on our side.');
    }
  }

  /** A client that does not read is closed: what it lacks it gets when it comes back. */
  #send(message: object): void {
    const { waitingBytes } = this.#connection;
    if (waitingBytes > UNREAD_BYTES_MAX && this.#slowSinceMs === null) {
      this.#slowSinceMs = performance.now();
      this.#connection.tellWhenEmptied();
    }
    if (waitingBytes <= UNREAD_END_BYTES) this.#connection.write(textFrame(JSON.stringify(message)));
    else this.#connection.close(CLOSE.slow, 'Too slow a reader');
  }
}

/** More than this unread means that the client is not there. */
const UNREAD_END_BYTES = 8 * 1024 * 1024;
