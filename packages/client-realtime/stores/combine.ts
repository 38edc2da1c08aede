import * as Y from 'yjs';
import type { LostChanges, StoredUpdate } from './document-store.ts';

/**
 * One update with the state that the given ones lead to. What was deleted is dropped from it; what waits for an update that
 * is not among them is kept.
 */
export function stateOf(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return state;
}

/** `Y.mergeUpdates` takes time in the square of the number of its inputs; groups of 64 keep it linear. */
const MERGED_AT_ONCE_MAX = 64;

/** One update with all of the given ones in it. */
export function mergeUpdates(updates: readonly Uint8Array[]): Uint8Array {
  let level = updates;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let start = 0; start < level.length; start += MERGED_AT_ONCE_MAX) {
      next.push(Y.mergeUpdates(level.slice(start, start + MERGED_AT_ONCE_MAX)));
    }
    level = next;
  }
  return level[0] ?? EMPTY_UPDATE;
}

/** An update that changes nothing: no structs, no deletions. */
export const EMPTY_UPDATE: Uint8Array = new Uint8Array([0, 0]);

/** Lost changes with what the copy held unsaved beside them, or null when nothing is lost. */
export function joinLost(
  lost: LostChanges | null,
  copy: { readonly epoch: number | null; readonly updates: readonly StoredUpdate[] },
  at: Date,
): LostChanges | null {
  const unsaved = copy.updates.filter((stored) => stored.unsaved).map(({ update }) => update);
  if (unsaved.length === 0) return lost;
  if (lost !== null) {
    return {
      ...lost,
      update: mergeUpdates([lost.update, ...unsaved]),
      state: mergeUpdates([lost.state, ...unsaved]),
    };
  }
  const state = mergeUpdates(copy.updates.map(({ update }) => update));
  return { reason: 'epoch', code: 'epoch', epoch: copy.epoch, update: mergeUpdates(unsaved), state, at };
}
