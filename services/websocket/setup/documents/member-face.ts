import type { Refusal, Writer } from '@candlefish/document/contract';
import type { CloseCode, Connection } from '@candlefish/kit/sockets';
import type { Person } from '../../domain/person.ts';

/** The reading side of a member, as rooms see it. */
export interface ReaderFace {
  readonly isSlow: boolean;
  /** Whether it has read too slowly for too long. */
  isTooSlow(nowMs: number): boolean;
  /** Sends updates of the room. @param beforeSeq what the reader has when it has not missed any. */
  hand(frame: Buffer, beforeSeq: number): void;
  /** Sends what is of no use later. */
  tell(frame: Buffer): void;
}

/** A connection in a document, as rooms and the append queue see it. */
export interface MemberFace {
  readonly connection: Connection;
  readonly reader: ReaderFace;
  /** Who writes. @throws Error before the document has let it in. */
  readonly writer: Writer;
  /** How others see it. */
  readonly user: Person;
  /** The client id it speaks for in awareness; null until it has spoken. */
  readonly clientId: number | null;
  /** An edit is committed. */
  settled(number: number | null): void;
  /** An edit was refused by the log. */
  refuse(number: number | null, code: Refusal): void;
  /** Edits could not be stored: the client keeps them and comes back. */
  abandon(): void;
  /** Reads no more of it until `release`. */
  hold(): void;
  release(): void;
  /** Writes what is to be acknowledged. */
  flush(): void;
  /** Asks the document again what the caller may do. */
  checkAccess(): void;
  end(code: CloseCode, reason: string): void;
}
