import { diffText, type TextPart } from '@candlefish/document/domain/text-diff';
import { Button, Dialog, Skeleton, useToast } from '@candlefish/ui';
import type { VersionRowFragment } from '@candlefish/web-graphql/operations/versions';
import { useMemo } from 'react';
import { explain } from '../explain.ts';
import { fullTime } from '../time.ts';
import { useVersionChanges, useVersionText } from './queries.ts';
import { titleOf } from './version-title.ts';

/** What the dialog takes. */
export interface VersionDialogProps {
  readonly documentId: string;
  /** The version to look at; null closes the dialog. */
  readonly version: VersionRowFragment | null;
  readonly mayEdit: boolean;
  readonly onClose: () => void;
}

/** What has changed since a version, and the way back to it. */
export const VersionDialog = ({ version, onClose, ...props }: VersionDialogProps) => (
  <Dialog
    wide
    isOpen={version !== null}
    onClose={onClose}
    title={version === null ? '' : titleOf(version)}
    {...(version === null ? {} : { text: `${fullTime(version.createdAt)}. What has changed since then:` })}
  >
    {version !== null && <VersionChanges version={version} onClose={onClose} {...props} />}
  </Dialog>
);

interface VersionChangesProps extends VersionDialogProps {
  readonly version: VersionRowFragment;
}

function VersionChanges({ documentId, version, mayEdit, onClose }: VersionChangesProps) {
  const { data, error } = useVersionText(documentId, version.id);
  const { restore } = useVersionChanges(documentId);
  const toast = useToast();
  const before = data?.documentVersion?.text;
  const after = data?.document?.text;
  const parts = useMemo(
    () => (before === undefined || after === undefined ? null : diffText(before, after).parts),
    [before, after],
  );
  return (
    <div className="form">
      {error !== null && <p className="form-error">{explain(error)}</p>}
      {restore.isError && (
        <p className="form-error" role="alert">
          {explain(restore.error)}
        </p>
      )}
      {parts === null ? error === null && <Skeleton /> : <Changes parts={parts} />}
      <div className="form-actions">
        <Button onClick={onClose}>Close</Button>
        {mayEdit && (
          <Button
            look="primary"
            disabled={restore.isPending}
            onClick={() =>
              restore.mutate(version.id, {
                onSuccess() {
                  onClose();
                  toast('The document is as it was then. What you left is kept in its history.');
                },
              })
            }
          >
            Go back to this version
          </Button>
        )}
      </div>
    </div>
  );
}

const TAGS = { equal: 'span', insert: 'ins', delete: 'del' } as const;

function Changes({ parts }: { readonly parts: readonly TextPart[] }) {
  if (parts.every(({ kind }) => kind === 'equal')) return <p className="diff-none">Nothing: the text is the same.</p>;
  let offset = 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard has to reach.
    <section className="diff" aria-label="Changes" tabIndex={0}>
      {parts.map(({ kind, text }) => {
        const Tag = TAGS[kind];
        offset += text.length;
        return <Tag key={`${kind} ${offset}`}>{text}</Tag>;
      })}
    </section>
  );
}
