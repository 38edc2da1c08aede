import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
import type { RootDiff } from '../domain/diff/content-diff.ts';
import { ContentTypeSchema, Id, nullable, oneOf, strict, Time } from './schemas.ts';

/** Refusals about kept states, branches and undoing. */
export const versionErrors = defineErrors({
  historyGone: {
    code: 'HISTORY_GONE',
    status: 410,
    title: 'The log of the document no longer reaches back that far.',
  },
  alreadyUndone: {
    code: 'ALREADY_UNDONE',
    status: 409,
    title: 'The update was undone before; undo the undoing to have it back.',
  },
  tooManyVersions: {
    code: 'TOO_MANY_VERSIONS',
    status: 409,
    title: 'The document has as many named versions as it may; delete one first.',
  },
  notABranch: { code: 'NOT_A_BRANCH', status: 409, title: 'The document is not a branch of another one.' },
  branchDiverged: {
    code: 'BRANCH_DIVERGED',
    status: 409,
    title: 'One client wrote in the branch and in its main document, or a history was erased; they cannot be merged.',
  },
  answerErased: {
    code: 'ANSWER_ERASED',
    status: 410,
    title: 'The call was done; its answer is gone, since it may have held what was erased from a document.',
  },
});

/** Why a state is kept. */
export const VERSION_KINDS = ['named', 'auto', 'restore', 'branch_point', 'before_merge'] as const;
export type VersionKind = (typeof VERSION_KINDS)[number];

/** Why a state was kept. */
export const VersionKindSchema = oneOf(
  VERSION_KINDS,
  'named: somebody gave it a name; auto: after a pause or many updates; the others: the state before a restore, at a branching, before a merge.',
);

/** Who made an update or a version. */
export const ActorSchema = strict({ kind: Type.String(), id: Type.String(), userId: nullable(Id) });

const version = {
  id: Id,
  documentId: Id,
  sequence: Type.Integer({ description: 'The version of the document that it holds: sequence of its last update.' }),
  kind: VersionKindSchema,
  name: nullable(Type.String()),
  actor: ActorSchema,
  parentId: nullable(
    Type.String({ format: 'uuid', description: 'The version kept before it; null when that is gone.' }),
  ),
  bytes: Type.Integer({ description: 'Size of the state before compression.' }),
  textLength: Type.Integer({ description: 'Characters of the content as plain text, in UTF-16 units.' }),
  createdAt: Time,
};

/** A kept state of a document as REST lists show it. */
export const DocumentVersionSchema = strict(version);

/** A kept state with its content. */
export const DocumentVersionContentSchema = strict({
  ...version,
  contentType: ContentTypeSchema,
  content: Type.Record(Type.String(), Type.Unknown(), { description: 'The roots by name, as a document has them.' }),
  text: Type.String(),
});

/** What came of a restore, a merge or an undoing. */
export const RestorationSchema = strict({
  version: Type.Integer({ description: 'Sequence of the change, or the present one when nothing had to change.' }),
  keptVersionId: nullable(Type.String({ format: 'uuid', description: 'The state before; null when nothing changed.' })),
});

/** What came of erasing a history. */
export const ErasureSchema = strict({
  version: Type.Integer({ description: 'Sequence of the update with which the new history begins.' }),
  epoch: Type.Integer({ description: 'Counts the histories of the document: who holds another one drops its copy.' }),
  formerBranchIds: Type.Array(Id, {
    description: 'Branches that the caller sees: documents of their own now, which still hold what they held.',
  }),
});

const TextPartsSchema = Type.Array(
  strict({ kind: oneOf(['equal', 'insert', 'delete'], 'Who has it.'), text: Type.String() }),
  { description: 'All but the insertions give the earlier text, all but the deletions the later one.' },
);

const BlockSchema = strict({
  path: Type.Array(strict({ type: Type.String(), attrs: Type.Optional(Type.Record(Type.String(), Type.Unknown())) }), {
    description: 'The nodes it lies in, from the outside, and itself last.',
  }),
  content: Type.Array(Type.Unknown(), { description: 'Inline nodes in the form of ProseMirror.' }),
  text: Type.String(),
});

const BlockChangeSchema = strict({
  kind: oneOf(['equal', 'insert', 'delete', 'change'], 'What became of it.'),
  block: BlockSchema,
  was: nullable(BlockSchema),
  parts: TextPartsSchema,
});

const JsonChangeSchema = strict({
  op: oneOf(['add', 'remove', 'replace'], 'As in RFC 6902.'),
  path: Type.String({ description: 'JSON Pointer within the root, as the operations before have left it.' }),
  value: Type.Optional(Type.Unknown()),
  before: Type.Optional(Type.Unknown({ description: 'What was there.' })),
});

const RootDiffsSchema = Type.Array(
  strict({
    root: Type.String(),
    parts: nullable(TextPartsSchema),
    blocks: nullable(Type.Array(BlockChangeSchema)),
    patch: nullable(Type.Array(JsonChangeSchema)),
  }),
  {
    description:
      'One for each root: parts of texts, blocks of rich text and checklists, a patch of JSON and checklists.',
  },
);

/** How one content became another. */
export const ContentDiffSchema = strict({
  roots: Type.Unsafe<readonly RootDiff[]>(RootDiffsSchema),
  inserted: Type.Integer({ description: 'Characters that came.' }),
  deleted: Type.Integer({ description: 'Characters that went.' }),
  isCoarse: Type.Boolean({
    description: 'Something was too large to be compared closely and shows as replaced whole.',
  }),
});

const PointSchema = strict({ versionId: nullable(Id), sequence: Type.Integer() });

/** How a document became at one point of its history what it was at another. */
export const DocumentDiffSchema = strict({
  documentId: Id,
  contentType: ContentTypeSchema,
  from: PointSchema,
  to: PointSchema,
  ...ContentDiffSchema.properties,
});

const OfDocument = { documentId: Id };
const Sequence = Type.Integer({ minimum: 0 });

/** A state of a document got a name. */
export const documentVersionCreated = defineEvent({
  name: 'document.version.created.v1',
  payload: Type.Object({ ...OfDocument, versionId: Id, sequence: Sequence }),
});

/** A version of a document was deleted by somebody. */
export const documentVersionDeleted = defineEvent({
  name: 'document.version.deleted.v1',
  payload: Type.Object({ ...OfDocument, versionId: Id, sequence: Sequence }),
});

/** A document was changed into an earlier state of it. */
export const documentRestored = defineEvent({
  name: 'document.document.restored.v1',
  payload: Type.Object({ ...OfDocument, versionId: Id, sequence: Sequence }),
});

/** The effect of one update was taken back. */
export const documentUpdateUndone = defineEvent({
  name: 'document.update.undone.v1',
  payload: Type.Object({ ...OfDocument, undone: Sequence, sequence: Sequence }),
});

/** A document began as a copy of another one. */
export const documentBranched = defineEvent({
  name: 'document.document.branched.v1',
  payload: Type.Object({ ...OfDocument, branchId: Id, sequence: Sequence }),
});

/** What was written in a branch is in its main document. */
export const documentMerged = defineEvent({
  name: 'document.document.merged.v1',
  payload: Type.Object({ ...OfDocument, branchId: Id, sequence: Sequence }),
});

/** What a document was made of before is gone; its content stayed, as a history of its own. */
export const documentErased = defineEvent({
  name: 'document.document.erased.v1',
  payload: Type.Object({ ...OfDocument, epoch: Sequence, sequence: Sequence }),
});

/** Events about kept states, branches and undoing. */
export const versionEvents = [
  documentVersionCreated,
  documentVersionDeleted,
  documentRestored,
  documentUpdateUndone,
  documentBranched,
  documentMerged,
  documentErased,
] as const;
