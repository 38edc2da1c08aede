import { readDifference } from '@candlefish/document/contract';
import { isAppError } from '@candlefish/kit/errors';
import { binaryFrame, CLOSE, type CloseCode, type Connection, PAUSE } from '@candlefish/kit/sockets';
import type { Logger } from '@candlefish/kit/telemetry';
import { stepOne, stepTwo } from '../../domain/frames.ts';
import type { ReaderFace } from './member-face.ts';
import type { Entered } from './tenant-documents.ts';

/** A reader with more than this unread gets no single updates any more. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** Time in which a slow reader must have read all. */
const SLOW_MAX_MS = 30_000;

/** What a reader belongs to. */
export interface ReaderHost {
  readonly log: Logger;
  readonly connection: Connection;
  /** Notes that it has become slow. */
  slowed(): void;
  end(code: CloseCode, reason: string): void;
}

/** The reading side of a connection in a document: first sync, updates, and what a slow reader has missed. */
export class DocumentReader implements ReaderFace {
  readonly #host: ReaderHost;
  /** Whether it has asked for the document: before that there is nothing to keep up to date. */
  #isFollowing = false;
  #isReading = false;
  /** Since when it reads too slowly, and the sequence after which it lacks updates. */
  #slow: { readonly sinceMs: number; readonly afterSeq: number } | null = null;

  constructor(host: ReaderHost) {
    this.#host = host;
  }

  get isSlow(): boolean {
    return this.#slow !== null;
  }

  /** Whether it has read too slowly for too long. */
  isTooSlow(nowMs: number): boolean {
    return this.#slow !== null && nowMs - this.#slow.sinceMs > SLOW_MAX_MS;
  }

  /** Sends updates of the room. @param beforeSeq what the reader has when it has not missed any. */
  hand(frame: Buffer, beforeSeq: number): void {
    if (!this.#isFollowing || this.#slow !== null) return;
    const { connection } = this.#host;
    if (connection.waitingBytes <= UNREAD_BYTES_MAX) {
      connection.write(frame);
      return;
    }
    this.#slow = { sinceMs: performance.now(), afterSeq: beforeSeq };
    this.#host.slowed();
    connection.tellWhenEmptied();
  }

  /** Sends what is of no use later. */
  tell(frame: Buffer): void {
    if (this.#isFollowing && this.#slow === null) this.#host.connection.write(frame);
  }

  /** Answers a state vector with what it lacks, and asks for what the log lacks. @returns whether it was answered. */
  async sync(place: Entered, stateVector: Uint8Array): Promise<boolean> {
    if (this.#isReading) return false;
    this.#isFollowing = true;
    const update = await this.#read(place, stateVector);
    if (update === null) return false;
    const { connection } = this.#host;
    connection.write(binaryFrame(stepTwo(update)));
    connection.write(binaryFrame(stepOne(place.room.logVector)));
    // A client that does not read gets no further answers before it has.
    if (connection.waitingBytes > UNREAD_BYTES_MAX) {
      connection.pause(PAUSE.reader);
      connection.tellWhenEmptied();
    }
    return true;
  }

  /** Asks the client for what the log lacks of its edits. */
  async askForEdits(place: Entered): Promise<void> {
    if (this.#isReading || (await this.#read(place, place.room.logVector)) === null) return;
    this.#host.connection.write(binaryFrame(stepOne(place.room.logVector)));
  }

  /** The client has read all there was: brings a slow one what came meanwhile, as one update. */
  async emptied(place: Entered | null): Promise<void> {
    const { connection, log } = this.#host;
    connection.resume(PAUSE.reader);
    const slow = this.#slow;
    if (place === null || slow === null) return;
    try {
      const read = await place.tenant.readAfter(place.room, slow.afterSeq);
      if (read.frame !== null) connection.write(read.frame);
      if (read.seq >= place.room.handedSeq) this.#slow = null;
      else {
        this.#slow = { ...slow, afterSeq: read.seq };
        connection.tellWhenEmptied();
      }
    } catch (error) {
      log.warn({ err: error }, 'a slow reader could not be brought up to date');
      this.#host.end(CLOSE.tryLater, 'The document cannot be read just now');
    }
  }

  /** What a state vector lacks; null when there is no answer and the connection is ended. */
  async #read({ tenant, room }: Entered, stateVector: Uint8Array): Promise<Uint8Array | null> {
    const host = this.#host;
    this.#isReading = true;
    try {
      const lacking = await tenant.system().call(readDifference, { documentId: room.documentId, stateVector });
      if (lacking.epoch === room.epoch) {
        room.logVector = lacking.stateVector;
        return lacking.update;
      }
      host.end(CLOSE.reset, 'The document has another history');
    } catch (error) {
      if (isAppError(error) && error.status === 400) host.end(CLOSE.malformed, 'The state vector cannot be read');
      else if (isAppError(error) && error.status === 404) host.end(CLOSE.notFound, 'There is no such document');
      else {
        host.log.warn({ err: error }, 'a document could not be read');
        host.end(CLOSE.tryLater, 'The document cannot be read just now');
      }
    } finally {
      this.#isReading = false;
    }
    return null;
  }
}
