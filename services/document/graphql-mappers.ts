import type { BlockChange } from './domain/diff/block-diff.ts';
import type { Block } from './domain/diff/blocks.ts';
import type { Conflict } from './domain/diff/conflicts.ts';
import type { ContentDiff, RootDiff } from './domain/diff/content-diff.ts';
import type { JsonChange } from './domain/diff/json-diff.ts';
import type { TextPart } from './domain/text-diff.ts';
import type { AttributedRun, Attribution } from './operations/attribution.ts';
import type { Branch } from './operations/branches.ts';
import type { CommentThread } from './operations/comment-threads.ts';
import type { Comment } from './operations/comments.ts';
import type { DocumentDiff } from './operations/diff-document.ts';
import type { Document } from './operations/documents.ts';
import type { Erasure } from './operations/erase-history.ts';
import type { CommentChange } from './operations/follow-comments.ts';
import type { DocumentUpdate } from './operations/follow-document.ts';
import type { HistorySession } from './operations/history.ts';
import type { Member } from './operations/members.ts';
import type { MergePreview } from './operations/merge-preview.ts';
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
/** What resolvers hold for a `DocumentDiff` and its parts. */
export type DocumentDiffMapper = DocumentDiff;
export type DocumentRootDiffMapper = RootDiff;
export type DocumentTextPartMapper = TextPart;
export type DocumentBlockChangeMapper = BlockChange;
export type DocumentBlockMapper = Block;
export type DocumentJsonChangeMapper = JsonChange;
/** What resolvers hold for a `DocumentBranch`; the documents are asked for by themselves. */
export type DocumentBranchMapper = Branch;
/** What resolvers hold for a `DocumentMergePreview` and its parts. */
export type DocumentMergePreviewMapper = MergePreview;
export type DocumentContentDiffMapper = ContentDiff;
export type DocumentConflictMapper = Conflict;
/** What resolvers hold for the history of a document and for who wrote what. */
export type DocumentHistorySessionMapper = HistorySession;
export type DocumentAttributionMapper = Attribution;
export type DocumentAttributedRunMapper = AttributedRun;
/** What resolvers hold for a `DocumentErasure`; the documents are asked for by themselves. */
export type DocumentErasureMapper = Erasure & { readonly documentId: string };
