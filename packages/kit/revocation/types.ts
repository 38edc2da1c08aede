import type { Unsubscribe } from '../pubsub/index.ts';

/** A statement that what a subject was given until some moment is worth nothing any more. */
export interface RevocationMark {
  /** `session:ID`, `user:ID`, `key:ID`, `tenant:ID` or `membership:USER:TENANT`; 1 to 200 characters. */
  readonly subject: string;
  /** Tokens issued at or before this moment are refused. */
  readonly revokedAt: Date;
  /** When the mark may be forgotten: the last such token has expired by then. */
  readonly expiresAt: Date;
}

/** A page of the log. */
export interface RevocationPage {
  readonly marks: readonly RevocationMark[];
  /** Where to read on. */
  readonly cursor: string;
  /** Whether there is more right now; default false. */
  readonly more?: boolean;
}

/** The truth about revocations, kept in the database. */
export interface RevocationLog {
  /** Stores marks durably before it resolves. */
  append(marks: readonly RevocationMark[], signal: AbortSignal): Promise<void>;
  /**
   * Marks stored after `cursor`, or all that have not expired when it is null. A mark that becomes visible late (a transaction that
   * committed after one with a greater number) must still be given: give some marks again rather than miss one, it costs nothing.
   * Must end when `signal` is aborted.
   */
  since(cursor: string | null, signal: AbortSignal): Promise<RevocationPage>;
}

/**
 * A copy of the marks that is quicker to ask than the log and may be lost at any time. Used to catch up after missed messages.
 * Both methods reject while it is away.
 */
export interface RevocationCopy {
  put(marks: readonly RevocationMark[]): Promise<void>;
  /** Marks that have not expired, at most 10 000. */
  all(): Promise<readonly RevocationMark[]>;
}

/**
 * Thrown in place of an answer when the log could not be read for 5 s (or not yet): the caller answers 503. Whether the token was
 * revoked meanwhile is unknown, whenever it was issued.
 */
export class RevocationsStaleError extends Error {
  override readonly name = 'RevocationsStaleError';
}

/** What has been revoked, known to every node within a second. */
export interface Revocations {
  /** Reads the log once and begins to follow it. @throws what the log throws. */
  start(): Promise<void>;
  /**
   * Stores marks in the log, holds them to be true here at once, and tells the other nodes.
   * @throws what the log throws; then nothing is revoked. RangeError on a malformed mark.
   */
  revoke(marks: readonly RevocationMark[], signal?: AbortSignal): Promise<void>;
  /** The same without storing, for marks that the caller's own transaction has committed to the log. */
  announce(marks: readonly RevocationMark[]): Promise<void>;
  /**
   * Whether one of the subjects was revoked at or after `issuedAt`. From memory, without waiting. A token whose issue time has whole
   * seconds counts as issued at the beginning of its second.
   * @throws RevocationsStaleError when no mark is known and the log could not be read for 5 s.
   */
  isRevoked(subjects: readonly string[], issuedAt: Date): boolean;
  /** Calls the listener for every mark this node learns of that refuses more than before: open sockets end themselves. */
  readonly onRevoked: (listener: (mark: RevocationMark) => void) => Unsubscribe;
  /** 'stale' when the log could not be read for 5 s, or not yet. */
  status(): 'fresh' | 'stale';
  close(): Promise<void>;
}

const SUBJECT_CHARS_MAX = 200;

/** @throws RangeError when a subject or a time cannot be right. */
export function checkMarks(marks: readonly RevocationMark[]): void {
  for (const { subject, revokedAt, expiresAt } of marks) {
    if (subject.length < 1 || subject.length > SUBJECT_CHARS_MAX)
      throw new RangeError('a subject has 1 to 200 characters');
    if (Number.isNaN(revokedAt.getTime()) || Number.isNaN(expiresAt.getTime()))
      throw new RangeError('a mark has two times');
  }
}
