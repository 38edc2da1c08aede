import { setTimeout as sleep } from 'node:timers/promises';
import { APPENDED_UPDATES_MAX, appendUpdates, type Refusal } from '@candlefish/document/contract';
import type { Ctx } from '@candlefish/kit/context';
import type { Logger } from '@candlefish/kit/telemetry';
import type { MemberFace } from './member-face.ts';
import type { CommittedUpdate, DocumentRoom } from './room.ts';

/** An edit of a connection on its way into the log. */
export interface Edit {
  readonly member: MemberFace;
  readonly room: DocumentRoom;
  readonly update: Uint8Array;
  /** Number of the frame; null when nobody waits for word of it. */
  readonly number: number | null;
  readonly receivedAtMs: number;
}

/** What an append queue works with. */
export interface AppendQueueParts {
  readonly log: Logger;
  system(signal: AbortSignal): Ctx;
  /** Updates of a room wait to be handed out. */
  committed(room: DocumentRoom): void;
  /** The room's log goes on after what the room has. */
  behind(room: DocumentRoom): void;
  observeAck(seconds: number): void;
}

/** Edits of this time are committed together, and so leave together: a person does not see it, and a commit costs the same for many. */
const GATHER_MS = 8;
/** Bytes of one call: as base64 in JSON they must fit the 4 MiB of a call to another process. */
const BATCH_BYTES_MAX = 2 * 1024 * 1024;
/** Senders are read no further while more than this waits, and again when it is down to a quarter. */
const BACKLOG_BYTES_MAX = 4 * 1024 * 1024;
const BACKLOG_EDITS_MAX = 4 * APPENDED_UPDATES_MAX;
/** Longest append, ms. */
const APPEND_MAX_MS = 5_000;
/** Time after the first failure in which the same edits are tried again, ms. */
const RETRY_MAX_MS = 5_000;
const RETRY_MIN_WAIT_MS = 50;
const RETRY_MAX_WAIT_MS = 1_000;

/**
 * The edits of a tenant's documents on this node. One append is under way at a time; what comes meanwhile, and within a few
 * milliseconds, is the next one, so the number of commits adapts to how long one takes. Order of edits is the order in
 * which they came.
 */
export class AppendQueue {
  readonly #parts: AppendQueueParts;
  readonly #stopped = new AbortController();
  #waiting: Edit[] = [];
  #waitingBytes = 0;
  #isRunning = false;
  readonly #held = new Set<MemberFace>();
  #idle: (() => void)[] = [];

  constructor(parts: AppendQueueParts) {
    this.#parts = parts;
  }

  /** Whether nothing waits and nothing is under way. */
  get isIdle(): boolean {
    return !this.#isRunning;
  }

  /** Adds an edit; its sender is told when it is committed or refused. */
  push(edit: Edit): void {
    this.#waiting.push(edit);
    this.#waitingBytes += edit.update.length;
    if (this.#isFull) {
      this.#held.add(edit.member);
      edit.member.hold();
    }
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Gives up; what is not committed by then is not acknowledged. */
  stop(): void {
    this.#stopped.abort(new Error('the queue of edits is closed'));
  }

  get #isFull(): boolean {
    return this.#waitingBytes > BACKLOG_BYTES_MAX || this.#waiting.length > BACKLOG_EDITS_MAX;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const batch = this.#take();
      for (const { room } of batch) room.appending += 1;
      try {
        this.#settle(batch, await this.#append(batch));
      } catch (error) {
        this.#fail(batch, error);
      }
      for (const { room } of batch) {
        room.appending -= 1;
        if (room.isBehind) this.#parts.behind(room);
      }
      this.#letGo();
    }
    this.#isRunning = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Waits until the oldest edit has waited long enough for others. */
  async #gather(): Promise<void> {
    const sinceMs = this.#waiting[0]?.receivedAtMs ?? 0;
    const restMs = sinceMs + GATHER_MS - performance.now();
    if (restMs > 0 && !this.#isFull) await sleep(restMs);
  }

  #take(): readonly Edit[] {
    let bytes = 0;
    let count = 0;
    for (const { update } of this.#waiting) {
      if (count === APPENDED_UPDATES_MAX || (count > 0 && bytes + update.length > BATCH_BYTES_MAX)) break;
      bytes += update.length;
      count += 1;
    }
    const batch = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#waitingBytes -= bytes;
    return batch;
  }

  /**
   * Appends a batch. When the outcome is unknown the same batch goes again: an update that was taken the first time is
   * known to the log by then and changes nothing.
   */
  async #append(batch: readonly Edit[]): Promise<readonly Result[]> {
    const updates = batch.map(({ room, update, member }) => ({
      documentId: room.documentId,
      epoch: room.epoch,
      update,
      writer: member.writer,
    }));
    let failedAtMs: number | null = null;
    for (let waitMs = RETRY_MIN_WAIT_MS; ; waitMs = Math.min(waitMs * 2, RETRY_MAX_WAIT_MS)) {
      try {
        const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(APPEND_MAX_MS)]);
        const { results } = await this.#parts.system(signal).call(appendUpdates, { updates });
        return results;
      } catch (error) {
        failedAtMs ??= performance.now();
        if (this.#stopped.signal.aborted || performance.now() - failedAtMs > RETRY_MAX_MS) throw error;
        this.#parts.log.warn({ err: error, edits: batch.length }, 'edits could not be stored; trying again');
      }
      await sleep(waitMs);
    }
  }

  #settle(batch: readonly Edit[], results: readonly Result[]): void {
    const committed = new Map<DocumentRoom, CommittedUpdate[]>();
    const nowMs = performance.now();
    for (const [index, edit] of batch.entries()) {
      const result = results[index];
      if (result === undefined) throw new Error('an append answers for every update');
      const { member, room, update, number } = edit;
      if (result.refused !== null) {
        member.refuse(number, result.refused);
        continue;
      }
      // Known to the log, perhaps by an append whose answer was lost: what the room lacks is read.
      if (result.seq !== null && !result.isNew) room.hintedSeq = Math.max(room.hintedSeq, result.seq);
      if (result.seq !== null && result.isNew) {
        const ofRoom = committed.get(room);
        const row = { seq: result.seq, update, author: member };
        if (ofRoom === undefined) committed.set(room, [row]);
        else ofRoom.push(row);
      }
      member.settled(number);
    }
    const [oldest] = batch;
    if (oldest !== undefined) this.#parts.observeAck((nowMs - oldest.receivedAtMs) / 1_000);
    for (const [room, updates] of committed) {
      room.heardAtMs = nowMs;
      room.takeCommitted(updates);
      this.#parts.committed(room);
    }
  }

  /** Nothing of it is acknowledged: the clients keep it, and send it when they come back. */
  #fail(batch: readonly Edit[], error: unknown): void {
    this.#parts.log.error({ err: error, edits: batch.length }, 'edits could not be stored; their senders are closed');
    const lost = [...batch, ...this.#waiting];
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { member } of lost) member.abandon();
  }

  #letGo(): void {
    if (this.#waitingBytes > BACKLOG_BYTES_MAX / 4 || this.#waiting.length > BACKLOG_EDITS_MAX / 4) return;
    for (const member of this.#held) member.release();
    this.#held.clear();
  }
}

interface Result {
  readonly seq: number | null;
  readonly isNew: boolean;
  readonly refused: Refusal | null;
}
