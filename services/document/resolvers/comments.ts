import { batched } from '@candlefish/kit/graphql';
import { creationKey, toConnection } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import { beginThread } from '../operations/begin-thread.ts';
import { deleteComment, editComment } from '../operations/change-comment.ts';
import { findThread, listThreads } from '../operations/comment-threads.ts';
import { type Comment, firstComments, listComments } from '../operations/comments.ts';
import { type CommentChange, followComments } from '../operations/follow-comments.ts';
import { listMentionable } from '../operations/mentionable-people.ts';
import { replyToThread } from '../operations/reply-to-thread.ts';
import { deleteThread, setThreadStatus } from '../operations/settle-thread.ts';
import type { AnyResolvers } from '../schema.generated.ts';

interface FirstComments {
  readonly threadId: string;
  readonly comments: readonly Comment[];
}

const firstByThread = batched<DocumentCtx, FirstComments>(
  async (ctx, ids) => Array.from(await firstComments(ctx, ids), ([threadId, comments]) => ({ threadId, comments })),
  ({ threadId }) => threadId,
);

const person = (id: string | null) => (id === null ? null : { id });

const isNotFound = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'NOT_FOUND';

/** What people say about a document. */
export const commentResolvers = {
  Mutation: {
    beginCommentThread: (_parent, { documentId, input }, ctx) => {
      const { body, range, positions, expectedVersion } = input;
      return beginThread(ctx, { documentId, body, anchor: range ?? positions, expectedVersion });
    },
    setCommentThreadStatus: (_parent, { documentId, threadId, status }, ctx) =>
      setThreadStatus(ctx, { documentId, id: threadId, status }),
    deleteCommentThread: async (_parent, { documentId, threadId }, ctx) => {
      await deleteThread(ctx, { documentId, id: threadId });
      return true;
    },
    replyToCommentThread: (_parent, args, ctx) => replyToThread(ctx, args),
    editComment: (_parent, { commentId, ...args }, ctx) => editComment(ctx, { ...args, id: commentId }),
    deleteComment: async (_parent, { documentId, threadId, commentId }, ctx) => {
      await deleteComment(ctx, { documentId, threadId, id: commentId });
      return true;
    },
  },
  Subscription: {
    commentChanged: {
      subscribe: (_parent, args, ctx) => followComments(ctx, args),
      resolve: (change: CommentChange) => change,
    },
  },
  Document: {
    mentionable: (document, args, ctx) => listMentionable(ctx, { documentId: document.id, ...args }),
    comments: async (document, args, ctx) => (await listThreads(ctx, { documentId: document.id, ...args })).rows,
    commentsConnection: async (document, args, ctx) =>
      toConnection(await listThreads(ctx, { documentId: document.id, ...args }), args, creationKey),
  },
  CommentThread: {
    author: ({ author }) => ({ kind: author.kind, id: author.id, user: person(author.userId) }),
    anchor: ({ anchor }) =>
      anchor && {
        root: anchor.root,
        startPosition: anchor.startPosition,
        endPosition: anchor.endPosition,
        isOrphaned: anchor.range === null,
        start: anchor.range?.start ?? null,
        end: anchor.range?.end ?? null,
        text: anchor.range?.text ?? null,
      },
    comments: async ({ id }, _args, ctx) => (await firstByThread(ctx, id))?.comments ?? [],
    commentsConnection: async ({ id, documentId }, args, ctx) =>
      toConnection(await listComments(ctx, { documentId, threadId: id, ...args }), args, creationKey),
    resolvedBy: ({ resolvedBy }) => person(resolvedBy),
  },
  Comment: {
    author: ({ author }) => ({ kind: author.kind, id: author.id, user: person(author.userId) }),
    mentions: ({ mentions }) => mentions.map((id) => ({ id })),
  },
  CommentChange: {
    thread: ({ documentId, threadId }, _args, ctx) =>
      findThread(ctx, { documentId, id: threadId }).catch((error: unknown) => {
        // It may have been deleted since, which the next change tells.
        if (isNotFound(error)) return null;
        throw error;
      }),
  },
} satisfies AnyResolvers;
