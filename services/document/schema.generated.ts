import type { CompleteResolvers } from '@candlefish/kit/graphql';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { DocumentMapper, DocumentUpdateMapper, DocumentMemberMapper, DocumentVersionMapper, CommentThreadMapper, CommentMapper, CommentChangeMapper, DocumentDiffMapper, DocumentRootDiffMapper, DocumentTextPartMapper, DocumentBlockChangeMapper, DocumentBlockMapper, DocumentJsonChangeMapper, DocumentBranchMapper, DocumentMergePreviewMapper, DocumentContentDiffMapper, DocumentConflictMapper, DocumentHistorySessionMapper, DocumentAttributionMapper, DocumentAttributedRunMapper, DocumentErasureMapper } from './graphql-mappers.ts';
import type { DocumentCtx } from './ctx.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** Bytes in base64 with padding (RFC 4648, section 4). */
  Base64: { input: Uint8Array; output: Uint8Array; }
  /** A place in a list or a stream, opaque to clients. */
  Cursor: { input: string; output: string; }
  /** A moment in UTC (RFC 3339). */
  DateTime: { input: Date; output: Date; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** A step of a path: the name of a root or a key of a map as a string, a place in a list as a number. */
  PathSegment: { input: string | number; output: string | number; }
  _FieldSet: { input: string; output: string; }
};

export type ArrayDeleteInput = {
  readonly index: Scalars['Int']['input'];
  readonly length: Scalars['Int']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
};

/** Values into a list, items into a checklist, or nodes in ProseMirror's JSON into rich text. */
export type ArrayInsertInput = {
  readonly index: Scalars['Int']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
  /** Makes objects and lists shared, so that others may change parts of them. */
  readonly shared?: InputMaybe<Scalars['Boolean']['input']>;
  readonly values: ReadonlyArray<Scalars['JSON']['input']>;
};

/** Takes an item out and puts it in again: what others do to it at the same time is lost, and two moves at once make two of it. */
export type ArrayMoveInput = {
  readonly from: Scalars['Int']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
  /** Where it stands afterwards. */
  readonly to: Scalars['Int']['input'];
};

export type BeginCommentThreadInput = {
  /** Markdown, at most 8 KiB. `@[Ann](user:ID)` mentions a person. */
  readonly body: Scalars['String']['input'];
  /** Version that the range was counted in; refused with CONFLICT when it is not the present one. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Where, as an editor has it. */
  readonly positions?: InputMaybe<CommentPositionsInput>;
  /** Where, counted from the start of a text or list; in place of `positions`. */
  readonly range?: InputMaybe<CommentRangeInput>;
};

/** What is done to a document; exactly one of the kinds. */
export type CrdtOperation =
  { readonly arrayDelete: ArrayDeleteInput; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert: ArrayInsertInput; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove: ArrayMoveInput; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete: MapDeleteInput; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet: MapSetInput; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete: TextDeleteInput; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat: TextFormatInput; readonly textInsert?: never; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert: TextInsertInput; readonly yjsUpdate?: never; }
  |  { readonly arrayDelete?: never; readonly arrayInsert?: never; readonly arrayMove?: never; readonly mapDelete?: never; readonly mapSet?: never; readonly textDelete?: never; readonly textFormat?: never; readonly textInsert?: never; readonly yjsUpdate: YjsUpdateInput; };

export type Comment = {
  /** A program shows as api_key or agent. */
  readonly author: DocumentActor;
  /** Markdown; empty when it was deleted. */
  readonly body: Scalars['String']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly editedAt: Maybe<Scalars['DateTime']['output']>;
  readonly id: Scalars['ID']['output'];
  /** Whether only its place is left, since others follow. */
  readonly isDeleted: Scalars['Boolean']['output'];
  /** People it mentions who can see the document. */
  readonly mentions: ReadonlyArray<User>;
  readonly threadId: Scalars['ID']['output'];
};

/** Where a thread belongs. The positions survive all edits; the rest is where they are now. */
export type CommentAnchor = {
  readonly end: Maybe<Scalars['Int']['output']>;
  /** An encoded Yjs relative position. */
  readonly endPosition: Scalars['Base64']['output'];
  /** Whether nothing is left of the text; the quote remains. */
  readonly isOrphaned: Scalars['Boolean']['output'];
  readonly root: Scalars['String']['output'];
  /** From the start of the root: UTF-16 units of a text, items of a list. */
  readonly start: Maybe<Scalars['Int']['output']>;
  /** An encoded Yjs relative position. */
  readonly startPosition: Scalars['Base64']['output'];
  /** What stands there now. */
  readonly text: Maybe<Scalars['String']['output']>;
};

/** Something that happened to the comments of a document. */
export type CommentChange = {
  /** Null for what happened to a whole thread. */
  readonly commentId: Maybe<Scalars['ID']['output']>;
  /** Continues the stream after this. */
  readonly cursor: Scalars['Cursor']['output'];
  readonly documentId: Scalars['ID']['output'];
  /** The thread as it is now; null when it is gone. */
  readonly thread: Maybe<CommentThread>;
  readonly threadId: Scalars['ID']['output'];
  /** thread_created, thread_resolved, thread_reopened, thread_deleted, comment_created, comment_edited or comment_deleted. */
  readonly type: Scalars['String']['output'];
};

export type CommentConnection = {
  readonly edges: ReadonlyArray<CommentEdge>;
  readonly pageInfo: PageInfo;
};

export type CommentEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: Comment;
};

/** Two encoded Yjs relative positions in the saved document. */
export type CommentPositionsInput = {
  readonly end: Scalars['Base64']['input'];
  readonly start: Scalars['Base64']['input'];
};

export type CommentRangeInput = {
  readonly end: Scalars['Int']['input'];
  /** Name of a root, as `content`. */
  readonly root: Scalars['String']['input'];
  /** UTF-16 units of a text, items of a list. */
  readonly start: Scalars['Int']['input'];
};

/** What people say about one place of a document, or about all of it. */
export type CommentThread = {
  /** Null for a thread about the whole document. */
  readonly anchor: Maybe<CommentAnchor>;
  readonly author: DocumentActor;
  readonly commentCount: Scalars['Int']['output'];
  /** The first 20, oldest first. */
  readonly comments: ReadonlyArray<Comment>;
  /** All of them as a Relay connection, oldest first. */
  readonly commentsConnection: CommentConnection;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly documentId: Scalars['ID']['output'];
  readonly id: Scalars['ID']['output'];
  /** What stood there when it began. */
  readonly quote: Scalars['String']['output'];
  readonly resolvedAt: Maybe<Scalars['DateTime']['output']>;
  readonly resolvedBy: Maybe<User>;
  readonly status: CommentThreadStatus;
  readonly updatedAt: Scalars['DateTime']['output'];
  /** Version of the document in which it began. */
  readonly version: Scalars['Int']['output'];
};


/** What people say about one place of a document, or about all of it. */
export type CommentThreadCommentsConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type CommentThreadConnection = {
  readonly edges: ReadonlyArray<CommentThreadEdge>;
  readonly pageInfo: PageInfo;
};

export type CommentThreadEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: CommentThread;
};

export type CommentThreadStatus =
  | 'open'
  | 'resolved';

export type CreateDocumentInput = {
  /** A JSON Schema that a content of `application/json` follows. */
  readonly contentSchema?: InputMaybe<Scalars['JSON']['input']>;
  /**
   * `text/plain` (the default), `text/markdown`, `application/json`, `application/vnd.candlefish.richtext` or
   * `application/vnd.candlefish.checklist`.
   */
  readonly contentType?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 255 characters. */
  readonly title: Scalars['String']['input'];
  /** `tenant` by default. */
  readonly visibility?: InputMaybe<DocumentVisibility>;
};

/** A document that several people and agents may edit at once. */
export type Document = {
  /** What the caller may do with it. */
  readonly access: DocumentAccess;
  /** Who wrote what of the present content. */
  readonly attribution: DocumentAttribution;
  /** What it is a branch of, if it is one. */
  readonly branchOf: Maybe<DocumentBranch>;
  /** Branches of it that the caller sees, newest first. */
  readonly branches: ReadonlyArray<DocumentBranch>;
  /** The same as a Relay connection. */
  readonly branchesConnection: DocumentBranchConnection;
  /** Threads of comments, newest first; of both statuses by default. */
  readonly comments: ReadonlyArray<CommentThread>;
  /** The same as a Relay connection. */
  readonly commentsConnection: CommentThreadConnection;
  /** The content by roots: text of texts, JSON of maps. */
  readonly content: Scalars['JSON']['output'];
  /** The JSON Schema that its content follows; only of `application/json`. */
  readonly contentSchema: Maybe<Scalars['JSON']['output']>;
  readonly contentType: Scalars['String']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  /** Who created it; null when that person is gone or no person did. */
  readonly createdBy: Maybe<User>;
  /** Follows the updates after this version. */
  readonly cursor: Scalars['Cursor']['output'];
  /** Who wrote when, newest first: updates of one writer in one go together, calls of keys and agents by themselves. */
  readonly history: ReadonlyArray<DocumentHistorySession>;
  /** The same as a Relay connection. */
  readonly historyConnection: DocumentHistorySessionConnection;
  readonly id: Scalars['ID']['output'];
  /** People and API keys with a level of their own, newest first. */
  readonly members: ReadonlyArray<DocumentMember>;
  /** The same as a Relay connection. */
  readonly membersConnection: DocumentMemberConnection;
  /** People who see it and whose address holds the text, by address: those a mention reaches. Needs the level comment. */
  readonly mentionable: ReadonlyArray<User>;
  /** Of a document that was searched for: the text around the first word found. */
  readonly snippet: Maybe<ReadonlyArray<SnippetPart>>;
  /** The whole state in Yjs' own form, to begin to edit with. */
  readonly state: DocumentState;
  readonly tenantId: Scalars['ID']['output'];
  /** The content as plain text. */
  readonly text: Scalars['String']['output'];
  readonly title: Scalars['String']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  /** Sequence of the last update; 0 for an empty document. */
  readonly version: Scalars['Int']['output'];
  /** Kept states, newest first. */
  readonly versions: ReadonlyArray<DocumentVersion>;
  /** The same as a Relay connection. */
  readonly versionsConnection: DocumentVersionConnection;
  readonly visibility: DocumentVisibility;
};


/** A document that several people and agents may edit at once. */
export type DocumentBranchesArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentBranchesConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentCommentsArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<CommentThreadStatus>;
};


/** A document that several people and agents may edit at once. */
export type DocumentCommentsConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<CommentThreadStatus>;
};


/** A document that several people and agents may edit at once. */
export type DocumentHistoryArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentHistoryConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentMembersArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentMembersConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentMentionableArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
};


/** A document that several people and agents may edit at once. */
export type DocumentVersionsArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<ReadonlyArray<DocumentVersionKind>>;
};


/** A document that several people and agents may edit at once. */
export type DocumentVersionsConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<ReadonlyArray<DocumentVersionKind>>;
};

/** What somebody may do with a document; each level includes those before it. */
export type DocumentAccess =
  | 'comment'
  | 'edit'
  | 'manage'
  | 'view';

/** Who made an update. */
export type DocumentActor = {
  readonly id: Scalars['ID']['output'];
  /** user, api_key, agent or system. */
  readonly kind: Scalars['String']['output'];
  /** The person behind it, when there is one. */
  readonly user: Maybe<User>;
};

/** A part of the content that one actor wrote. Restored text counts as written by who restored it. */
export type DocumentAttributedRun = {
  /** Null when it is not known. */
  readonly actor: Maybe<DocumentActor>;
  readonly firstAt: Maybe<Scalars['DateTime']['output']>;
  /** The first version that brought a part of it, as far as is known. */
  readonly fromSequence: Maybe<Scalars['Int']['output']>;
  readonly lastAt: Maybe<Scalars['DateTime']['output']>;
  readonly length: Scalars['Int']['output'];
  /** The root, then keys of maps and places in lists and nodes. */
  readonly path: ReadonlyArray<Scalars['PathSegment']['output']>;
  /** Place in the text or list, in UTF-16 units. */
  readonly start: Scalars['Int']['output'];
  /** The characters of a text; null for values and nodes. */
  readonly text: Maybe<Scalars['String']['output']>;
  readonly toSequence: Maybe<Scalars['Int']['output']>;
};

/** Who wrote what of the present content. */
export type DocumentAttribution = {
  readonly documentId: Scalars['ID']['output'];
  /** Whether these are all: there are at most 20,000. */
  readonly isComplete: Scalars['Boolean']['output'];
  readonly runs: ReadonlyArray<DocumentAttributedRun>;
  readonly version: Scalars['Int']['output'];
};

export type DocumentBlock = {
  /** Inline nodes in the form of ProseMirror. */
  readonly content: Scalars['JSON']['output'];
  /** The nodes it lies in, from the outside, and itself last: their types and attributes. */
  readonly path: Scalars['JSON']['output'];
  readonly text: Scalars['String']['output'];
};

/** What became of a paragraph, a heading, an item of a list. */
export type DocumentBlockChange = {
  /** The block as it is afterwards; a deleted one as it was. */
  readonly block: DocumentBlock;
  readonly kind: DocumentBlockChangeKind;
  /** How its text became what it is. */
  readonly parts: ReadonlyArray<DocumentTextPart>;
  /** A changed block as it was. */
  readonly was: Maybe<DocumentBlock>;
};

export type DocumentBlockChangeKind =
  | 'change'
  | 'delete'
  | 'equal'
  | 'insert';

/** What a document is a branch of. */
export type DocumentBranch = {
  /** What both had in common last. */
  readonly baseVersionId: Scalars['ID']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly document: Document;
  /** Of the branch, which is a document. */
  readonly id: Scalars['ID']['output'];
  /** Null when it is hidden from the caller. */
  readonly main: Maybe<Document>;
  readonly mainDocumentId: Scalars['ID']['output'];
  /** The version of the main document at which they parted. */
  readonly mainSequence: Scalars['Int']['output'];
  readonly mergedAt: Maybe<Scalars['DateTime']['output']>;
  /** The version of the main document that the last merge made; null before the first. */
  readonly mergedSequence: Maybe<Scalars['Int']['output']>;
  readonly title: Scalars['String']['output'];
};

export type DocumentBranchConnection = {
  readonly edges: ReadonlyArray<DocumentBranchEdge>;
  readonly pageInfo: PageInfo;
};

export type DocumentBranchEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: DocumentBranch;
};

/** A place that both sides changed, each in its own way. */
export type DocumentConflict = {
  /** What stood there when they parted. */
  readonly base: Maybe<Scalars['JSON']['output']>;
  /** What the main document has. */
  readonly ours: Maybe<Scalars['JSON']['output']>;
  /** JSON Pointer within the root; empty where places are lines or blocks. */
  readonly path: Scalars['String']['output'];
  readonly root: Scalars['String']['output'];
  /** What the branch has. */
  readonly theirs: Maybe<Scalars['JSON']['output']>;
};

export type DocumentConnection = {
  readonly edges: ReadonlyArray<DocumentEdge>;
  readonly pageInfo: PageInfo;
};

/** How one content became another. */
export type DocumentContentDiff = {
  /** Characters that went. */
  readonly deleted: Scalars['Int']['output'];
  /** Characters that came. */
  readonly inserted: Scalars['Int']['output'];
  /** Whether something was too large to be compared closely, so that it shows as replaced whole. */
  readonly isCoarse: Scalars['Boolean']['output'];
  readonly roots: ReadonlyArray<DocumentRootDiff>;
};

/** How a document became at one point of its history what it was at another. */
export type DocumentDiff = {
  readonly contentType: Scalars['String']['output'];
  /** Characters that went. */
  readonly deleted: Scalars['Int']['output'];
  readonly documentId: Scalars['ID']['output'];
  readonly from: DocumentPoint;
  /** Characters that came. */
  readonly inserted: Scalars['Int']['output'];
  /** Whether something was too large to be compared closely, so that it shows as replaced whole. */
  readonly isCoarse: Scalars['Boolean']['output'];
  readonly roots: ReadonlyArray<DocumentRootDiff>;
  readonly to: DocumentPoint;
};

export type DocumentEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: Document;
};

/** What came of erasing a history. */
export type DocumentErasure = {
  readonly document: Document;
  /** Branches that the caller sees: documents of their own now, which still hold what they held. */
  readonly formerBranches: ReadonlyArray<Document>;
};

/** Which documents a list shows: those that meet all conditions. */
export type DocumentFilter = {
  readonly contentType?: InputMaybe<Scalars['String']['input']>;
  /** Id of a person. */
  readonly createdBy?: InputMaybe<Scalars['ID']['input']>;
  /** Words that title and text hold, the last one perhaps only begun (from three characters on). The list then begins with the best. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** A part of the title, in any case. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
};

/** What one writer did in one go. */
export type DocumentHistorySession = {
  readonly actor: DocumentActor;
  readonly bytes: Scalars['Int']['output'];
  readonly endedAt: Scalars['DateTime']['output'];
  readonly fromSequence: Scalars['Int']['output'];
  /** The ways they came: rest, graphql, socket, restore, merge, undo, erasure or system. */
  readonly origins: ReadonlyArray<Scalars['String']['output']>;
  readonly startedAt: Scalars['DateTime']['output'];
  readonly toSequence: Scalars['Int']['output'];
  /** The version that took one of these updates back. */
  readonly undoneBy: Maybe<Scalars['Int']['output']>;
  /** Updates of the writer; others may have written between them. */
  readonly updates: Scalars['Int']['output'];
};

export type DocumentHistorySessionConnection = {
  readonly edges: ReadonlyArray<DocumentHistorySessionEdge>;
  readonly pageInfo: PageInfo;
};

export type DocumentHistorySessionEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: DocumentHistorySession;
};

/** One operation of a JSON Patch, with what was there before. */
export type DocumentJsonChange = {
  /** What was there. */
  readonly before: Maybe<Scalars['JSON']['output']>;
  readonly op: DocumentJsonOp;
  /** JSON Pointer (RFC 6901) within the root, as the operations before have left it. */
  readonly path: Scalars['String']['output'];
  /** What is there afterwards. */
  readonly value: Maybe<Scalars['JSON']['output']>;
};

export type DocumentJsonOp =
  | 'add'
  | 'remove'
  | 'replace';

/** Somebody with a level of their own in a document. */
export type DocumentMember = {
  /** Null for a person. */
  readonly apiKeyId: Maybe<Scalars['ID']['output']>;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly documentId: Scalars['ID']['output'];
  /** Of the person or the API key. */
  readonly id: Scalars['ID']['output'];
  readonly level: DocumentAccess;
  readonly updatedAt: Scalars['DateTime']['output'];
  /** Null for an API key. */
  readonly user: Maybe<User>;
};

export type DocumentMemberConnection = {
  readonly edges: ReadonlyArray<DocumentMemberEdge>;
  readonly pageInfo: PageInfo;
};

export type DocumentMemberEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: DocumentMember;
};

export type DocumentMemberKind =
  | 'api_key'
  | 'user';

/** What a merge would do, seen from the three sides. */
export type DocumentMergePreview = {
  readonly baseVersionId: Scalars['ID']['output'];
  readonly branchId: Scalars['ID']['output'];
  readonly branchVersion: Scalars['Int']['output'];
  /** Places that both have changed, where a merge keeps both changes; at most 500. */
  readonly conflicts: ReadonlyArray<DocumentConflict>;
  readonly contentType: Scalars['String']['output'];
  readonly mainDocumentId: Scalars['ID']['output'];
  /** The version that this is about, to be expected by the merge. */
  readonly mainVersion: Scalars['Int']['output'];
  /** How the main document has changed since both had a state in common. */
  readonly ours: DocumentContentDiff;
  /** What the merge would change in the main document. */
  readonly result: DocumentContentDiff;
  /** How the branch has. */
  readonly theirs: DocumentContentDiff;
};

export type DocumentPartKind =
  | 'delete'
  | 'equal'
  | 'insert';

/** A state in the history of a document. */
export type DocumentPoint = {
  readonly sequence: Scalars['Int']['output'];
  /** Null for a sequence and the present. */
  readonly versionId: Maybe<Scalars['ID']['output']>;
};

/** How one root became another; what does not fit its kind is null. */
export type DocumentRootDiff = {
  /** Of rich text and checklists. */
  readonly blocks: Maybe<ReadonlyArray<DocumentBlockChange>>;
  /** Of a text. */
  readonly parts: Maybe<ReadonlyArray<DocumentTextPart>>;
  /** Of JSON and checklists: a JSON Patch (RFC 6902) for the root. */
  readonly patch: Maybe<ReadonlyArray<DocumentJsonChange>>;
  readonly root: Scalars['String']['output'];
};

/** The whole state of a document. */
export type DocumentState = {
  /** Follows the updates after this version. */
  readonly cursor: Scalars['Cursor']['output'];
  /** The Yjs state vector. */
  readonly stateVector: Scalars['Base64']['output'];
  /** The state as one Yjs update, encoding V1. */
  readonly update: Scalars['Base64']['output'];
  readonly version: Scalars['Int']['output'];
};

/** Text that both have, or only one of them. All but the insertions give the earlier text, all but the deletions the later. */
export type DocumentTextPart = {
  readonly kind: DocumentPartKind;
  readonly text: Scalars['String']['output'];
};

/** Updates of a document that follow one another, as one; or word that the log does not go on from where the subscriber was. */
export type DocumentUpdate = {
  /** Who wrote it; null when several did. */
  readonly actor: Maybe<DocumentActor>;
  /** When the last of them came. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Continues the stream after this. */
  readonly cursor: Scalars['Cursor']['output'];
  readonly documentId: Scalars['ID']['output'];
  /** Sequence of the first update in it, which follows that of the payload before; null at RESET. */
  readonly fromVersion: Maybe<Scalars['Int']['output']>;
  /** The way it came, null when by several: rest, graphql, socket, restore, merge, undo, erasure or system. */
  readonly origin: Maybe<Scalars['String']['output']>;
  readonly type: DocumentUpdateType;
  /** The updates as one Yjs update, encoding V1; null at RESET. */
  readonly update: Maybe<Scalars['Base64']['output']>;
  /** Sequence of the last update in it; at RESET, that of the present state. */
  readonly version: Scalars['Int']['output'];
};

export type DocumentUpdateType =
  /** Updates are lost to this subscriber: it reads the document anew. The stream goes on after `version`. */
  | 'RESET'
  /** The next update. */
  | 'UPDATE';

/** What a tenant keeps and may keep of documents. */
export type DocumentUsage = {
  /** Bytes of logs, snapshots and kept states as they are stored; a Float since they may be more than an Int holds. */
  readonly bytes: Scalars['Float']['output'];
  /** Beyond them nothing is written but deletions. */
  readonly bytesMax: Scalars['Float']['output'];
  readonly documents: Scalars['Int']['output'];
  readonly documentsMax: Scalars['Int']['output'];
};

/** A kept state of a document. */
export type DocumentVersion = {
  /** Who kept it; the platform itself for automatic ones. */
  readonly actor: DocumentActor;
  /** Size of the state before compression. */
  readonly bytes: Scalars['Int']['output'];
  /** The content by roots, as a document has it. */
  readonly content: Scalars['JSON']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly documentId: Scalars['ID']['output'];
  readonly id: Scalars['ID']['output'];
  readonly kind: DocumentVersionKind;
  readonly name: Maybe<Scalars['String']['output']>;
  /** The version kept before it; null when that is gone. */
  readonly parentId: Maybe<Scalars['ID']['output']>;
  /** The version of the document that it holds: sequence of its last update. */
  readonly sequence: Scalars['Int']['output'];
  readonly text: Scalars['String']['output'];
  /** UTF-16 units of the content as plain text. */
  readonly textLength: Scalars['Int']['output'];
};

export type DocumentVersionConnection = {
  readonly edges: ReadonlyArray<DocumentVersionEdge>;
  readonly pageInfo: PageInfo;
};

export type DocumentVersionEdge = {
  readonly cursor: Scalars['Cursor']['output'];
  readonly node: DocumentVersion;
};

export type DocumentVersionKind =
  /** After a pause of 10 minutes or 500 updates. */
  | 'auto'
  /** The state before a merge. */
  | 'before_merge'
  /** The state at which a branch began. */
  | 'branch_point'
  /** Somebody gave it a name; it stays until it is deleted. */
  | 'named'
  /** The state before a restore. */
  | 'restore';

/** Whom a document shows itself to without being on its list of members. */
export type DocumentVisibility =
  /** Its creator, its members, and owners and admins of the tenant. */
  | 'private'
  /** Everybody of the tenant, as far as their role goes. */
  | 'tenant';

export type MapDeleteInput = {
  readonly key: Scalars['String']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
};

export type MapSetInput = {
  /** Leaves a key that is there as it is. */
  readonly ifAbsent?: InputMaybe<Scalars['Boolean']['input']>;
  readonly key: Scalars['String']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
  /** Makes objects and lists shared, so that others may change parts of them; else they are replaced as a whole. */
  readonly shared?: InputMaybe<Scalars['Boolean']['input']>;
  readonly value?: InputMaybe<Scalars['JSON']['input']>;
};

export type Mutation = {
  /** Begins a thread about a range of a document, or about all of it; needs the level comment. */
  readonly beginCommentThread: CommentThread;
  /** Creates an empty document. */
  readonly createDocument: Document;
  /** Makes a document that goes on from the present state of another one, so that it can be merged back. */
  readonly createDocumentBranch: Document;
  /** Keeps the present state of a document under a name. */
  readonly createDocumentVersion: DocumentVersion;
  /** Deletes a comment of one's own, or with the level manage one of others. */
  readonly deleteComment: Scalars['Boolean']['output'];
  /** Deletes a thread with all its comments; needs the level manage. */
  readonly deleteCommentThread: Scalars['Boolean']['output'];
  /** Deletes a document with all its versions. */
  readonly deleteDocument: Scalars['Boolean']['output'];
  /** Deletes a kept state; the document stays what it is. Needs the level manage. */
  readonly deleteDocumentVersion: Scalars['Boolean']['output'];
  /** Gives a comment of one's own another text. */
  readonly editComment: Comment;
  /**
   * Erases what a document was before: its content stays, as a new history whose clients begin anew. Branches keep what they
   * hold. Needs the level manage, and of keys and agents the scope document:erase.
   */
  readonly eraseDocumentHistory: DocumentErasure;
  /**
   * Brings what was written in a branch into its main document, as one update; gives the main document. A dry run gives it as
   * it would be and changes nothing.
   */
  readonly mergeDocument: Document;
  /** Takes the level in a document away, so that the role counts again; needs the level manage. */
  readonly removeDocumentMember: Scalars['Boolean']['output'];
  /** Gives a document another title. */
  readonly renameDocument: Document;
  /** Names a kept state, which then stays until it is deleted. */
  readonly renameDocumentVersion: DocumentVersion;
  /** Answers in a thread; needs the level comment. */
  readonly replyToCommentThread: Comment;
  /** Changes a document into one of its versions: one update that leaves alone what both have. The state before is kept. */
  readonly restoreDocumentVersion: Document;
  /** Resolves a thread or opens it again: its author with the level comment, others with the level edit. */
  readonly setCommentThreadStatus: CommentThread;
  /** Gives a person or an API key a level in a document, in place of that of the role; needs the level manage. */
  readonly setDocumentMember: DocumentMember;
  /** Sets the JSON Schema of a document of `application/json`, or takes it away with null; what is in it has to fit. */
  readonly setDocumentSchema: Document;
  /** Changes whom a document shows itself to; needs the level manage. */
  readonly setDocumentVisibility: Document;
  /** Takes back what one update did and leaves what others did since. It is an update itself, and can be undone. */
  readonly undoDocumentUpdate: Document;
  /** Applies operations to a document, all or none: one call is one version. */
  readonly updateDocument: Document;
};


export type MutationBeginCommentThreadArgs = {
  documentId: Scalars['ID']['input'];
  input: BeginCommentThreadInput;
};


export type MutationCreateDocumentArgs = {
  input: CreateDocumentInput;
};


export type MutationCreateDocumentBranchArgs = {
  documentId: Scalars['ID']['input'];
  title: Scalars['String']['input'];
};


export type MutationCreateDocumentVersionArgs = {
  documentId: Scalars['ID']['input'];
  name: Scalars['String']['input'];
};


export type MutationDeleteCommentArgs = {
  commentId: Scalars['ID']['input'];
  documentId: Scalars['ID']['input'];
  threadId: Scalars['ID']['input'];
};


export type MutationDeleteCommentThreadArgs = {
  documentId: Scalars['ID']['input'];
  threadId: Scalars['ID']['input'];
};


export type MutationDeleteDocumentArgs = {
  id: Scalars['ID']['input'];
};


export type MutationDeleteDocumentVersionArgs = {
  id: Scalars['ID']['input'];
};


export type MutationEditCommentArgs = {
  body: Scalars['String']['input'];
  commentId: Scalars['ID']['input'];
  documentId: Scalars['ID']['input'];
  threadId: Scalars['ID']['input'];
};


export type MutationEraseDocumentHistoryArgs = {
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationMergeDocumentArgs = {
  branchId: Scalars['ID']['input'];
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationRemoveDocumentMemberArgs = {
  documentId: Scalars['ID']['input'];
  memberId: Scalars['ID']['input'];
};


export type MutationRenameDocumentArgs = {
  id: Scalars['ID']['input'];
  title: Scalars['String']['input'];
};


export type MutationRenameDocumentVersionArgs = {
  id: Scalars['ID']['input'];
  name: Scalars['String']['input'];
};


export type MutationReplyToCommentThreadArgs = {
  body: Scalars['String']['input'];
  documentId: Scalars['ID']['input'];
  threadId: Scalars['ID']['input'];
};


export type MutationRestoreDocumentVersionArgs = {
  documentId: Scalars['ID']['input'];
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  versionId: Scalars['ID']['input'];
};


export type MutationSetCommentThreadStatusArgs = {
  documentId: Scalars['ID']['input'];
  status: CommentThreadStatus;
  threadId: Scalars['ID']['input'];
};


export type MutationSetDocumentMemberArgs = {
  documentId: Scalars['ID']['input'];
  kind?: InputMaybe<DocumentMemberKind>;
  level: DocumentAccess;
  memberId: Scalars['ID']['input'];
};


export type MutationSetDocumentSchemaArgs = {
  id: Scalars['ID']['input'];
  schema?: InputMaybe<Scalars['JSON']['input']>;
};


export type MutationSetDocumentVisibilityArgs = {
  id: Scalars['ID']['input'];
  visibility: DocumentVisibility;
};


export type MutationUndoDocumentUpdateArgs = {
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  id: Scalars['ID']['input'];
  sequence: Scalars['Int']['input'];
};


export type MutationUpdateDocumentArgs = {
  id: Scalars['ID']['input'];
  operations: ReadonlyArray<CrdtOperation>;
  options?: InputMaybe<UpdateDocumentOptions>;
};

/** Where a page of a connection lies. */
export type PageInfo = {
  readonly endCursor: Maybe<Scalars['Cursor']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor: Maybe<Scalars['Cursor']['output']>;
};

/** A place in a text. */
export type PositionInput =
  /** UTF-16 units from the start. */
  { readonly index: Scalars['Int']['input']; readonly relative?: never; }
  |  /** An encoded Yjs relative position; it survives concurrent edits. */
  { readonly index?: never; readonly relative: Scalars['Base64']['input']; };

export type Query = {
  /** One document; null when there is none of this id. */
  readonly document: Maybe<Document>;
  /** How a document became at one point what it was at another. A point is the id of a version, a sequence, or `present`. */
  readonly documentDiff: DocumentDiff;
  /** What merging a branch into its main document would do; changes nothing. */
  readonly documentMergePreview: DocumentMergePreview;
  /** What the tenant keeps and may keep; for its owners and admins. */
  readonly documentUsage: DocumentUsage;
  /** One kept state; null when there is none of this id. */
  readonly documentVersion: Maybe<DocumentVersion>;
  /** Documents of the tenant, newest first. */
  readonly documents: ReadonlyArray<Document>;
  /** The same as a Relay connection. */
  readonly documentsConnection: DocumentConnection;
};


export type QueryDocumentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryDocumentDiffArgs = {
  from: Scalars['String']['input'];
  id: Scalars['ID']['input'];
  to?: Scalars['String']['input'];
};


export type QueryDocumentMergePreviewArgs = {
  branchId: Scalars['ID']['input'];
};


export type QueryDocumentVersionArgs = {
  id: Scalars['ID']['input'];
};


export type QueryDocumentsArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  filter?: InputMaybe<DocumentFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryDocumentsConnectionArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  filter?: InputMaybe<DocumentFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A part of a text, and whether it is what was searched for. */
export type SnippetPart = {
  readonly isMatch: Scalars['Boolean']['output'];
  readonly text: Scalars['String']['output'];
};

export type Subscription = {
  /** Changes of the comments of a document as they come. With `after`, those after that place first. */
  readonly commentChanged: CommentChange;
  /**
   * Updates of a document as they come, at most ten payloads a second: what is written meanwhile is one. With `after`, those
   * after that place first, none left out and none twice.
   */
  readonly documentUpdated: DocumentUpdate;
};


export type SubscriptionCommentChangedArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  documentId: Scalars['ID']['input'];
};


export type SubscriptionDocumentUpdatedArgs = {
  after?: InputMaybe<Scalars['Cursor']['input']>;
  id: Scalars['ID']['input'];
};

export type TextDeleteInput = {
  readonly at: PositionInput;
  /** What must stand there for the deletion to happen. */
  readonly expect?: InputMaybe<Scalars['String']['input']>;
  /** UTF-16 units. */
  readonly length: Scalars['Int']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
};

export type TextFormatInput = {
  readonly at: PositionInput;
  /** An object; null takes an attribute away. */
  readonly attributes: Scalars['JSON']['input'];
  /** UTF-16 units. */
  readonly length: Scalars['Int']['input'];
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
};

export type TextInsertInput = {
  readonly at: PositionInput;
  /** Attributes of the text, an object; without them it takes those of what stands before it. */
  readonly attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** The name of a root, then keys of maps and indexes of lists and nodes; in rich text it leads to a paragraph or the like. */
  readonly path: ReadonlyArray<Scalars['PathSegment']['input']>;
  readonly text: Scalars['String']['input'];
};

export type UpdateDocumentOptions = {
  /** The same by a Yjs state vector; it does not show deletions, a version does. Relative places merge whatever it says. */
  readonly baseStateVector?: InputMaybe<Scalars['Base64']['input']>;
  /** Answers the document as it would be, and changes nothing. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** Version that counted places were counted in; they are refused with CONFLICT when it is not the present one. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** 1 to 255 characters. Another call with this key and the same operations, within a day, changes nothing more. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** A person, whom the auth service knows. */
export type User = {
  readonly id: Scalars['ID']['output'];
};

export type YjsEncoding =
  | 'V1'
  | 'V2';

/** A Yjs update of at most 1 MiB, made by a client that holds the document. */
export type YjsUpdateInput = {
  readonly encoding?: InputMaybe<YjsEncoding>;
  readonly update: Scalars['Base64']['input'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Document: Document;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Document:
    ( { __typename: 'Document' }
    & GraphQLRecursivePick<FederationTypes['Document'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  ArrayDeleteInput: ArrayDeleteInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ArrayInsertInput: ArrayInsertInput;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ArrayMoveInput: ArrayMoveInput;
  Base64: ResolverTypeWrapper<Scalars['Base64']['output']>;
  BeginCommentThreadInput: BeginCommentThreadInput;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  CRDTOperation: CrdtOperation;
  Comment: ResolverTypeWrapper<CommentMapper>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CommentAnchor: ResolverTypeWrapper<CommentAnchor>;
  CommentChange: ResolverTypeWrapper<CommentChangeMapper>;
  CommentConnection: ResolverTypeWrapper<Omit<CommentConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['CommentEdge']> }>;
  CommentEdge: ResolverTypeWrapper<Omit<CommentEdge, 'node'> & { node: ResolversTypes['Comment'] }>;
  CommentPositionsInput: CommentPositionsInput;
  CommentRangeInput: CommentRangeInput;
  CommentThread: ResolverTypeWrapper<CommentThreadMapper>;
  CommentThreadConnection: ResolverTypeWrapper<Omit<CommentThreadConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['CommentThreadEdge']> }>;
  CommentThreadEdge: ResolverTypeWrapper<Omit<CommentThreadEdge, 'node'> & { node: ResolversTypes['CommentThread'] }>;
  CommentThreadStatus: CommentThreadStatus;
  CreateDocumentInput: CreateDocumentInput;
  Cursor: ResolverTypeWrapper<Scalars['Cursor']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Document: ResolverTypeWrapper<DocumentMapper>;
  DocumentAccess: DocumentAccess;
  DocumentActor: ResolverTypeWrapper<DocumentActor>;
  DocumentAttributedRun: ResolverTypeWrapper<DocumentAttributedRunMapper>;
  DocumentAttribution: ResolverTypeWrapper<DocumentAttributionMapper>;
  DocumentBlock: ResolverTypeWrapper<DocumentBlockMapper>;
  DocumentBlockChange: ResolverTypeWrapper<DocumentBlockChangeMapper>;
  DocumentBlockChangeKind: DocumentBlockChangeKind;
  DocumentBranch: ResolverTypeWrapper<DocumentBranchMapper>;
  DocumentBranchConnection: ResolverTypeWrapper<Omit<DocumentBranchConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DocumentBranchEdge']> }>;
  DocumentBranchEdge: ResolverTypeWrapper<Omit<DocumentBranchEdge, 'node'> & { node: ResolversTypes['DocumentBranch'] }>;
  DocumentConflict: ResolverTypeWrapper<DocumentConflictMapper>;
  DocumentConnection: ResolverTypeWrapper<Omit<DocumentConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DocumentEdge']> }>;
  DocumentContentDiff: ResolverTypeWrapper<DocumentContentDiffMapper>;
  DocumentDiff: ResolverTypeWrapper<DocumentDiffMapper>;
  DocumentEdge: ResolverTypeWrapper<Omit<DocumentEdge, 'node'> & { node: ResolversTypes['Document'] }>;
  DocumentErasure: ResolverTypeWrapper<DocumentErasureMapper>;
  DocumentFilter: DocumentFilter;
  DocumentHistorySession: ResolverTypeWrapper<DocumentHistorySessionMapper>;
  DocumentHistorySessionConnection: ResolverTypeWrapper<Omit<DocumentHistorySessionConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DocumentHistorySessionEdge']> }>;
  DocumentHistorySessionEdge: ResolverTypeWrapper<Omit<DocumentHistorySessionEdge, 'node'> & { node: ResolversTypes['DocumentHistorySession'] }>;
  DocumentJsonChange: ResolverTypeWrapper<DocumentJsonChangeMapper>;
  DocumentJsonOp: DocumentJsonOp;
  DocumentMember: ResolverTypeWrapper<DocumentMemberMapper>;
  DocumentMemberConnection: ResolverTypeWrapper<Omit<DocumentMemberConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DocumentMemberEdge']> }>;
  DocumentMemberEdge: ResolverTypeWrapper<Omit<DocumentMemberEdge, 'node'> & { node: ResolversTypes['DocumentMember'] }>;
  DocumentMemberKind: DocumentMemberKind;
  DocumentMergePreview: ResolverTypeWrapper<DocumentMergePreviewMapper>;
  DocumentPartKind: DocumentPartKind;
  DocumentPoint: ResolverTypeWrapper<DocumentPoint>;
  DocumentRootDiff: ResolverTypeWrapper<DocumentRootDiffMapper>;
  DocumentState: ResolverTypeWrapper<DocumentState>;
  DocumentTextPart: ResolverTypeWrapper<DocumentTextPartMapper>;
  DocumentUpdate: ResolverTypeWrapper<DocumentUpdateMapper>;
  DocumentUpdateType: DocumentUpdateType;
  DocumentUsage: ResolverTypeWrapper<DocumentUsage>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  DocumentVersion: ResolverTypeWrapper<DocumentVersionMapper>;
  DocumentVersionConnection: ResolverTypeWrapper<Omit<DocumentVersionConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DocumentVersionEdge']> }>;
  DocumentVersionEdge: ResolverTypeWrapper<Omit<DocumentVersionEdge, 'node'> & { node: ResolversTypes['DocumentVersion'] }>;
  DocumentVersionKind: DocumentVersionKind;
  DocumentVisibility: DocumentVisibility;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  MapDeleteInput: MapDeleteInput;
  MapSetInput: MapSetInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PathSegment: ResolverTypeWrapper<Scalars['PathSegment']['output']>;
  PositionInput: PositionInput;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SnippetPart: ResolverTypeWrapper<SnippetPart>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TextDeleteInput: TextDeleteInput;
  TextFormatInput: TextFormatInput;
  TextInsertInput: TextInsertInput;
  UpdateDocumentOptions: UpdateDocumentOptions;
  User: ResolverTypeWrapper<User>;
  YjsEncoding: YjsEncoding;
  YjsUpdateInput: YjsUpdateInput;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ArrayDeleteInput: ArrayDeleteInput;
  Int: Scalars['Int']['output'];
  ArrayInsertInput: ArrayInsertInput;
  Boolean: Scalars['Boolean']['output'];
  ArrayMoveInput: ArrayMoveInput;
  Base64: Scalars['Base64']['output'];
  BeginCommentThreadInput: BeginCommentThreadInput;
  String: Scalars['String']['output'];
  CRDTOperation: CrdtOperation;
  Comment: CommentMapper;
  ID: Scalars['ID']['output'];
  CommentAnchor: CommentAnchor;
  CommentChange: CommentChangeMapper;
  CommentConnection: Omit<CommentConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['CommentEdge']> };
  CommentEdge: Omit<CommentEdge, 'node'> & { node: ResolversParentTypes['Comment'] };
  CommentPositionsInput: CommentPositionsInput;
  CommentRangeInput: CommentRangeInput;
  CommentThread: CommentThreadMapper;
  CommentThreadConnection: Omit<CommentThreadConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['CommentThreadEdge']> };
  CommentThreadEdge: Omit<CommentThreadEdge, 'node'> & { node: ResolversParentTypes['CommentThread'] };
  CreateDocumentInput: CreateDocumentInput;
  Cursor: Scalars['Cursor']['output'];
  DateTime: Scalars['DateTime']['output'];
  Document: DocumentMapper;
  DocumentActor: DocumentActor;
  DocumentAttributedRun: DocumentAttributedRunMapper;
  DocumentAttribution: DocumentAttributionMapper;
  DocumentBlock: DocumentBlockMapper;
  DocumentBlockChange: DocumentBlockChangeMapper;
  DocumentBranch: DocumentBranchMapper;
  DocumentBranchConnection: Omit<DocumentBranchConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DocumentBranchEdge']> };
  DocumentBranchEdge: Omit<DocumentBranchEdge, 'node'> & { node: ResolversParentTypes['DocumentBranch'] };
  DocumentConflict: DocumentConflictMapper;
  DocumentConnection: Omit<DocumentConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DocumentEdge']> };
  DocumentContentDiff: DocumentContentDiffMapper;
  DocumentDiff: DocumentDiffMapper;
  DocumentEdge: Omit<DocumentEdge, 'node'> & { node: ResolversParentTypes['Document'] };
  DocumentErasure: DocumentErasureMapper;
  DocumentFilter: DocumentFilter;
  DocumentHistorySession: DocumentHistorySessionMapper;
  DocumentHistorySessionConnection: Omit<DocumentHistorySessionConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DocumentHistorySessionEdge']> };
  DocumentHistorySessionEdge: Omit<DocumentHistorySessionEdge, 'node'> & { node: ResolversParentTypes['DocumentHistorySession'] };
  DocumentJsonChange: DocumentJsonChangeMapper;
  DocumentMember: DocumentMemberMapper;
  DocumentMemberConnection: Omit<DocumentMemberConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DocumentMemberEdge']> };
  DocumentMemberEdge: Omit<DocumentMemberEdge, 'node'> & { node: ResolversParentTypes['DocumentMember'] };
  DocumentMergePreview: DocumentMergePreviewMapper;
  DocumentPoint: DocumentPoint;
  DocumentRootDiff: DocumentRootDiffMapper;
  DocumentState: DocumentState;
  DocumentTextPart: DocumentTextPartMapper;
  DocumentUpdate: DocumentUpdateMapper;
  DocumentUsage: DocumentUsage;
  Float: Scalars['Float']['output'];
  DocumentVersion: DocumentVersionMapper;
  DocumentVersionConnection: Omit<DocumentVersionConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DocumentVersionEdge']> };
  DocumentVersionEdge: Omit<DocumentVersionEdge, 'node'> & { node: ResolversParentTypes['DocumentVersion'] };
  JSON: Scalars['JSON']['output'];
  MapDeleteInput: MapDeleteInput;
  MapSetInput: MapSetInput;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  PathSegment: Scalars['PathSegment']['output'];
  PositionInput: PositionInput;
  Query: Record<PropertyKey, never>;
  SnippetPart: SnippetPart;
  Subscription: Record<PropertyKey, never>;
  TextDeleteInput: TextDeleteInput;
  TextFormatInput: TextFormatInput;
  TextInsertInput: TextInsertInput;
  UpdateDocumentOptions: UpdateDocumentOptions;
  User: User;
  YjsUpdateInput: YjsUpdateInput;
};

export interface Base64ScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Base64'], any> {
  name: 'Base64';
}

export type CommentResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['Comment'] = ResolversParentTypes['Comment']> = {
  author?: Resolver<ResolversTypes['DocumentActor'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  editedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isDeleted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  mentions?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  threadId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type CommentAnchorResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentAnchor'] = ResolversParentTypes['CommentAnchor']> = {
  end?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  endPosition?: Resolver<ResolversTypes['Base64'], ParentType, ContextType>;
  isOrphaned?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  root?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  start?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  startPosition?: Resolver<ResolversTypes['Base64'], ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CommentChangeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentChange'] = ResolversParentTypes['CommentChange']> = {
  commentId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  thread?: Resolver<Maybe<ResolversTypes['CommentThread']>, ParentType, ContextType>;
  threadId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CommentConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentConnection'] = ResolversParentTypes['CommentConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CommentEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CommentEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentEdge'] = ResolversParentTypes['CommentEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Comment'], ParentType, ContextType>;
};

export type CommentThreadResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentThread'] = ResolversParentTypes['CommentThread']> = {
  anchor?: Resolver<Maybe<ResolversTypes['CommentAnchor']>, ParentType, ContextType>;
  author?: Resolver<ResolversTypes['DocumentActor'], ParentType, ContextType>;
  commentCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  comments?: Resolver<ReadonlyArray<ResolversTypes['Comment']>, ParentType, ContextType>;
  commentsConnection?: Resolver<ResolversTypes['CommentConnection'], ParentType, ContextType, RequireFields<CommentThreadCommentsConnectionArgs, 'first'>>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  quote?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resolvedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  resolvedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['CommentThreadStatus'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CommentThreadConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentThreadConnection'] = ResolversParentTypes['CommentThreadConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CommentThreadEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CommentThreadEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['CommentThreadEdge'] = ResolversParentTypes['CommentThreadEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['CommentThread'], ParentType, ContextType>;
};

export interface CursorScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Cursor'], any> {
  name: 'Cursor';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DocumentResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['Document'] = ResolversParentTypes['Document'], FederationReferenceType extends FederationReferenceTypes['Document'] = FederationReferenceTypes['Document']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Document']> | FederationReferenceType, FederationReferenceType, ContextType>;
  access?: Resolver<ResolversTypes['DocumentAccess'], ParentType, ContextType>;
  attribution?: Resolver<ResolversTypes['DocumentAttribution'], ParentType, ContextType>;
  branchOf?: Resolver<Maybe<ResolversTypes['DocumentBranch']>, ParentType, ContextType>;
  branches?: Resolver<ReadonlyArray<ResolversTypes['DocumentBranch']>, ParentType, ContextType, RequireFields<DocumentBranchesArgs, 'first'>>;
  branchesConnection?: Resolver<ResolversTypes['DocumentBranchConnection'], ParentType, ContextType, RequireFields<DocumentBranchesConnectionArgs, 'first'>>;
  comments?: Resolver<ReadonlyArray<ResolversTypes['CommentThread']>, ParentType, ContextType, RequireFields<DocumentCommentsArgs, 'first'>>;
  commentsConnection?: Resolver<ResolversTypes['CommentThreadConnection'], ParentType, ContextType, RequireFields<DocumentCommentsConnectionArgs, 'first'>>;
  content?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  contentSchema?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  history?: Resolver<ReadonlyArray<ResolversTypes['DocumentHistorySession']>, ParentType, ContextType, RequireFields<DocumentHistoryArgs, 'first'>>;
  historyConnection?: Resolver<ResolversTypes['DocumentHistorySessionConnection'], ParentType, ContextType, RequireFields<DocumentHistoryConnectionArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  members?: Resolver<ReadonlyArray<ResolversTypes['DocumentMember']>, ParentType, ContextType, RequireFields<DocumentMembersArgs, 'first'>>;
  membersConnection?: Resolver<ResolversTypes['DocumentMemberConnection'], ParentType, ContextType, RequireFields<DocumentMembersConnectionArgs, 'first'>>;
  mentionable?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType, RequireFields<DocumentMentionableArgs, 'first'>>;
  snippet?: Resolver<Maybe<ReadonlyArray<ResolversTypes['SnippetPart']>>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['DocumentState'], ParentType, ContextType>;
  tenantId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  versions?: Resolver<ReadonlyArray<ResolversTypes['DocumentVersion']>, ParentType, ContextType, RequireFields<DocumentVersionsArgs, 'first'>>;
  versionsConnection?: Resolver<ResolversTypes['DocumentVersionConnection'], ParentType, ContextType, RequireFields<DocumentVersionsConnectionArgs, 'first'>>;
  visibility?: Resolver<ResolversTypes['DocumentVisibility'], ParentType, ContextType>;
};

export type DocumentActorResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentActor'] = ResolversParentTypes['DocumentActor']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type DocumentAttributedRunResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentAttributedRun'] = ResolversParentTypes['DocumentAttributedRun']> = {
  actor?: Resolver<Maybe<ResolversTypes['DocumentActor']>, ParentType, ContextType>;
  firstAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  fromSequence?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  lastAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  length?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['PathSegment']>, ParentType, ContextType>;
  start?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  text?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  toSequence?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type DocumentAttributionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentAttribution'] = ResolversParentTypes['DocumentAttribution']> = {
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isComplete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  runs?: Resolver<ReadonlyArray<ResolversTypes['DocumentAttributedRun']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentBlockResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentBlock'] = ResolversParentTypes['DocumentBlock']> = {
  content?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DocumentBlockChangeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentBlockChange'] = ResolversParentTypes['DocumentBlockChange']> = {
  block?: Resolver<ResolversTypes['DocumentBlock'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['DocumentBlockChangeKind'], ParentType, ContextType>;
  parts?: Resolver<ReadonlyArray<ResolversTypes['DocumentTextPart']>, ParentType, ContextType>;
  was?: Resolver<Maybe<ResolversTypes['DocumentBlock']>, ParentType, ContextType>;
};

export type DocumentBranchResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentBranch'] = ResolversParentTypes['DocumentBranch']> = {
  baseVersionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  document?: Resolver<ResolversTypes['Document'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  main?: Resolver<Maybe<ResolversTypes['Document']>, ParentType, ContextType>;
  mainDocumentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mainSequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  mergedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  mergedSequence?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DocumentBranchConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentBranchConnection'] = ResolversParentTypes['DocumentBranchConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DocumentBranchEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DocumentBranchEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentBranchEdge'] = ResolversParentTypes['DocumentBranchEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DocumentBranch'], ParentType, ContextType>;
};

export type DocumentConflictResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentConflict'] = ResolversParentTypes['DocumentConflict']> = {
  base?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  ours?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  root?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  theirs?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type DocumentConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentConnection'] = ResolversParentTypes['DocumentConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DocumentEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DocumentContentDiffResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentContentDiff'] = ResolversParentTypes['DocumentContentDiff']> = {
  deleted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inserted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isCoarse?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  roots?: Resolver<ReadonlyArray<ResolversTypes['DocumentRootDiff']>, ParentType, ContextType>;
};

export type DocumentDiffResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentDiff'] = ResolversParentTypes['DocumentDiff']> = {
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  deleted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DocumentPoint'], ParentType, ContextType>;
  inserted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isCoarse?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  roots?: Resolver<ReadonlyArray<ResolversTypes['DocumentRootDiff']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DocumentPoint'], ParentType, ContextType>;
};

export type DocumentEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentEdge'] = ResolversParentTypes['DocumentEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Document'], ParentType, ContextType>;
};

export type DocumentErasureResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentErasure'] = ResolversParentTypes['DocumentErasure']> = {
  document?: Resolver<ResolversTypes['Document'], ParentType, ContextType>;
  formerBranches?: Resolver<ReadonlyArray<ResolversTypes['Document']>, ParentType, ContextType>;
};

export type DocumentHistorySessionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentHistorySession'] = ResolversParentTypes['DocumentHistorySession']> = {
  actor?: Resolver<ResolversTypes['DocumentActor'], ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  fromSequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  origins?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  toSequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  undoneBy?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  updates?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentHistorySessionConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentHistorySessionConnection'] = ResolversParentTypes['DocumentHistorySessionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DocumentHistorySessionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DocumentHistorySessionEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentHistorySessionEdge'] = ResolversParentTypes['DocumentHistorySessionEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DocumentHistorySession'], ParentType, ContextType>;
};

export type DocumentJsonChangeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentJsonChange'] = ResolversParentTypes['DocumentJsonChange']> = {
  before?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  op?: Resolver<ResolversTypes['DocumentJsonOp'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type DocumentMemberResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentMember'] = ResolversParentTypes['DocumentMember']> = {
  apiKeyId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['DocumentAccess'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type DocumentMemberConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentMemberConnection'] = ResolversParentTypes['DocumentMemberConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DocumentMemberEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DocumentMemberEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentMemberEdge'] = ResolversParentTypes['DocumentMemberEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DocumentMember'], ParentType, ContextType>;
};

export type DocumentMergePreviewResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentMergePreview'] = ResolversParentTypes['DocumentMergePreview']> = {
  baseVersionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  branchId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  branchVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  conflicts?: Resolver<ReadonlyArray<ResolversTypes['DocumentConflict']>, ParentType, ContextType>;
  contentType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mainDocumentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mainVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ours?: Resolver<ResolversTypes['DocumentContentDiff'], ParentType, ContextType>;
  result?: Resolver<ResolversTypes['DocumentContentDiff'], ParentType, ContextType>;
  theirs?: Resolver<ResolversTypes['DocumentContentDiff'], ParentType, ContextType>;
};

export type DocumentPointResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentPoint'] = ResolversParentTypes['DocumentPoint']> = {
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  versionId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type DocumentRootDiffResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentRootDiff'] = ResolversParentTypes['DocumentRootDiff']> = {
  blocks?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DocumentBlockChange']>>, ParentType, ContextType>;
  parts?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DocumentTextPart']>>, ParentType, ContextType>;
  patch?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DocumentJsonChange']>>, ParentType, ContextType>;
  root?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DocumentStateResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentState'] = ResolversParentTypes['DocumentState']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  stateVector?: Resolver<ResolversTypes['Base64'], ParentType, ContextType>;
  update?: Resolver<ResolversTypes['Base64'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentTextPartResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentTextPart'] = ResolversParentTypes['DocumentTextPart']> = {
  kind?: Resolver<ResolversTypes['DocumentPartKind'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DocumentUpdateResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentUpdate'] = ResolversParentTypes['DocumentUpdate']> = {
  actor?: Resolver<Maybe<ResolversTypes['DocumentActor']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fromVersion?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  origin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['DocumentUpdateType'], ParentType, ContextType>;
  update?: Resolver<Maybe<ResolversTypes['Base64']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentUsageResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentUsage'] = ResolversParentTypes['DocumentUsage']> = {
  bytes?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  bytesMax?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  documents?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  documentsMax?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentVersionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentVersion'] = ResolversParentTypes['DocumentVersion']> = {
  actor?: Resolver<ResolversTypes['DocumentActor'], ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  content?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  documentId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['DocumentVersionKind'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  parentId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  textLength?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DocumentVersionConnectionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentVersionConnection'] = ResolversParentTypes['DocumentVersionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DocumentVersionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DocumentVersionEdgeResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['DocumentVersionEdge'] = ResolversParentTypes['DocumentVersionEdge']> = {
  cursor?: Resolver<ResolversTypes['Cursor'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DocumentVersion'], ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type MutationResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  beginCommentThread?: Resolver<ResolversTypes['CommentThread'], ParentType, ContextType, RequireFields<MutationBeginCommentThreadArgs, 'documentId' | 'input'>>;
  createDocument?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationCreateDocumentArgs, 'input'>>;
  createDocumentBranch?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationCreateDocumentBranchArgs, 'documentId' | 'title'>>;
  createDocumentVersion?: Resolver<ResolversTypes['DocumentVersion'], ParentType, ContextType, RequireFields<MutationCreateDocumentVersionArgs, 'documentId' | 'name'>>;
  deleteComment?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteCommentArgs, 'commentId' | 'documentId' | 'threadId'>>;
  deleteCommentThread?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteCommentThreadArgs, 'documentId' | 'threadId'>>;
  deleteDocument?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteDocumentArgs, 'id'>>;
  deleteDocumentVersion?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteDocumentVersionArgs, 'id'>>;
  editComment?: Resolver<ResolversTypes['Comment'], ParentType, ContextType, RequireFields<MutationEditCommentArgs, 'body' | 'commentId' | 'documentId' | 'threadId'>>;
  eraseDocumentHistory?: Resolver<ResolversTypes['DocumentErasure'], ParentType, ContextType, RequireFields<MutationEraseDocumentHistoryArgs, 'id'>>;
  mergeDocument?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationMergeDocumentArgs, 'branchId'>>;
  removeDocumentMember?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRemoveDocumentMemberArgs, 'documentId' | 'memberId'>>;
  renameDocument?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationRenameDocumentArgs, 'id' | 'title'>>;
  renameDocumentVersion?: Resolver<ResolversTypes['DocumentVersion'], ParentType, ContextType, RequireFields<MutationRenameDocumentVersionArgs, 'id' | 'name'>>;
  replyToCommentThread?: Resolver<ResolversTypes['Comment'], ParentType, ContextType, RequireFields<MutationReplyToCommentThreadArgs, 'body' | 'documentId' | 'threadId'>>;
  restoreDocumentVersion?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationRestoreDocumentVersionArgs, 'documentId' | 'versionId'>>;
  setCommentThreadStatus?: Resolver<ResolversTypes['CommentThread'], ParentType, ContextType, RequireFields<MutationSetCommentThreadStatusArgs, 'documentId' | 'status' | 'threadId'>>;
  setDocumentMember?: Resolver<ResolversTypes['DocumentMember'], ParentType, ContextType, RequireFields<MutationSetDocumentMemberArgs, 'documentId' | 'kind' | 'level' | 'memberId'>>;
  setDocumentSchema?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationSetDocumentSchemaArgs, 'id'>>;
  setDocumentVisibility?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationSetDocumentVisibilityArgs, 'id' | 'visibility'>>;
  undoDocumentUpdate?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationUndoDocumentUpdateArgs, 'id' | 'sequence'>>;
  updateDocument?: Resolver<ResolversTypes['Document'], ParentType, ContextType, RequireFields<MutationUpdateDocumentArgs, 'id' | 'operations'>>;
};

export type PageInfoResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['Cursor']>, ParentType, ContextType>;
};

export interface PathSegmentScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['PathSegment'], any> {
  name: 'PathSegment';
}

export type QueryResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  document?: Resolver<Maybe<ResolversTypes['Document']>, ParentType, ContextType, RequireFields<QueryDocumentArgs, 'id'>>;
  documentDiff?: Resolver<ResolversTypes['DocumentDiff'], ParentType, ContextType, RequireFields<QueryDocumentDiffArgs, 'from' | 'id' | 'to'>>;
  documentMergePreview?: Resolver<ResolversTypes['DocumentMergePreview'], ParentType, ContextType, RequireFields<QueryDocumentMergePreviewArgs, 'branchId'>>;
  documentUsage?: Resolver<ResolversTypes['DocumentUsage'], ParentType, ContextType>;
  documentVersion?: Resolver<Maybe<ResolversTypes['DocumentVersion']>, ParentType, ContextType, RequireFields<QueryDocumentVersionArgs, 'id'>>;
  documents?: Resolver<ReadonlyArray<ResolversTypes['Document']>, ParentType, ContextType, RequireFields<QueryDocumentsArgs, 'first'>>;
  documentsConnection?: Resolver<ResolversTypes['DocumentConnection'], ParentType, ContextType, RequireFields<QueryDocumentsConnectionArgs, 'first'>>;
};

export type SnippetPartResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['SnippetPart'] = ResolversParentTypes['SnippetPart']> = {
  isMatch?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  commentChanged?: SubscriptionResolver<ResolversTypes['CommentChange'], "commentChanged", ParentType, ContextType, RequireFields<SubscriptionCommentChangedArgs, 'documentId'>>;
  documentUpdated?: SubscriptionResolver<ResolversTypes['DocumentUpdate'], "documentUpdated", ParentType, ContextType, RequireFields<SubscriptionDocumentUpdatedArgs, 'id'>>;
};

export type UserResolvers<ContextType = DocumentCtx, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type AnyResolvers<ContextType = DocumentCtx> = {
  Base64?: GraphQLScalarType;
  Comment?: CommentResolvers<ContextType>;
  CommentAnchor?: CommentAnchorResolvers<ContextType>;
  CommentChange?: CommentChangeResolvers<ContextType>;
  CommentConnection?: CommentConnectionResolvers<ContextType>;
  CommentEdge?: CommentEdgeResolvers<ContextType>;
  CommentThread?: CommentThreadResolvers<ContextType>;
  CommentThreadConnection?: CommentThreadConnectionResolvers<ContextType>;
  CommentThreadEdge?: CommentThreadEdgeResolvers<ContextType>;
  Cursor?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Document?: DocumentResolvers<ContextType>;
  DocumentActor?: DocumentActorResolvers<ContextType>;
  DocumentAttributedRun?: DocumentAttributedRunResolvers<ContextType>;
  DocumentAttribution?: DocumentAttributionResolvers<ContextType>;
  DocumentBlock?: DocumentBlockResolvers<ContextType>;
  DocumentBlockChange?: DocumentBlockChangeResolvers<ContextType>;
  DocumentBranch?: DocumentBranchResolvers<ContextType>;
  DocumentBranchConnection?: DocumentBranchConnectionResolvers<ContextType>;
  DocumentBranchEdge?: DocumentBranchEdgeResolvers<ContextType>;
  DocumentConflict?: DocumentConflictResolvers<ContextType>;
  DocumentConnection?: DocumentConnectionResolvers<ContextType>;
  DocumentContentDiff?: DocumentContentDiffResolvers<ContextType>;
  DocumentDiff?: DocumentDiffResolvers<ContextType>;
  DocumentEdge?: DocumentEdgeResolvers<ContextType>;
  DocumentErasure?: DocumentErasureResolvers<ContextType>;
  DocumentHistorySession?: DocumentHistorySessionResolvers<ContextType>;
  DocumentHistorySessionConnection?: DocumentHistorySessionConnectionResolvers<ContextType>;
  DocumentHistorySessionEdge?: DocumentHistorySessionEdgeResolvers<ContextType>;
  DocumentJsonChange?: DocumentJsonChangeResolvers<ContextType>;
  DocumentMember?: DocumentMemberResolvers<ContextType>;
  DocumentMemberConnection?: DocumentMemberConnectionResolvers<ContextType>;
  DocumentMemberEdge?: DocumentMemberEdgeResolvers<ContextType>;
  DocumentMergePreview?: DocumentMergePreviewResolvers<ContextType>;
  DocumentPoint?: DocumentPointResolvers<ContextType>;
  DocumentRootDiff?: DocumentRootDiffResolvers<ContextType>;
  DocumentState?: DocumentStateResolvers<ContextType>;
  DocumentTextPart?: DocumentTextPartResolvers<ContextType>;
  DocumentUpdate?: DocumentUpdateResolvers<ContextType>;
  DocumentUsage?: DocumentUsageResolvers<ContextType>;
  DocumentVersion?: DocumentVersionResolvers<ContextType>;
  DocumentVersionConnection?: DocumentVersionConnectionResolvers<ContextType>;
  DocumentVersionEdge?: DocumentVersionEdgeResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PathSegment?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  SnippetPart?: SnippetPartResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
};

/** The resolver map that this service writes. */
export type Resolvers = CompleteResolvers<AnyResolvers, ResolversParentTypes>;
