import * as Y from 'yjs';

type Vector = ReadonlyMap<number, number>;

/**
 * Whether some client has written in both of two documents since they had a state in common. Yjs tells its pieces of writing
 * apart by client and clock alone, so it would take the one for the other.
 * @param base State vector of what both had.
 */
export function haveDiverged(base: Uint8Array, ours: Y.Doc, theirs: Y.Doc): boolean {
  const common: Vector = Y.decodeStateVector(base);
  const [mine, other] = [vectorOf(ours), vectorOf(theirs)];
  for (const [client, clock] of mine) {
    const before = common.get(client) ?? 0;
    if (clock > before && (other.get(client) ?? 0) > before) return true;
  }
  return false;
}

const vectorOf = (doc: Y.Doc): Vector => Y.decodeStateVector(Y.encodeStateVector(doc));

/** Brings what one document has and the other lacks into the other. @returns the change, null when there was nothing. */
export function mergeInto(ours: Y.Doc, theirs: Y.Doc): Uint8Array | null {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array): void => void updates.push(update);
  ours.on('update', collect);
  try {
    Y.applyUpdate(ours, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(ours)));
  } finally {
    ours.off('update', collect);
  }
  return updates.length === 0 ? null : Y.mergeUpdates(updates);
}
