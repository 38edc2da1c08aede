import { Button, ConfirmDialog, Dialog, Select, Skeleton, useToast } from '@candlefish/ui';
import { useState } from 'react';
import { ContentChanges } from '../changes/content-changes.tsx';
import { explain } from '../explain.ts';
import { type KnownHistory, type Point, pointChoices, type Span } from './points.ts';
import { useDifference, useHistoryWrites } from './queries.ts';
import { titleOf } from './version-title.ts';

/** What the dialog takes. */
export interface CompareDialogProps {
  readonly documentId: string;
  readonly history: KnownHistory;
  /** What to compare at first; null closes the dialog. */
  readonly span: Span | null;
  readonly mayEdit: boolean;
  readonly onClose: () => void;
}

/** What became of a document between two points of its history, and the way back to a version. */
export const CompareDialog = ({ span, onClose, ...props }: CompareDialogProps) => (
  <Dialog wide isOpen={span !== null} onClose={onClose} title="What has changed">
    {span !== null && <Comparison key={`${span.from} ${span.to}`} span={span} onClose={onClose} {...props} />}
  </Dialog>
);

interface ComparisonProps extends CompareDialogProps {
  readonly span: Span;
}

function Comparison({ documentId, history, span, mayEdit, onClose }: ComparisonProps) {
  const [from, setFrom] = useState<Point>(span.from);
  const [to, setTo] = useState<Point>(span.to);
  const choices = pointChoices(history, [from, to]);
  const version = history.versions.find(({ id }) => id === from);
  return (
    <div className="form">
      <div className="compare-points">
        <span className="field-label">From</span>
        <Select label="From" choices={choices} value={from} onChange={setFrom} />
        <span className="field-label">To</span>
        <Select label="To" choices={choices} value={to} onChange={setTo} />
      </div>
      <Difference documentId={documentId} from={from} to={to} />
      <div className="form-actions">
        <Button onClick={onClose}>Close</Button>
        {mayEdit && version !== undefined && (
          <GoBack documentId={documentId} versionId={version.id} name={titleOf(version)} onDone={onClose} />
        )}
      </div>
    </div>
  );
}

function Difference({ documentId, from, to }: { readonly documentId: string } & Span) {
  const { data, error } = useDifference(documentId, from, to);
  if (error !== null && data === undefined) {
    return (
      <p className="form-error" role="alert">
        {explain(error)}
      </p>
    );
  }
  if (data === undefined) return <Skeleton />;
  return <ContentChanges changes={data.documentDiff} label="Changes" nothing="Nothing: the content is the same." />;
}

interface GoBackProps {
  readonly documentId: string;
  readonly versionId: string;
  readonly name: string;
  readonly onDone: () => void;
}

function GoBack({ documentId, versionId, name, onDone }: GoBackProps) {
  const { restore } = useHistoryWrites(documentId);
  const [isAsking, setAsking] = useState(false);
  const toast = useToast();
  return (
    <>
      <Button look="primary" onClick={() => setAsking(true)}>
        Go back to this version
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Go back to “${name}”?`}
        text="The document becomes what it was then, for everybody. What it is now is kept in its history."
        action="Go back"
        look="primary"
        explain={explain}
        onConfirm={async () => {
          await restore.mutateAsync(versionId);
          onDone();
          toast('The document is as it was then. What you left is kept in its history.');
        }}
      />
    </>
  );
}
