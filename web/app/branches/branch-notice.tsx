import { Button, ConfirmDialog, useToast } from '@candlefish/ui';
import type { DocumentQuery } from '@candlefish/web-graphql/operations/documents';
import { Link, useNavigate } from '@tanstack/react-router';
import { GitBranch } from 'lucide-react';
import { useState } from 'react';
import { useDocumentChanges } from '../documents/queries.ts';
import { explain } from '../explain.ts';
import { TimeAgo } from '../time-ago.tsx';
import { MergeDialog } from './merge-dialog.tsx';

/** What a document is a branch of. */
export type BranchOf = NonNullable<NonNullable<DocumentQuery['document']>['branchOf']>;

/** What the notice takes. */
export interface BranchNoticeProps {
  readonly branchId: string;
  readonly title: string;
  readonly branchOf: BranchOf;
  readonly mayManage: boolean;
}

/** Says that a document is a branch, and where what is written in it can go. */
export function BranchNotice({ branchId, title, branchOf: { main, mergedAt }, mayManage }: BranchNoticeProps) {
  const [isMerging, setMerging] = useState(false);
  const mayMerge = main !== null && (main.access === 'edit' || main.access === 'manage');
  return (
    <section className="document-notice document-notice-calm" aria-label="Branch">
      <GitBranch aria-hidden size={16} />
      <p>
        A branch of{' '}
        {main === null ? (
          'a document that you may not see'
        ) : (
          <Link to="/documents/$id" params={{ id: main.id }}>
            {main.title}
          </Link>
        )}
        . Nothing of it is seen there until it is merged
        {mergedAt === null ? '.' : ', last '}
        {mergedAt !== null && <TimeAgo iso={mergedAt} />}
      </p>
      <span className="notice-actions">
        {main !== null && (
          <Button small look={mayMerge ? 'primary' : 'secondary'} onClick={() => setMerging(true)}>
            {mayMerge ? 'Merge …' : 'Compare …'}
          </Button>
        )}
        {mayManage && <Discard branchId={branchId} title={title} mainId={main?.id ?? null} />}
      </span>
      {main !== null && (
        <MergeDialog
          branchId={branchId}
          title={title}
          main={main}
          mayMerge={mayMerge}
          isOpen={isMerging}
          onClose={() => setMerging(false)}
        />
      )}
    </section>
  );
}

interface DiscardProps {
  readonly branchId: string;
  readonly title: string;
  readonly mainId: string | null;
}

function Discard({ branchId, title, mainId }: DiscardProps) {
  const { remove } = useDocumentChanges();
  const navigate = useNavigate();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button small look="quiet" onClick={() => setAsking(true)}>
        Discard
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Discard “${title}”?`}
        text="The branch goes for everybody, with what was not merged. This cannot be undone."
        action="Discard"
        explain={explain}
        onConfirm={async () => {
          await remove.mutateAsync({ id: branchId });
          toast(`“${title}” is discarded.`);
          await (mainId === null
            ? navigate({ to: '/documents' })
            : navigate({ to: '/documents/$id', params: { id: mainId } }));
        }}
      />
    </>
  );
}
