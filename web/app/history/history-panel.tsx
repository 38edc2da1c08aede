import { Tabs } from '@candlefish/ui';
import { useState } from 'react';
import type * as Y from 'yjs';
import { SidePanel } from '../documents/side-panel.tsx';
import { AuthorsView } from './authors-view.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { KeepVersion } from './keep-version.tsx';
import type { Span } from './points.ts';
import { useHistoryChanges, useSessions, useVersions } from './queries.ts';
import { SessionList } from './session-list.tsx';
import { VersionList } from './version-list.tsx';

/** What the panel takes. */
export interface HistoryPanelProps {
  readonly documentId: string;
  readonly contentType: string;
  readonly mayEdit: boolean;
  readonly mayManage: boolean;
  /** The document as it is edited here; undefined until it is there. */
  readonly doc: Y.Doc | undefined;
}

/** Who wrote when, kept states, and who wrote what. */
export function HistoryPanel({ documentId, contentType, mayEdit, mayManage, doc }: HistoryPanelProps) {
  const versions = useVersions(documentId);
  const sessions = useSessions(documentId);
  useHistoryChanges(documentId, doc);
  const [tab, setTab] = useState('sessions');
  const [span, setSpan] = useState<Span | null>(null);
  const history = {
    versions: versions.data?.pages.flatMap(({ document }) => nodesOf(document?.versionsConnection.edges)) ?? [],
    sessions: sessions.data?.pages.flatMap(({ document }) => nodesOf(document?.historyConnection.edges)) ?? [],
  };
  const of = { documentId, mayEdit, mayManage, onCompare: setSpan };
  return (
    <SidePanel title="History">
      {mayEdit && <KeepVersion documentId={documentId} onKept={() => setTab('versions')} />}
      <Tabs
        label="What of the history"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            id: 'sessions',
            label: 'Changes',
            content: <SessionList {...of} sessions={history.sessions} query={sessions} />,
          },
          {
            id: 'versions',
            label: 'Versions',
            content: <VersionList {...of} versions={history.versions} query={versions} />,
          },
          {
            id: 'authors',
            label: 'Authors',
            content: <AuthorsView documentId={documentId} contentType={contentType} />,
          },
        ]}
      />
      <CompareDialog
        documentId={documentId}
        history={history}
        span={span}
        mayEdit={mayEdit}
        onClose={() => setSpan(null)}
      />
    </SidePanel>
  );
}

const nodesOf = <Node,>(edges: readonly { readonly node: Node }[] | undefined): readonly Node[] =>
  edges?.map(({ node }) => node) ?? [];
