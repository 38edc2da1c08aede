import { DocumentProvider, type DocumentState, IndexedDbStores, type LiveDocument } from '@candlefish/client-realtime';
import { useEffect, useState } from 'react';
import * as Y from 'yjs';
import type { Loss } from '../lost/loss.ts';
import { useServices } from '../services.ts';

/** Which document, and as whom. */
export interface LiveDocumentOptions {
  readonly documentId: string;
  /** Whose copy this device keeps: people who share it do not see each other's. Null keeps none. */
  readonly owner: string | null;
  /** What opening a share link gave; null for people of the company. */
  readonly shareToken: string | null;
}

/** A live document and how it stands with it. */
export interface LiveView {
  readonly live: LiveDocument;
  readonly state: DocumentState;
  /** Whether its content is there: of this device or from the platform. What is empty before that may not be empty. */
  readonly isKnown: boolean;
  /** Changes of this person that could not be saved. */
  readonly losses: readonly Loss[];
  /** Drops what the platform does not take, and goes on with what it has. */
  readonly reload: () => void;
}

/**
 * Keeps a document in step with the platform for as long as the component stands; null until what this device holds of it
 * is there. Leaving the page is asked about while edits are nowhere but in it.
 */
export function useLiveDocument({ documentId, owner, shareToken }: LiveDocumentOptions): LiveView | null {
  const { session } = useServices();
  const [view, setView] = useState<LiveView | null>(null);
  useEffect(() => {
    const provider = new DocumentProvider({
      url: location.origin,
      documentId,
      stores: owner === null ? undefined : new IndexedDbStores(owner),
      shareToken: shareToken ?? undefined,
      async credential() {
        const token = await session.token();
        return token === null ? null : { token };
      },
    });
    let live: LiveDocument = { doc: provider.doc, awareness: provider.awareness };
    let synced: Y.Doc | null = null;
    let stranded: Loss | null | undefined;
    let isLeft = false;
    const reload = (): void => provider.reload();
    const show = (): void => {
      // What was waited for may come when another document stands here.
      if (isLeft) return;
      // Editors are bound anew when the document is another one, and only then.
      if (live.doc !== provider.doc) live = { doc: provider.doc, awareness: provider.awareness };
      if (stranded === undefined && isStranded(provider.state)) stranded = strandedIn(provider.doc);
      const losses = stranded ? [...provider.lostChanges, stranded] : provider.lostChanges;
      const isKnown = synced === live.doc || live.doc.store.clients.size > 0;
      setView({ live, state: provider.state, isKnown, losses: losses.map(withDiscard), reload });
    };
    const withDiscard = (loss: Loss): Loss => ({
      ...loss,
      async discard() {
        if (loss === stranded) stranded = null;
        await loss.discard();
        show();
      },
    });
    const stops = (['state', 'reset', 'lostChanges'] as const).map((name) => provider.on(name, show));
    const stopSynced = provider.on('synced', ({ doc }) => {
      synced = doc;
      show();
    });
    const warn = (event: BeforeUnloadEvent): void => {
      const { unsavedChanges, keptLocally } = provider.state;
      if (unsavedChanges > 0 && !keptLocally) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    void provider.loaded.then(show);
    return () => {
      isLeft = true;
      removeEventListener('beforeunload', warn);
      for (const stop of [...stops, stopSynced]) stop();
      setView(null);
      void provider.destroy();
    };
  }, [documentId, owner, shareToken, session]);
  return view;
}

/** Whether a document is closed for good with edits that were not saved. */
const isStranded = ({ status, unsavedChanges }: DocumentState): boolean => status === 'closed' && unsavedChanges > 0;

/** What was not saved of such a document. It stays in the store of this device as well. */
function strandedIn(doc: Y.Doc): Loss {
  const all = Y.encodeStateAsUpdate(doc);
  const at = new Date();
  return { reason: 'refused', code: 'closed', epoch: null, update: all, state: all, at, discard: () => undefined };
}
