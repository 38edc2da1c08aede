import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Ending } from '../link/link.ts';
import type { ConnectedUser } from '../messages.ts';
import type { LostChanges } from '../stores/document-store.ts';

/**
 * - `offline`: no connection; the next try is waited for.
 * - `connecting`: a try runs; the server has not let it in.
 * - `syncing`: connected, and what one side lacks of the other is not there yet.
 * - `saving`: in step with the server, but for edits of this client that it has not said are saved.
 * - `saved`: connected, in step, and every edit of this client is committed on the server.
 * - `refused`: the server refused an edit of this client. Edits are kept and not sent until `reload`.
 * - `closed`: left, or the server does not let this client in any more; there is no further try.
 */
export type DocumentStatus = 'offline' | 'connecting' | 'syncing' | 'saving' | 'saved' | 'refused' | 'closed';

const ACCESS_LEVELS = ['view', 'comment', 'edit', 'manage'] as const;
/** What the user may do with the document; each level includes those before it. */
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** The level of a message; one that this client does not know lets its holder view. */
export const accessOf = (value: unknown): AccessLevel => ACCESS_LEVELS.find((level) => level === value) ?? 'view';

/** Whether a level lets its holder edit. */
export const mayEdit = (access: AccessLevel): boolean => access === 'edit' || access === 'manage';

/** How it stands with a document. The object is replaced when something changes, and never changed itself. */
export interface DocumentState {
  readonly status: DocumentStatus;
  /** Edits of this client, this session or an earlier one, that the server has not said are saved. */
  readonly unsavedChanges: number;
  /** Whether all edits are stored on this machine, so that closing the tab loses nothing. */
  readonly keptLocally: boolean;
  /** What the server last said; null before the first connection. */
  readonly access: AccessLevel | null;
  /** As whom the server knows this client. */
  readonly user: ConnectedUser | null;
  /** Code of the refusal while the status is `refused`, else null. */
  readonly refusal: string | null;
  /** Why the status is `closed`, else null. */
  readonly ending: Ending | null;
}

/** Before anything has happened. */
export const INITIAL_STATE: DocumentState = {
  status: 'offline',
  unsavedChanges: 0,
  keptLocally: false,
  access: null,
  user: null,
  refusal: null,
  ending: null,
};

/** A document and its awareness. */
export interface LiveDocument {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
}

/** Lost changes, until somebody says that they are no longer wanted. */
export interface OfferedLoss extends LostChanges {
  /** Drops them. Resolves when they are gone from the store, so that they do not come back with the next start. */
  discard(): Promise<void>;
}

/** An edit that the server did not take. */
export interface Refusal {
  /** `read_only`, `malformed`, `missing_dependencies`, `invalid`, `too_large` or `not_found`. */
  readonly code: string;
  /** All that is not saved, as one update. */
  readonly update: Uint8Array;
}

/** Something that went wrong and that the provider lives with. */
export interface Problem {
  readonly about: 'credential' | 'storage' | 'awareness' | 'frame';
  readonly error: unknown;
}

/** Events of a document's provider. */
export interface DocumentEvents {
  state: DocumentState;
  /** The server and this client have exchanged what they lacked, for the first time on a connection. */
  synced: LiveDocument;
  /** The document was replaced: editors are bound anew to this one. */
  reset: LiveDocument;
  refused: Refusal;
  lostChanges: OfferedLoss;
  problem: Problem;
}

/** Whether two states say the same. */
export const isSameState = (one: DocumentState, other: DocumentState): boolean =>
  (Object.keys(one) as (keyof DocumentState)[]).every((key) => one[key] === other[key]);
