import { IndexedDbStores } from '@candlefish/client-realtime';
import * as Y from 'yjs';
import type { Loss } from './loss.ts';

/**
 * What this device holds of a document that cannot be opened any more, and that nobody else has: edits that were never
 * saved, and those that were put aside before.
 * @throws Error where the browser denies its store.
 */
export async function findLeftWork(owner: string, documentId: string): Promise<readonly Loss[]> {
  const store = await new IndexedDbStores(owner).open(documentId);
  try {
    const { epoch, updates, lost } = await store.read();
    const put = lost.map(({ id, changes }) => ({ ...changes, discard: () => drop(owner, documentId, id) }));
    const unsaved = updates.filter((update) => update.unsaved);
    if (unsaved.length === 0) return put;
    return [
      ...put,
      {
        reason: 'refused',
        code: 'not_found',
        epoch,
        update: Y.mergeUpdates(unsaved.map(({ update }) => update)),
        state: Y.mergeUpdates(updates.map(({ update }) => update)),
        at: new Date(),
        discard: () => drop(owner, documentId, null),
      },
    ];
  } finally {
    store.close();
  }
}

/** Drops lost changes; with null what was never saved. */
async function drop(owner: string, documentId: string, lossId: number | null): Promise<void> {
  const store = await new IndexedDbStores(owner).open(documentId);
  try {
    const { epoch } = await store.read();
    const id = lossId ?? (await store.restart(epoch, null, true))?.id;
    if (id !== undefined) await store.forget(id);
  } finally {
    store.close();
  }
}
