import { Avatar, Badge, Button, IconButton, useToast } from '@candlefish/ui';
import type { CommentRowFragment, ThreadFragment } from '@candlefish/web-graphql/operations/comments';
import { Check, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../explain.ts';
import { actorKey, actorName } from '../people.ts';
import { TimeAgo } from '../time-ago.tsx';
import { CommentBody } from './comment-body.tsx';
import { CommentForm } from './comment-form.tsx';
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
  const { reply, settle, remove } = useCommentWrites(documentId);
  const [isReplying, setReplying] = useState(false);
  const toast = useToast();
  const onError = (error: unknown): void => toast(explain(error));
  const isOpen = thread.status === 'open';
  const mayDelete = ({ author, isDeleted }: CommentRowFragment) =>
    !isDeleted && (mayManage || author.user?.id === userId);
  return (
    <li className="thread">
      {thread.quote !== '' && (
        <blockquote className="thread-quote">
          {thread.quote}
          {thread.anchor?.isOrphaned === true && <Badge>no longer in the text</Badge>}
        </blockquote>
      )}
      <ul className="thread-comments">
        {thread.comments.map((comment) => (
          <li key={comment.id}>
            <div className="comment-head">
              <Avatar id={actorKey(comment.author)} name={actorName(comment.author)} />
              <span className="comment-name">
                {actorName(comment.author)}
                <span className="comment-time">
                  <TimeAgo iso={comment.createdAt} />
                  {comment.editedAt !== null && ' · edited'}
                </span>
              </span>
              {mayDelete(comment) && (
                <IconButton
                  label="Delete the comment"
                  small
                  icon={<Trash2 aria-hidden />}
                  onClick={() => remove.mutate({ threadId: thread.id, commentId: comment.id }, { onError })}
                />
              )}
            </div>
            {comment.isDeleted ? <p className="comment-body faint">Deleted.</p> : <CommentBody body={comment.body} />}
          </li>
        ))}
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
