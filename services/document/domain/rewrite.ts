import type * as Y from 'yjs';
import type { ContentType } from './content-types.ts';
import { NO_CHANGE } from './merge-updates.ts';
import { reconcile } from './reconcile/reconcile.ts';
import { emptyDoc } from './shared-types.ts';

/** A content in a history of its own. */
export interface Rewritten {
  /** Reads like the document it was made of and shares no client id with it; its own client wrote all of it. */
  readonly doc: Y.Doc;
  /** All of it as one update of encoding V1. */
  readonly update: Uint8Array;
}

/**
 * The visible content of a document written anew, as by somebody who types it all at once: nothing of what was deleted, of
 * who wrote what, or of the order in which it came is in it.
 * @param isUsed Whether somebody has written under a client id before.
 * @throws Error when the result does not read like the document.
 */
export function rewrite(doc: Y.Doc, contentType: ContentType, isUsed: (clientId: number) => boolean): Rewritten {
  let fresh = emptyDoc(contentType);
  // Yjs draws an id of 32 bits for each document.
  while (isUsed(fresh.clientID)) fresh = emptyDoc(contentType);
  return { doc: fresh, update: reconcile(fresh, doc, contentType) ?? NO_CHANGE };
}
