import { Badge, Button, useToast } from '@candlefish/ui';
import type { ThreadFragment } from '@candlefish/web-graphql/operations/comments';
import { Check, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../explain.ts';
import { CommentForm } from './comment-form.tsx';
import { CommentItem } from './comment-item.tsx';
import { useCommentWrites } from './queries.ts';

/** What a thread takes. */
export interface ThreadCardProps {
  readonly documentId: string;
  readonly thread: ThreadFragment;
  readonly userId: string;
  readonly mayComment: boolean;
  /** Whether they may take away what others wrote. */
  readonly mayManage: boolean;
}

/** What was said about one place of a document. */
export function ThreadCard({ documentId, thread, userId, mayComment, mayManage }: ThreadCardProps) {
  const { reply, settle } = useCommentWrites(documentId);
  const [isReplying, setReplying] = useState(false);
  const toast = useToast();
  const onError = (error: unknown): void => toast(explain(error));
  const isOpen = thread.status === 'open';
  return (
    <li className="thread">
      {thread.quote !== '' && (
        <blockquote className="thread-quote">
          {thread.quote}
          {thread.anchor?.isOrphaned === true && <Badge>no longer in the text</Badge>}
        </blockquote>
      )}
      <ul className="thread-comments">
        {thread.comments.map((comment) => {
          const isOwn = comment.author.user?.id === userId;
          return (
            <CommentItem
              key={comment.id}
              documentId={documentId}
              threadId={thread.id}
              comment={comment}
              mayEdit={mayComment && isOwn && comment.author.kind === 'user'}
              mayDelete={mayManage || isOwn}
            />
          );
        })}
      </ul>
      {thread.commentCount > thread.comments.length && (
        <p className="faint">and {thread.commentCount - thread.comments.length} more</p>
      )}
      {isReplying ? (
        <CommentForm
          documentId={documentId}
          label="Reply"
          action="Reply"
          autoFocus
          onCancel={() => setReplying(false)}
          onSubmit={async (body) => {
            await reply.mutateAsync({ threadId: thread.id, body });
            setReplying(false);
          }}
        />
      ) : (
        mayComment && (
          <div className="thread-actions">
            {isOpen && (
              <Button small look="quiet" onClick={() => setReplying(true)}>
                Reply
              </Button>
            )}
            <Button
              small
              look="quiet"
              onClick={() => settle.mutate({ threadId: thread.id, status: isOpen ? 'resolved' : 'open' }, { onError })}
            >
              {isOpen ? <Check aria-hidden /> : <RotateCcw aria-hidden />}
              {isOpen ? 'Resolve' : 'Open again'}
            </Button>
          </div>
        )
      )}
    </li>
  );
}
