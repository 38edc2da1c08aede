import { DocumentProvider, type DocumentState, IndexedDbStores, type LiveDocument } from '@candlefish/client-realtime';
import { useEffect, useState } from 'react';
import { useServices } from '../services.ts';

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
 * @param userId whose copy it is: people who share a device do not see each other's.
 */
export function useLiveDocument(documentId: string, userId: string): LiveView | null {
  const { session } = useServices();
  const [view, setView] = useState<LiveView | null>(null);
  useEffect(() => {
    const provider = new DocumentProvider({
      url: location.origin,
      documentId,
      stores: new IndexedDbStores(userId),
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
  }, [documentId, userId, session]);
  return view;
}
