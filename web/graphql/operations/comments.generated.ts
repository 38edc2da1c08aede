import { operation } from '../operation.ts';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type BeginCommentThreadInput = {
  /** Markdown, at most 8 KiB. `@[Ann](user:ID)` mentions a person. */
  readonly body: string;
  /** Version that the range was counted in; refused with CONFLICT when it is not the present one. */
  readonly expectedVersion?: number | null | undefined;
  /** Where, as an editor has it. */
  readonly positions?: CommentPositionsInput | null | undefined;
  /** Where, counted from the start of a text or list; in place of `positions`. */
  readonly range?: CommentRangeInput | null | undefined;
};

/** Two encoded Yjs relative positions in the saved document. */
export type CommentPositionsInput = {
  readonly end: string;
  readonly start: string;
};

export type CommentRangeInput = {
  readonly end: number;
  /** Name of a root, as `content`. */
  readonly root: string;
  /** UTF-16 units of a text, items of a list. */
  readonly start: number;
};

export type CommentThreadStatus =
  | 'open'
  | 'resolved';

export type CommentsQueryVariables = Exact<{
  id: string;
  status?: CommentThreadStatus | null | undefined;
}>;


export type CommentsQuery = { readonly document: { readonly id: string, readonly comments: ReadonlyArray<{ readonly id: string, readonly status: CommentThreadStatus, readonly quote: string, readonly commentCount: number, readonly createdAt: string, readonly anchor: { readonly startPosition: string, readonly endPosition: string, readonly isOrphaned: boolean } | null, readonly author: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null }, readonly comments: ReadonlyArray<{ readonly id: string, readonly body: string, readonly isDeleted: boolean, readonly editedAt: string | null, readonly createdAt: string, readonly author: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null } }> }> } | null };

export type ThreadFragment = { readonly id: string, readonly status: CommentThreadStatus, readonly quote: string, readonly commentCount: number, readonly createdAt: string, readonly anchor: { readonly startPosition: string, readonly endPosition: string, readonly isOrphaned: boolean } | null, readonly author: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null }, readonly comments: ReadonlyArray<{ readonly id: string, readonly body: string, readonly isDeleted: boolean, readonly editedAt: string | null, readonly createdAt: string, readonly author: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null } }> };

export type CommentRowFragment = { readonly id: string, readonly body: string, readonly isDeleted: boolean, readonly editedAt: string | null, readonly createdAt: string, readonly author: { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null } };

export type AuthorFragment = { readonly kind: string, readonly id: string, readonly user: { readonly id: string, readonly email: string } | null };

export type BeginThreadMutationVariables = Exact<{
  documentId: string;
  input: BeginCommentThreadInput;
}>;


export type BeginThreadMutation = { readonly beginCommentThread: { readonly id: string } };

export type ReplyMutationVariables = Exact<{
  documentId: string;
  threadId: string;
  body: string;
}>;


export type ReplyMutation = { readonly replyToCommentThread: { readonly id: string } };

export type SettleThreadMutationVariables = Exact<{
  documentId: string;
  threadId: string;
  status: CommentThreadStatus;
}>;


export type SettleThreadMutation = { readonly setCommentThreadStatus: { readonly id: string } };

export type DeleteCommentMutationVariables = Exact<{
  documentId: string;
  threadId: string;
  commentId: string;
}>;


export type DeleteCommentMutation = { readonly deleteComment: boolean };

export type CommentChangesSubscriptionVariables = Exact<{
  documentId: string;
}>;


export type CommentChangesSubscription = { readonly commentChanged: { readonly type: string, readonly threadId: string } };

export type EditCommentMutationVariables = Exact<{
  documentId: string;
  threadId: string;
  commentId: string;
  body: string;
}>;


export type EditCommentMutation = { readonly editComment: { readonly id: string } };

export type MentionablePeopleQueryVariables = Exact<{
  id: string;
  search?: string | null | undefined;
}>;


export type MentionablePeopleQuery = { readonly document: { readonly id: string, readonly mentionable: ReadonlyArray<{ readonly id: string, readonly email: string }> } | null };

export const commentsQuery = operation<CommentsQuery, CommentsQueryVariables>('Comments', `
query Comments($id: ID!, $status: CommentThreadStatus) {
  document(id: $id) {
    id
    comments(first: 100, status: $status) {
      ...Thread
    }
  }
}
fragment Thread on CommentThread {
  id
  status
  quote
  commentCount
  createdAt
  anchor {
    startPosition
    endPosition
    isOrphaned
  }
  author {
    ...Author
  }
  comments {
    ...CommentRow
  }
}
fragment Author on DocumentActor {
  kind
  id
  user {
    id
    email
  }
}
fragment CommentRow on Comment {
  id
  body
  isDeleted
  editedAt
  createdAt
  author {
    ...Author
  }
}
`);

export const beginThreadMutation = operation<BeginThreadMutation, BeginThreadMutationVariables>('BeginThread', `
mutation BeginThread($documentId: ID!, $input: BeginCommentThreadInput!) {
  beginCommentThread(documentId: $documentId, input: $input) {
    id
  }
}
`);

export const replyMutation = operation<ReplyMutation, ReplyMutationVariables>('Reply', `
mutation Reply($documentId: ID!, $threadId: ID!, $body: String!) {
  replyToCommentThread(documentId: $documentId, threadId: $threadId, body: $body) {
    id
  }
}
`);

export const settleThreadMutation = operation<SettleThreadMutation, SettleThreadMutationVariables>('SettleThread', `
mutation SettleThread($documentId: ID!, $threadId: ID!, $status: CommentThreadStatus!) {
  setCommentThreadStatus(
    documentId: $documentId
    threadId: $threadId
    status: $status
  ) {
    id
  }
}
`);

export const deleteCommentMutation = operation<DeleteCommentMutation, DeleteCommentMutationVariables>('DeleteComment', `
mutation DeleteComment($documentId: ID!, $threadId: ID!, $commentId: ID!) {
  deleteComment(
    documentId: $documentId
    threadId: $threadId
    commentId: $commentId
  )
}
`);

export const commentChangesSubscription = operation<CommentChangesSubscription, CommentChangesSubscriptionVariables>('CommentChanges', `
subscription CommentChanges($documentId: ID!) {
  commentChanged(documentId: $documentId) {
    type
    threadId
  }
}
`);

export const editCommentMutation = operation<EditCommentMutation, EditCommentMutationVariables>('EditComment', `
mutation EditComment($documentId: ID!, $threadId: ID!, $commentId: ID!, $body: String!) {
  editComment(
    documentId: $documentId
    threadId: $threadId
    commentId: $commentId
    body: $body
  ) {
    id
  }
}
`);

export const mentionablePeopleQuery = operation<MentionablePeopleQuery, MentionablePeopleQueryVariables>('MentionablePeople', `
query MentionablePeople($id: ID!, $search: String) {
  document(id: $id) {
    id
    mentionable(search: $search, first: 8) {
      id
      email
    }
  }
}
`);
