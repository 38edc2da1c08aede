import * as Y from 'yjs';

/**
 * Whether a server lacks deletions that the document has. State vectors tell of insertions only; the server's answer to one
 * holds all of its deletions.
 * @param answer The server's step 2, which is in the document already.
 */
export function lacksDeletions(answer: Uint8Array, doc: Y.Doc): boolean {
  const known = Y.mergeDeleteSets([Y.decodeUpdate(answer).ds]);
  return !Y.equalDeleteSets(known, Y.createDeleteSetFromStructStore(doc.store));
}
