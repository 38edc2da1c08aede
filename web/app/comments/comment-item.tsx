import { Avatar, IconButton, useToast } from '@candlefish/ui';
import type { CommentRowFragment } from '@candlefish/web-graphql/operations/comments';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../explain.ts';
import { actorKey, actorName } from '../people.ts';
import { TimeAgo } from '../time-ago.tsx';
import { CommentBody } from './comment-body.tsx';
import { CommentForm } from './comment-form.tsx';
import { useCommentWrites } from './queries.ts';

/** What a comment takes. */
export interface CommentItemProps {
  readonly documentId: string;
  readonly threadId: string;
  readonly comment: CommentRowFragment;
  /** Whether it is one's own, and may be given another text. */
  readonly mayEdit: boolean;
  readonly mayDelete: boolean;
}

/** What one person said. */
export function CommentItem({ documentId, threadId, comment, mayEdit, mayDelete }: CommentItemProps) {
  const { edit, remove } = useCommentWrites(documentId);
  const [isEditing, setEditing] = useState(false);
  const toast = useToast();
  const { id: commentId, author, body, isDeleted, createdAt, editedAt } = comment;
  return (
    <li>
      <div className="comment-head">
        <Avatar id={actorKey(author)} name={author.user?.email ?? author.kind} />
        <span className="comment-name">
          {actorName(author)}
          <span className="comment-time">
            <TimeAgo iso={createdAt} />
            {editedAt !== null && ' · edited'}
          </span>
        </span>
        {mayEdit && !isDeleted && !isEditing && (
          <IconButton label="Edit the comment" small icon={<Pencil aria-hidden />} onClick={() => setEditing(true)} />
        )}
        {mayDelete && !isDeleted && (
          <IconButton
            label="Delete the comment"
            small
            icon={<Trash2 aria-hidden />}
            onClick={() => remove.mutate({ threadId, commentId }, { onError: (error) => toast(explain(error)) })}
          />
        )}
      </div>
      {isEditing ? (
        <CommentForm
          documentId={documentId}
          label="Edit the comment"
          action="Save"
          autoFocus
          initial={body}
          onCancel={() => setEditing(false)}
          onSubmit={async (text) => {
            await edit.mutateAsync({ threadId, commentId, body: text });
            setEditing(false);
          }}
        />
      ) : isDeleted ? (
        <p className="comment-body faint">Deleted.</p>
      ) : (
        <CommentBody body={body} />
      )}
    </li>
  );
}
