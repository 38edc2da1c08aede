import { EmptyState, Skeleton, Tabs } from '@candlefish/ui';
import { MessageSquare } from 'lucide-react';
import { useState } from 'react';
import { SidePanel } from '../documents/side-panel.tsx';
import { explain } from '../explain.ts';
import { CommentForm } from './comment-form.tsx';
import { useCommentWrites, useThreads } from './queries.ts';
import type { SelectedRange } from './selected-range.ts';
import { ThreadCard, type ThreadCardProps } from './thread-card.tsx';

/** What the panel takes. */
export interface CommentsPanelProps extends Omit<ThreadCardProps, 'thread'> {
  /** What a new comment is about; null for all of the document. */
  readonly range: SelectedRange | null;
  readonly onRangeDone: () => void;
}

/** What people say about a document. */
export function CommentsPanel({ range, onRangeDone, ...props }: CommentsPanelProps) {
  const { begin } = useCommentWrites(props.documentId);
  const [tab, setTab] = useState<string>('open');
  return (
    <SidePanel title="Comments">
      {props.mayComment && (
        <div className="comment-new">
          {range !== null && <blockquote className="thread-quote">{range.quote}</blockquote>}
          <CommentForm
            key={range?.start ?? 'whole'}
            documentId={props.documentId}
            label={range === null ? 'About the document' : 'About the selected text'}
            action="Comment"
            autoFocus={range !== null}
            {...(range === null ? {} : { onCancel: onRangeDone })}
            onSubmit={async (body) => {
              await begin.mutateAsync({ body, range });
              onRangeDone();
              setTab('open');
            }}
          />
        </div>
      )}
      <Tabs
        label="Which comments"
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: 'open', label: 'Open', content: <Threads {...props} status="open" /> },
          { id: 'resolved', label: 'Resolved', content: <Threads {...props} status="resolved" /> },
        ]}
      />
    </SidePanel>
  );
}

interface ThreadsProps extends Omit<ThreadCardProps, 'thread'> {
  readonly status: 'open' | 'resolved';
}

function Threads({ status, ...props }: ThreadsProps) {
  const { data, error } = useThreads(props.documentId, status);
  if (error !== null && data === undefined) return <p className="form-error">{explain(error)}</p>;
  if (data === undefined) return <Skeleton width="80%" />;
  const threads = data.document?.comments ?? [];
  if (threads.length === 0) {
    return status === 'open' ? (
      <EmptyState
        icon={<MessageSquare />}
        title="Nothing to discuss"
        text="Select a piece of the text and choose Comment, or write about the whole."
      />
    ) : (
      <p className="faint">Nothing has been resolved yet.</p>
    );
  }
  return (
    <ul className="threads">
      {threads.map((thread) => (
        <ThreadCard key={thread.id} thread={thread} {...props} />
      ))}
    </ul>
  );
}
