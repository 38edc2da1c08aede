import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
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

/** Events about kept states, branches and undoing. */
export const versionEvents = [
  documentVersionCreated,
  documentVersionDeleted,
  documentRestored,
  documentUpdateUndone,
  documentBranched,
  documentMerged,
] as const;
