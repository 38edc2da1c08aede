import * as Y from 'yjs';

/** Whether the holder of the first state vector has all insertions of the holder of the second one. Deletions do not count. */
export function covers(holder: Uint8Array, other: Uint8Array): boolean {
  const held = Y.decodeStateVector(holder);
  for (const [client, clock] of Y.decodeStateVector(other)) {
    if ((held.get(client) ?? 0) < clock) return false;
  }
  return true;
}
