import type { CommentThread } from './operations/comment-threads.ts';
import type { Comment } from './operations/comments.ts';
import type { Document } from './operations/documents.ts';
import type { CommentChange } from './operations/follow-comments.ts';
import type { DocumentUpdate } from './operations/follow-document.ts';
import type { Member } from './operations/members.ts';
import type { DocumentVersion } from './operations/versions.ts';

/** What resolvers hold for a `Document`; content and state are asked for by themselves. */
export type DocumentMapper = Document;
/** What resolvers hold for a `DocumentUpdate`. */
export type DocumentUpdateMapper = DocumentUpdate;
/** What resolvers hold for a `DocumentMember`. */
export type DocumentMemberMapper = Member;
/** What resolvers hold for a `DocumentVersion`; its content is asked for by itself. */
export type DocumentVersionMapper = DocumentVersion;
/** What resolvers hold for a `CommentThread`. */
export type CommentThreadMapper = CommentThread;
/** What resolvers hold for a `Comment`. */
export type CommentMapper = Comment;
/** What resolvers hold for a `CommentChange`. */
export type CommentChangeMapper = CommentChange;
