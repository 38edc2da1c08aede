import { Button, EmptyState, Form, Skeleton, TextField, useForm } from '@candlefish/ui';
import type { VersionRowFragment } from '@candlefish/web-graphql/operations/versions';
import { History } from 'lucide-react';
import { useState } from 'react';
import { SidePanel } from '../documents/side-panel.tsx';
import { explain, explainForm } from '../explain.ts';
import { TimeAgo } from '../time-ago.tsx';
import { useVersionChanges, useVersions } from './queries.ts';
import { VersionDialog } from './version-dialog.tsx';
import { titleOf } from './version-title.ts';

/** What the panel takes. */
export interface HistoryPanelProps {
  readonly documentId: string;
  readonly mayEdit: boolean;
}

/** Kept states of a document: looked at, named, gone back to. */
export function HistoryPanel({ documentId, mayEdit }: HistoryPanelProps) {
  const versions = useVersions(documentId);
  const [opened, setOpened] = useState<VersionRowFragment | null>(null);
  const rows = versions.data?.pages.flatMap(({ document }) => document?.versionsConnection.edges ?? []) ?? [];
  return (
    <SidePanel title="History">
      {mayEdit && <NameVersion documentId={documentId} />}
      {versions.isPending && <Skeleton width="80%" />}
      {versions.isError && <p className="form-error">{explain(versions.error)}</p>}
      {versions.isSuccess && rows.length === 0 && (
        <EmptyState
          icon={<History />}
          title="No versions yet"
          text="One is kept when writing pauses, and whenever you give it a name."
        />
      )}
      <ul className="versions">
        {rows.map(({ node }) => (
          <li key={node.id}>
            <button type="button" className="version" onClick={() => setOpened(node)}>
              <span className="version-title">{titleOf(node)}</span>
              <span className="version-note">
                <TimeAgo iso={node.createdAt} /> · {node.actor.user?.email ?? 'by the platform'}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {versions.hasNextPage && (
        <Button look="quiet" small disabled={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
          Show more
        </Button>
      )}
      <VersionDialog documentId={documentId} version={opened} mayEdit={mayEdit} onClose={() => setOpened(null)} />
    </SidePanel>
  );
}

function NameVersion({ documentId }: Pick<HistoryPanelProps, 'documentId'>) {
  const { name } = useVersionChanges(documentId);
  const form = useForm({
    initial: { name: '' },
    check: (values) => (values.name.trim() === '' ? { name: 'Give the version a name.' } : {}),
    async submit(values) {
      await name.mutateAsync(values.name.trim());
      form.set('name', '');
    },
    explain: explainForm,
  });
  return (
    <div className="name-version">
      <Form form={form} label="Keep this version">
        <TextField
          label="Keep the document as it is now"
          placeholder="Name of the version"
          autoComplete="off"
          {...form.field('name')}
        />
        <Button type="submit" disabled={form.isSubmitting}>
          Keep version
        </Button>
      </Form>
    </div>
  );
}
