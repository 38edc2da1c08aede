import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  CommentSchema,
  CommentThreadSchema,
  commentErrors,
  MentionablePersonSchema,
  ThreadStatusSchema,
} from '../contract.ts';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import { beginThread } from '../operations/begin-thread.ts';
import { deleteComment, editComment } from '../operations/change-comment.ts';
import { type CommentThread, findThread, listThreads } from '../operations/comment-threads.ts';
import { firstComments, listComments } from '../operations/comments.ts';
import { listMentionable } from '../operations/mentionable-people.ts';
import { replyToThread } from '../operations/reply-to-thread.ts';
import { deleteThread, setThreadStatus } from '../operations/settle-thread.ts';
import { anchorInput } from './comment-anchor.ts';
import { commentBody, threadBody } from './comment-bodies.ts';

const route = routesOf<DocumentService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
const ThreadParams = Type.Object({ id: Id, threadId: Id });
const CommentParams = Type.Object({ id: Id, threadId: Id, commentId: Id });
const Body = Type.String({
  minLength: 1,
  maxLength: 8_192,
  description: 'Markdown, at most 8 KiB. `@[Ann](user:ID)` mentions a person.',
});
const Base64 = Type.String({ contentEncoding: 'base64', maxLength: 600 });
const Index = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const AnchorSchema = Type.Union(
  [
    Type.Object({ start: Base64, end: Base64 }, { additionalProperties: false }),
    Type.Object({ root: Type.String({ maxLength: 255 }), start: Index, end: Index }, { additionalProperties: false }),
  ],
  {
    description:
      'Two encoded Yjs relative positions, or a range counted from the start of a text or list: UTF-16 units, or items.',
  },
);

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

async function oneThread(ctx: DocumentCtx, thread: CommentThread) {
  return threadBody(thread, (await firstComments(ctx, [thread.id])).get(thread.id) ?? []);
}

/** What people say about a document. */
export const commentRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/comments',
    operationId: 'listCommentThreads',
    summary: 'List the comment threads of a document',
    description: 'Newest first, with where their text is now.',
    access: 'authenticated',
    params: Params,
    query: Type.Object({ ...PageQuery, status: Type.Optional(ThreadStatusSchema) }),
    response: { status: 200, description: 'A page of threads.', schema: pageSchema(CommentThreadSchema) },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID }, query: { status: 'open' } },
    async handle(ctx, { params, query: { limit, cursor, status } }) {
      const page = await listThreads(ctx, { documentId: params.id, first: limit, after: cursor, status });
      const comments = await firstComments(
        ctx,
        page.rows.map(({ id }) => id),
      );
      return { body: pageBody(page, limit, (thread) => threadBody(thread, comments.get(thread.id) ?? [])) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/comments',
    operationId: 'beginCommentThread',
    summary: 'Comment on a document',
    description:
      'Begins a thread about a range of the text, or about the whole document. `If-Match` names the version that a counted range was counted in. Needs the level comment.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({ body: Body, anchor: Type.Optional(AnchorSchema) }),
    response: { status: 201, description: 'The thread.', schema: CommentThreadSchema },
    errors: [
      platformErrors.notFound,
      commentErrors.anchorNotFound,
      platformErrors.conflict,
      commentErrors.tooManyComments,
    ],
    versioned: false,
    example: { params: { id: EXAMPLE_ID }, body: { body: 'Who brings the ladder?' } },
    async handle(ctx, { params, body: { body, anchor }, ifMatch }) {
      const input = { documentId: params.id, body, anchor: anchorInput(anchor), expectedVersion: ifMatch };
      const thread = await beginThread(ctx, input);
      const location = `/api/v1/documents/${params.id}/comments/${thread.id}`;
      return { body: await oneThread(ctx, thread), location };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/comments/{threadId}',
    operationId: 'findCommentThread',
    summary: 'Get a comment thread',
    access: 'authenticated',
    params: ThreadParams,
    response: { status: 200, description: 'The thread.', schema: CommentThreadSchema },
    errors: [platformErrors.notFound],
    versioned: false,
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      const thread = await findThread(ctx, { documentId: params.id, id: params.threadId });
      return { body: await oneThread(ctx, thread) };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/documents/{id}/comments/{threadId}',
    operationId: 'setCommentThreadStatus',
    summary: 'Resolve or reopen a comment thread',
    description: 'Its author with the level comment, others with the level edit.',
    access: 'authenticated',
    params: ThreadParams,
    body: Type.Object({ status: ThreadStatusSchema }),
    response: { status: 200, description: 'The thread.', schema: CommentThreadSchema },
    errors: [platformErrors.notFound],
    versioned: false,
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID }, body: { status: 'resolved' } },
    async handle(ctx, { params, body }) {
      const thread = await setThreadStatus(ctx, { documentId: params.id, id: params.threadId, ...body });
      return { body: await oneThread(ctx, thread) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/documents/{id}/comments/{threadId}',
    operationId: 'deleteCommentThread',
    summary: 'Delete a comment thread',
    description: 'With all its comments. Needs the level manage.',
    access: 'authenticated',
    params: ThreadParams,
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await deleteThread(ctx, { documentId: params.id, id: params.threadId });
      return { body: undefined };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/comments/{threadId}/replies',
    operationId: 'listComments',
    summary: 'List the comments of a thread',
    description: 'Oldest first, with the one that began it.',
    access: 'authenticated',
    params: ThreadParams,
    query: Type.Object(PageQuery),
    response: { status: 200, description: 'A page of comments.', schema: pageSchema(CommentSchema) },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID } },
    async handle(ctx, { params, query: { limit, cursor } }) {
      const of = { documentId: params.id, threadId: params.threadId };
      return { body: pageBody(await listComments(ctx, { ...of, first: limit, after: cursor }), limit, commentBody) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/comments/{threadId}/replies',
    operationId: 'replyToCommentThread',
    summary: 'Answer in a comment thread',
    description: 'Needs the level comment.',
    access: 'authenticated',
    params: ThreadParams,
    body: Type.Object({ body: Body }),
    response: { status: 201, description: 'The comment.', schema: CommentSchema },
    errors: [platformErrors.notFound, commentErrors.tooManyComments],
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID }, body: { body: 'I do.' } },
    async handle(ctx, { params, body }) {
      const comment = await replyToThread(ctx, { documentId: params.id, threadId: params.threadId, ...body });
      return { body: commentBody(comment) };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/documents/{id}/comments/{threadId}/replies/{commentId}',
    operationId: 'editComment',
    summary: 'Edit a comment',
    description: 'One’s own.',
    access: 'authenticated',
    params: CommentParams,
    body: Type.Object({ body: Body }),
    response: { status: 200, description: 'The comment.', schema: CommentSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID, commentId: EXAMPLE_ID }, body: { body: 'I do, at 8.' } },
    async handle(ctx, { params, body }) {
      const place = { documentId: params.id, threadId: params.threadId, id: params.commentId };
      return { body: commentBody(await editComment(ctx, { ...place, ...body })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/documents/{id}/comments/{threadId}/replies/{commentId}',
    operationId: 'deleteComment',
    summary: 'Delete a comment',
    description:
      'One’s own, or with the level manage those of others. Its place stays while others follow it; a thread goes with its last comment.',
    access: 'authenticated',
    params: CommentParams,
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, threadId: EXAMPLE_ID, commentId: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await deleteComment(ctx, { documentId: params.id, threadId: params.threadId, id: params.commentId });
      return { body: undefined };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/mentionable-people',
    operationId: 'listMentionablePeople',
    summary: 'List people to mention in a document',
    description: 'People who see the document and whose address holds the text, by address. Needs the level comment.',
    access: 'authenticated',
    params: Params,
    query: Type.Object({
      search: Type.Optional(Type.String({ maxLength: 255 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })),
    }),
    response: {
      status: 200,
      description: 'The people.',
      schema: Type.Object({ data: Type.Array(MentionablePersonSchema) }, { additionalProperties: false }),
    },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID }, query: { search: 'demo' } },
    async handle(ctx, { params, query: { search, limit } }) {
      return { body: { data: [...(await listMentionable(ctx, { documentId: params.id, search, first: limit }))] } };
    },
  }),
];
