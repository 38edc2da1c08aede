import type { AccessLevelSchema, Refusal } from '@candlefish/document/contract';
import type { CloseCode, Connection } from '@candlefish/kit/sockets';
import type { Static } from 'typebox';
import type { ClientMessage } from '../../domain/frames.ts';
import type { Person } from '../../domain/person.ts';

/** What somebody may do in a document. */
export type AccessLevel = Static<typeof AccessLevelSchema>;

/** What a client is told when it has been let in. */
export interface Welcome {
  readonly documentId: string;
  readonly access: AccessLevel;
  readonly version: number;
  readonly epoch: number;
  readonly connectionId: string;
  readonly user: Person;
  /** When the credential ends, ISO 8601; null when it does not. */
  readonly expiresAt: string | null;
}

/**
 * The words between a member and its client, in one protocol. A codec only translates: what is allowed, stored and handed
 * out is the member's. One that keeps nothing of a client is shared by all connections.
 */
export interface DocumentCodec {
  /** What a binary message says. @throws Error when it cannot be read. */
  read(message: Buffer): ClientMessage;
  joined(connection: Connection, welcome: Welcome): void;
  /** The level of access has changed. */
  levelled(connection: Connection, access: AccessLevel): void;
  /** The credential ends soon. */
  expiring(connection: Connection, expiresAt: Date): void;
  /** A sign of life, twice a minute or so. */
  beat(connection: Connection): void;
  /** The process stops; the client should come back after this time. */
  leaving(connection: Connection, delayMs: number): void;
  /** The connection is about to be closed. */
  closing(connection: Connection, code: CloseCode, message: string): void;
  /** Every numbered edit up to this one is committed, or was refused. */
  saved(connection: Connection, number: number): void;
  /** An edit is not in the log. @param number null for one without. */
  refused(connection: Connection, number: number | null, code: Refusal | 'read_only'): void;
}
