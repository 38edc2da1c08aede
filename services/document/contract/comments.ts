import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
import { Bytes, Id, nullable, oneOf, strict, Time } from './schemas.ts';

/** Refusals of those who comment. */
export const commentErrors = defineErrors({
  anchorNotFound: {
    code: 'ANCHOR_NOT_FOUND',
    status: 422,
    title: 'The place is not in the saved document, or holds nothing.',
  },
  tooManyComments: {
    code: 'TOO_MANY_COMMENTS',
    status: 409,
    title: 'There are as many comments as there may be; delete some that are done with.',
  },
});

const Author = strict({
  kind: Type.String({ description: 'user, or api_key and agent for programs.' }),
  id: Type.String(),
  userId: nullable(Id),
});

/** A comment as REST shows it. */
export const CommentSchema = strict({
  id: Id,
  threadId: Id,
  body: Type.String({ description: 'Markdown; empty when it was deleted.' }),
  mentions: Type.Array(Id, { description: 'People it mentions who can see the document.' }),
  author: Author,
  isDeleted: Type.Boolean({ description: 'Whether only its place is left, since others follow.' }),
  editedAt: nullable(Time),
  createdAt: Time,
});

/** Somebody who can be mentioned, as REST shows them. */
export const MentionablePersonSchema = strict({ id: Id, email: Type.String() });

/** Where a thread belongs. */
export const CommentAnchorSchema = strict({
  root: Type.String(),
  startPosition: Bytes('An encoded Yjs relative position.'),
  endPosition: Bytes('An encoded Yjs relative position.'),
  isOrphaned: Type.Boolean({ description: 'Whether nothing is left of the text.' }),
  start: nullable(
    Type.Integer({ description: 'From the start of the root now: UTF-16 units of a text, items of a list.' }),
  ),
  end: nullable(Type.Integer()),
  text: nullable(Type.String({ description: 'What stands there now.' })),
});

/** Threads that are open or resolved. */
export const THREAD_STATUSES = ['open', 'resolved'] as const;
export type ThreadStatus = (typeof THREAD_STATUSES)[number];

export const ThreadStatusSchema = oneOf(THREAD_STATUSES, 'Whether it is done with.');

/** A thread of comments as REST shows it. */
export const CommentThreadSchema = strict({
  id: Id,
  documentId: Id,
  status: ThreadStatusSchema,
  anchor: Type.Union([CommentAnchorSchema, Type.Null()], { description: 'Null for one about the whole document.' }),
  quote: Type.String({ description: 'What stood there when it began.' }),
  version: Type.Integer({ description: 'Version of the document in which it began.' }),
  author: Author,
  comments: Type.Array(CommentSchema, { description: 'The first 20, oldest first.' }),
  commentCount: Type.Integer(),
  resolvedAt: nullable(Time),
  resolvedBy: nullable(Id),
  createdAt: Time,
  updatedAt: Time,
});

const ThreadRef = { documentId: Id, threadId: Id };
const CommentRef = { ...ThreadRef, commentId: Id };

const threadEvent = <const Name extends string>(name: Name) =>
  defineEvent({ name: `document.thread.${name}.v1`, payload: Type.Object(ThreadRef) });
const commentEvent = <const Name extends string>(name: Name) =>
  defineEvent({ name: `document.comment.${name}.v1`, payload: Type.Object(CommentRef) });

/** What happened to comments. Payloads hold ids, never what was said. */
export const commentEvents = {
  threadCreated: threadEvent('created'),
  threadResolved: threadEvent('resolved'),
  threadReopened: threadEvent('reopened'),
  threadDeleted: threadEvent('deleted'),
  commentCreated: commentEvent('created'),
  commentEdited: commentEvent('edited'),
  commentDeleted: commentEvent('deleted'),
};

/** Somebody who can see the document was mentioned. */
export const commentMentioned = defineEvent({
  name: 'document.comment.mentioned.v1',
  payload: Type.Object({ ...CommentRef, userId: Id }),
});
