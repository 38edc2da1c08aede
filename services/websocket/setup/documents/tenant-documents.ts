import { setTimeout as sleep } from 'node:timers/promises';
import {
  accessChannel,
  FOLLOWED_DOCUMENTS_MAX,
  growthChannel,
  readDifference,
  readGrowths,
  readUpdatesAfter,
} from '@candlefish/document/contract';
import type { Ctx } from '@candlefish/kit/context';
import type { PubSub } from '@candlefish/kit/pubsub';
import { binaryFrame, CLOSE } from '@candlefish/kit/sockets';
import type { Logger } from '@candlefish/kit/telemetry';
import { updateMessage } from '../../domain/frames.ts';
import { Meter, type Rate } from '../../domain/meter.ts';
import type { Roster } from '../roster/roster.ts';
import { AppendQueue, type Edit } from './append-queue.ts';
import { Awareness } from './awareness.ts';
import type { MemberFace } from './member-face.ts';
import { DocumentRoom, mergeUpdates } from './room.ts';

/** How much edits may come. */
export interface EditRates {
  readonly edits: Rate;
  readonly bytes: Rate;
  readonly tenantEdits: Rate;
}

/** What the documents of all tenants on this node share. */
export interface DocumentsHost {
  readonly log: Logger;
  readonly pubsub: PubSub;
  readonly rates: EditRates;
  system(tenantId: string, signal: AbortSignal): Ctx;
  /** Lets a member into a document of a tenant. */
  enter(tenantId: string, documentId: string, epoch: number, version: number, member: MemberFace): Promise<Entered>;
  /** Something is to be handed out: calls `flush` soon. */
  flushSoon(tenant: TenantDocuments): void;
  observeAck(seconds: number): void;
}

/** Where a member has been let in. */
export interface Entered {
  readonly tenant: TenantDocuments;
  readonly room: DocumentRoom;
  readonly awareness: Awareness;
  /** Takes the member out again. */
  leave(): void;
}

/** Longest read of logs. */
const READ_MAX_MS = 5_000;
/** Pause after a read that failed. */
const READ_AGAIN_MS = 500;
/** A wake-up can be lost; then an update is late by this much. */
const POLL_MS = 2_000;
/** Documents that nobody has touched for so long are looked at less often. */
const QUIET_AFTER_MS = 60_000;
const QUIET_POLL_MS = 10_000;
/** Members who are asked again at once when access may have changed for many. */
const RECHECKS_AT_ONCE = 16;
const RECHECK_PAUSE_MS = 50;
/** Everybody is asked again at most this often. */
const RECHECK_ALL_MS = 30_000;
const LONGEST_REST_MS = 5_000;
/** State vector of somebody who holds nothing. */
const NOTHING = new Uint8Array();

/** The open documents of one tenant on this node. */
export class TenantDocuments {
  readonly #host: DocumentsHost;
  readonly #tenantId: string;
  readonly #roster: Roster;
  readonly #rooms = new Map<string, DocumentRoom>();
  readonly #awarenesses = new Map<DocumentRoom, Awareness>();
  readonly #queue: AppendQueue;
  readonly #meter = new Meter();
  readonly #ended = new AbortController();
  readonly #slow = new Set<MemberFace>();
  #dirty = new Set<DocumentRoom>();
  #acks = new Set<MemberFace>();
  #behind = new Set<DocumentRoom>();
  #isReading = false;
  #unsubscribe: (() => Promise<void>)[] = [];
  #poll: NodeJS.Timeout | undefined;
  #recheck: NodeJS.Timeout | undefined;
  #recheckedAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: DocumentsHost, tenantId: string, roster: Roster) {
    this.#host = host;
    this.#tenantId = tenantId;
    this.#roster = roster;
    this.#queue = new AppendQueue({
      log: host.log,
      system: (signal) => host.system(tenantId, signal),
      committed: (room) => this.#touch(room),
      behind: (room) => this.#fallBehind(room),
      observeAck: (seconds) => host.observeAck(seconds),
    });
  }

  /** Begins to hear of growth and access. */
  async start(): Promise<void> {
    const { pubsub } = this.#host;
    this.#unsubscribe = await Promise.all([
      pubsub.subscribe(growthChannel(this.#tenantId), (message) => this.#hearGrowth(message), this.#readAll),
      pubsub.subscribe(accessChannel(this.#tenantId), (message) => this.#hearAccess(message), this.#recheckAll),
    ]);
    this.#schedulePoll();
  }

  get isIdle(): boolean {
    return this.#rooms.size === 0 && this.#queue.isIdle;
  }

  /** Lets a member into a room; the first one opens it. */
  enter(documentId: string, epoch: number, version: number, member: MemberFace): Pick<Entered, 'room' | 'awareness'> {
    let room = this.#rooms.get(documentId);
    if (room !== undefined && room.epoch !== epoch) {
      this.#close(room, CLOSE.reset, 'The document has another history');
      room = undefined;
    }
    if (room === undefined) {
      room = new DocumentRoom(documentId, epoch, version, performance.now());
      this.#rooms.set(documentId, room);
      this.#awarenesses.set(room, new Awareness(this.#roster, documentId, room.members));
    }
    room.members.add(member);
    this.#hint(room, version);
    return { room, awareness: this.#awarenessOf(room) };
  }

  leave(room: DocumentRoom, member: MemberFace): void {
    this.#acks.delete(member);
    this.#slow.delete(member);
    room.members.delete(member);
    if (room.members.size === 0) this.#drop(room);
  }

  append(edit: Edit): void {
    this.#queue.push(edit);
  }

  /** Takes what an edit costs. @returns how long its sender should rest, ms. */
  takeRate(bytes: number, edits: Meter, ofBytes: Meter, nowMs: number): number {
    const { rates } = this.#host;
    const own = Math.max(edits.take(1, rates.edits, nowMs), ofBytes.take(bytes, rates.bytes, nowMs));
    return Math.min(Math.max(own, this.#meter.take(1, rates.tenantEdits, nowMs)), LONGEST_REST_MS);
  }

  acknowledge(member: MemberFace): void {
    this.#acks.add(member);
    this.#host.flushSoon(this);
  }

  slowed(member: MemberFace): void {
    this.#slow.add(member);
  }

  /** A context of the platform's own work in the tenant, for one read. */
  system(): Ctx {
    return this.#host.system(this.#tenantId, AbortSignal.any([this.#ended.signal, AbortSignal.timeout(READ_MAX_MS)]));
  }

  /** Hands out updates and acknowledgements that wait. */
  flush(): void {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const room of dirty) room.flush();
    const acks = this.#acks;
    this.#acks = new Set();
    for (const member of acks) member.flush();
  }

  /** What the log has after a sequence, as one message; null when there is nothing. */
  async readAfter(room: DocumentRoom, after: number): Promise<{ readonly seq: number; readonly frame: Buffer | null }> {
    const { documentId, epoch } = room;
    const { documents } = await this.system().call(readUpdatesAfter, { documents: [{ documentId, epoch, after }] });
    const [read] = documents;
    if (read === undefined || read.epoch !== epoch) return { seq: after, frame: null };
    if (read.lost) return this.#readWhole(documentId);
    const updates = read.updates.map(({ update }) => update);
    if (updates.length === 0) return { seq: Math.max(after, read.headSeq), frame: null };
    const seq = read.updates.at(-1)?.seq ?? after;
    return { seq, frame: binaryFrame(updateMessage(mergeUpdates(updates))) };
  }

  /** Resolves when all edits that came are committed or refused, and told. */
  async drained(): Promise<void> {
    await this.#queue.drained();
    this.flush();
  }

  async close(): Promise<void> {
    clearTimeout(this.#poll);
    clearTimeout(this.#recheck);
    this.#queue.stop();
    this.#ended.abort(new Error('no document of the tenant is open'));
    await Promise.all(this.#unsubscribe.map((end) => end()));
  }

  async #readWhole(documentId: string): Promise<{ readonly seq: number; readonly frame: Buffer }> {
    const { seq, update } = await this.system().call(readDifference, { documentId, stateVector: NOTHING });
    return { seq, frame: binaryFrame(updateMessage(update)) };
  }

  #awarenessOf(room: DocumentRoom): Awareness {
    const found = this.#awarenesses.get(room);
    if (found === undefined) throw new Error('an open room has its awareness');
    return found;
  }

  #drop(room: DocumentRoom): void {
    if (this.#rooms.get(room.documentId) === room) this.#rooms.delete(room.documentId);
    this.#awarenesses.get(room)?.close();
    this.#awarenesses.delete(room);
    this.#behind.delete(room);
    this.#dirty.delete(room);
  }

  #close(room: DocumentRoom, code: typeof CLOSE.reset | typeof CLOSE.notFound, reason: string): void {
    if (this.#rooms.get(room.documentId) === room) this.#rooms.delete(room.documentId);
    for (const member of [...room.members]) member.end(code, reason);
  }

  #touch(room: DocumentRoom): void {
    this.#dirty.add(room);
    this.#host.flushSoon(this);
  }

  #hearGrowth(message: string): void {
    for (const { documentId, seq } of readGrowths(message)) {
      const room = this.#rooms.get(documentId);
      if (room !== undefined) this.#hint(room, seq);
    }
  }

  #hint(room: DocumentRoom, seq: number): void {
    room.heardAtMs = performance.now();
    room.hintedSeq = Math.max(room.hintedSeq, seq);
    if (room.isBehind) this.#fallBehind(room);
  }

  #hearAccess(message: string): void {
    const [documentId = ''] = message.split(':', 1);
    for (const member of [...(this.#rooms.get(documentId)?.members ?? [])]) member.checkAccess();
  }

  /** While the bus is away this is called every second; asking everybody takes longer than that. */
  readonly #recheckAll = (): void => {
    const nowMs = performance.now();
    if (nowMs - this.#recheckedAtMs < RECHECK_ALL_MS) {
      this.#recheck ??= setTimeout(() => {
        this.#recheck = undefined;
        this.#recheckAll();
      }, RECHECK_ALL_MS);
      this.#recheck.unref();
      return;
    }
    this.#recheckedAtMs = nowMs;
    const members = [...this.#rooms.values()].flatMap((room) => [...room.members]);
    const next = (start: number): void => {
      for (const member of members.slice(start, start + RECHECKS_AT_ONCE)) member.checkAccess();
      if (start + RECHECKS_AT_ONCE < members.length && !this.#ended.signal.aborted) {
        setTimeout(() => next(start + RECHECKS_AT_ONCE), RECHECK_PAUSE_MS).unref();
      }
    };
    next(0);
  };

  readonly #readAll = (): void => {
    for (const room of this.#rooms.values()) this.#fallBehind(room);
  };

  #fallBehind(room: DocumentRoom): void {
    if (room.members.size === 0) return;
    this.#behind.add(room);
    if (this.#isReading) return;
    this.#isReading = true;
    setImmediate(() => void this.#catchUp());
  }

  /** Reads the logs of all rooms that are behind, one call at a time. */
  async #catchUp(): Promise<void> {
    while (this.#behind.size > 0 && !this.#ended.signal.aborted) {
      const rooms = [...this.#behind].slice(0, FOLLOWED_DOCUMENTS_MAX);
      for (const room of rooms) this.#behind.delete(room);
      try {
        await this.#read(rooms);
      } catch (error) {
        if (this.#ended.signal.aborted) break;
        this.#host.log.warn({ err: error }, 'the logs of documents could not be read; trying again');
        for (const room of rooms) if (room.members.size > 0) this.#behind.add(room);
        await sleep(READ_AGAIN_MS);
      }
    }
    this.#isReading = false;
  }

  async #read(rooms: readonly DocumentRoom[]): Promise<void> {
    const documents = rooms.map(({ documentId, epoch, seq }) => ({ documentId, epoch, after: seq }));
    const answer = await this.system().call(readUpdatesAfter, { documents });
    const found = new Map(answer.documents.map((document) => [document.documentId, document]));
    for (const room of rooms) {
      const read = found.get(room.documentId);
      if (read === undefined) this.#close(room, CLOSE.notFound, 'The document was deleted');
      else if (read.epoch !== room.epoch) this.#close(room, CLOSE.reset, 'The document has another history');
      else if (read.lost) await this.#reload(room);
      else {
        for (const { seq, update } of read.updates) room.takeRead(seq, update);
        room.hintedSeq = Math.max(room.hintedSeq, read.headSeq);
        this.#touch(room);
        if (room.isBehind && read.updates.length > 0) this.#behind.add(room);
      }
    }
  }

  /** The log does not reach back so far: everybody gets the whole state, which changes only what they lack. */
  async #reload(room: DocumentRoom): Promise<void> {
    const { documentId } = room;
    const { seq, update } = await this.system().call(readDifference, { documentId, stateVector: NOTHING });
    room.takeRead(seq, update);
    this.#touch(room);
  }

  #schedulePoll(): void {
    this.#poll = setTimeout(
      () => {
        this.#look();
        this.#schedulePoll();
      },
      POLL_MS * (0.75 + Math.random() / 2),
    );
    this.#poll.unref();
  }

  /** Looks after rooms that heard nothing, and members who do not read. */
  #look(): void {
    const nowMs = performance.now();
    for (const room of this.#rooms.values()) {
      const silentMs = nowMs - room.heardAtMs;
      const isQuiet = silentMs > QUIET_AFTER_MS;
      if (silentMs < POLL_MS || nowMs - room.polledAtMs < (isQuiet ? QUIET_POLL_MS : POLL_MS / 2)) continue;
      room.polledAtMs = nowMs;
      this.#fallBehind(room);
    }
    for (const member of [...this.#slow]) {
      if (!member.reader.isSlow) this.#slow.delete(member);
      else if (member.reader.isTooSlow(nowMs)) member.end(CLOSE.slow, 'Too slow a reader');
    }
  }
}
