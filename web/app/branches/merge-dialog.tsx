import { Button, Dialog, Skeleton, Tabs, useToast } from '@candlefish/ui';
import { hasCode } from '@candlefish/web-graphql';
import type { MergePreviewQuery } from '@candlefish/web-graphql/operations/changes';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ContentChanges, hasChanges } from '../changes/content-changes.tsx';
import { explain } from '../explain.ts';
import { ConflictList } from './conflict-list.tsx';
import { useBranchWrites, useMergePreview } from './queries.ts';

/** What the dialog takes. */
export interface MergeDialogProps {
  readonly branchId: string;
  readonly title: string;
  readonly main: { readonly id: string; readonly title: string };
  readonly mayMerge: boolean;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Shows what a merge would do before it is done. */
export const MergeDialog = ({ isOpen, onClose, ...props }: MergeDialogProps) => (
  <Dialog
    wide
    isOpen={isOpen}
    onClose={onClose}
    title={`Merge into “${props.main.title}”`}
    text={`What was written in “${props.title}” since both had the same content.`}
  >
    <Preview onClose={onClose} {...props} />
  </Dialog>
);

function Preview({ branchId, title, main, mayMerge, onClose }: Omit<MergeDialogProps, 'isOpen'>) {
  const { data, error, refetch } = useMergePreview(branchId);
  const { merge } = useBranchWrites(main.id);
  const navigate = useNavigate();
  const toast = useToast();
  const preview = data?.documentMergePreview;
  const run = (expectedVersion: number): void => {
    merge.mutate(
      { branchId, expectedVersion },
      {
        async onSuccess() {
          onClose();
          toast(`“${title}” is merged.`);
          await navigate({ to: '/documents/$id', params: { id: main.id } });
        },
        onError(reason) {
          // Somebody wrote in the main document while the preview was read: it is shown anew.
          if (hasCode(reason, 'CONFLICT')) void refetch();
        },
      },
    );
  };
  return (
    <div className="form">
      {[error, merge.error].map(
        (failure) =>
          failure !== null && (
            <p key={failure.message} className="form-error" role="alert">
              {hasCode(failure, 'CONFLICT') ? 'The main document has changed meanwhile. Look again.' : explain(failure)}
            </p>
          ),
      )}
      {preview === undefined ? error === null && <Skeleton /> : <PreviewSides preview={preview} />}
      <div className="form-actions">
        <Button onClick={onClose}>{mayMerge ? 'Cancel' : 'Close'}</Button>
        {mayMerge && preview !== undefined && (
          <Button
            look="primary"
            disabled={merge.isPending || !hasChanges(preview.result)}
            onClick={() => run(preview.mainVersion)}
          >
            {preview.conflicts.length === 0 ? 'Merge' : 'Merge and keep both'}
          </Button>
        )}
      </div>
    </div>
  );
}

interface PreviewSidesProps {
  readonly preview: MergePreviewQuery['documentMergePreview'];
}

function PreviewSides({ preview: { result, theirs, ours, conflicts } }: PreviewSidesProps) {
  const [tab, setTab] = useState(conflicts.length > 0 ? 'conflicts' : 'result');
  const both = {
    id: 'conflicts',
    label: conflicts.length === 1 ? '1 place changed by both' : `${conflicts.length} places changed by both`,
    content: <ConflictList conflicts={conflicts} />,
  };
  const sides = [
    {
      id: 'result',
      label: 'What the merge does',
      content: (
        <ContentChanges
          changes={result}
          label="What the merge does"
          nothing="The main document has all of it already."
        />
      ),
    },
    {
      id: 'theirs',
      label: 'The branch',
      content: (
        <ContentChanges changes={theirs} label="Changes in the branch" nothing="Nothing has changed in the branch." />
      ),
    },
    {
      id: 'ours',
      label: 'The main document',
      content: (
        <ContentChanges
          changes={ours}
          label="Changes in the main document"
          nothing="Nothing has changed in the main document."
        />
      ),
    },
  ];
  return (
    <Tabs
      label="What is compared"
      selected={tab}
      onSelect={setTab}
      tabs={conflicts.length > 0 ? [both, ...sides] : sides}
    />
  );
}
