import * as Y from 'yjs';

/** The update that is to be taken back, and the two states that it lies between. */
export interface UndoableUpdate {
  /** The state right before it, made without letting go of what is deleted; it is changed. */
  readonly before: Y.Doc;
  /** Encoding V1. */
  readonly update: Uint8Array;
  /** The present state, which is only read. */
  readonly present: Y.Doc;
}

/** What takes an update back. */
export interface Undoing {
  /** Encoding V1; fits the present state. */
  readonly update: Uint8Array;
  /** Yjs client that writes it. */
  readonly clientId: number;
}

/** Marks the transaction that is to be undone. */
const UNDONE = Symbol('undone');

/**
 * What takes the effect of one update back and leaves everything else alone: what it wrote is deleted, what it deleted is
 * written again where it was, and a key that somebody has set since stays.
 * @returns null when nothing of it is left.
 */
export function undoUpdate({ before, update, present }: UndoableUpdate): Undoing | null {
  const manager = new Y.UndoManager(before, { trackedOrigins: new Set([UNDONE]), captureTimeout: 0, doc: before });
  try {
    Y.applyUpdate(before, update, UNDONE);
    // Everything since in one go: what others wrote then is not the manager's to undo.
    Y.applyUpdate(before, Y.encodeStateAsUpdate(present));
    const updates: Uint8Array[] = [];
    before.on('update', (change: Uint8Array) => updates.push(change));
    // An update is one transaction here, and so one item; Yjs may clean up formats in further ones.
    while (manager.undoStack.length > 0 && manager.undo() !== null);
    return updates.length === 0 ? null : { update: Y.mergeUpdates(updates), clientId: before.clientID };
  } finally {
    manager.destroy();
  }
}
