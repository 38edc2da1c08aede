import { DocumentProvider, type DocumentState, IndexedDbStores, type LiveDocument } from '@candlefish/client-realtime';
import { useEffect, useState } from 'react';
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
  /** Drops what the platform does not take, and goes on with what it has. */
  readonly reload: () => void;
}

/**
 * Keeps a document in step with the platform for as long as the component stands; null until what this device holds of it
 * is there.
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
    const reload = (): void => provider.reload();
    const show = (): void => {
      // Editors are bound anew when the document is another one, and only then.
      if (live.doc !== provider.doc) live = { doc: provider.doc, awareness: provider.awareness };
      setView({ live, state: provider.state, reload });
    };
    const stops = [provider.on('state', show), provider.on('reset', show), provider.on('synced', show)];
    void provider.loaded.then(show);
    return () => {
      for (const stop of stops) stop();
      setView(null);
      void provider.destroy();
    };
  }, [documentId, owner, shareToken, session]);
  return view;
}
