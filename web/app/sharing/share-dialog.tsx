import { Dialog, Select, Skeleton, Tabs, useToast } from '@candlefish/ui';
import { useState } from 'react';
import { explain } from '../explain.ts';
import { LinksTab } from './links-tab.tsx';
import { PeopleTab } from './people-tab.tsx';
import { useSharing, useSharingChanges } from './queries.ts';

/** What the dialog takes. */
export interface ShareDialogProps {
  readonly documentId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Who may do what with a document. */
export const ShareDialog = ({ documentId, isOpen, onClose }: ShareDialogProps) => (
  <Dialog isOpen={isOpen} onClose={onClose} title="Share">
    <Sharing documentId={documentId} />
  </Dialog>
);

const VISIBILITIES = [
  { value: 'tenant', label: 'Everybody of the company' },
  { value: 'private', label: 'Only those named here' },
] as const;

function Sharing({ documentId }: Pick<ShareDialogProps, 'documentId'>) {
  const { data, error } = useSharing(documentId);
  const { setVisibility } = useSharingChanges(documentId);
  const toast = useToast();
  const [tab, setTab] = useState('people');
  if (error !== null && data === undefined) return <p className="form-error">{explain(error)}</p>;
  if (data?.document === undefined || data.document === null) return <Skeleton />;
  const { visibility, createdBy, members } = data.document;
  return (
    <>
      <div className="share-visibility">
        <span className="field-label">Who can see it</span>
        <Select
          label="Who can see it"
          choices={VISIBILITIES}
          value={visibility}
          onChange={(next) => setVisibility.mutate(next, { onError: (reason) => toast(explain(reason)) })}
        />
      </div>
      <Tabs
        label="Share with"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            id: 'people',
            label: 'People',
            content: <PeopleTab documentId={documentId} creator={createdBy} members={members} people={data.users} />,
          },
          { id: 'links', label: 'Links', content: <LinksTab documentId={documentId} /> },
        ]}
      />
    </>
  );
}
