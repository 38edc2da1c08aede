import type { CommentThread } from '../operations/comment-threads.ts';
import type { Comment } from '../operations/comments.ts';

/** A comment as REST shows it. */
export const commentBody = ({ editedAt, createdAt, mentions, ...comment }: Comment) => ({
  ...comment,
  mentions: [...mentions],
  editedAt: editedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const anchorBody = ({ root, startPosition, endPosition, range }: NonNullable<CommentThread['anchor']>) => ({
  root,
  startPosition: base64(startPosition),
  endPosition: base64(endPosition),
  isOrphaned: range === null,
  start: range?.start ?? null,
  end: range?.end ?? null,
  text: range?.text ?? null,
});

/** A thread with its first comments as REST shows it. */
export const threadBody = (
  { anchor, resolvedAt, createdAt, updatedAt, ...thread }: CommentThread,
  comments: readonly Comment[],
) => ({
  ...thread,
  anchor: anchor && anchorBody(anchor),
  comments: comments.map(commentBody),
  resolvedAt: resolvedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
