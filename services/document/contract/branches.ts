import { Type } from 'typebox';
import type { Conflict } from '../domain/diff/conflicts.ts';
import { ContentTypeSchema, Id, nullable, strict, Time } from './schemas.ts';
import { ContentDiffSchema, RestorationSchema } from './versions.ts';

/** What a document is a branch of. */
export const DocumentBranchSchema = strict({
  id: Type.String({ format: 'uuid', description: 'Of the branch, which is a document.' }),
  title: Type.String(),
  mainDocumentId: Id,
  mainSequence: Type.Integer({ description: 'The version of the main document at which they parted.' }),
  baseVersionId: Type.String({ format: 'uuid', description: 'What both had in common last.' }),
  mergedSequence: nullable(
    Type.Integer({ description: 'The version of the main document that the last merge made; null before the first.' }),
  ),
  mergedAt: nullable(Time),
  createdAt: Time,
});

/** What came of a merge. */
export const MergeSchema = strict({ mainDocumentId: Id, ...RestorationSchema.properties });

const ConflictSchema = strict({
  root: Type.String(),
  path: Type.String({ description: 'JSON Pointer within the root; empty where places are lines or blocks.' }),
  base: Type.Unknown({ description: 'What stood there when they parted.' }),
  ours: Type.Unknown({ description: 'What the main document has.' }),
  theirs: Type.Unknown({ description: 'What the branch has.' }),
});

/** What a merge would do. */
export const MergePreviewSchema = strict({
  branchId: Id,
  mainDocumentId: Id,
  contentType: ContentTypeSchema,
  mainVersion: Type.Integer({ description: 'The version this is about, for `If-Match` of the merge.' }),
  branchVersion: Type.Integer(),
  baseVersionId: Id,
  ours: ContentDiffSchema,
  theirs: ContentDiffSchema,
  result: ContentDiffSchema,
  conflicts: Type.Unsafe<readonly Conflict[]>(
    Type.Array(ConflictSchema, {
      description: 'Places that both have changed, where a merge keeps both; at most 500.',
    }),
  ),
});
