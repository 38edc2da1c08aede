import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  DocumentBranchSchema,
  documentErrors,
  ListedDocumentSchema,
  MergePreviewSchema,
  MergeSchema,
  versionErrors,
} from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { type Branch, listBranches } from '../operations/branches.ts';
import { createBranch } from '../operations/create-branch.ts';
import { mergeBranch } from '../operations/merge-branch.ts';
import { previewMerge } from '../operations/merge-preview.ts';
import { documentBody } from './documents.ts';

const route = routesOf<DocumentService>();

const Params = Type.Object({ id: Type.String({ format: 'uuid' }) });
const BranchParams = Type.Object({ id: Type.String({ format: 'uuid', description: 'Of the branch.' }) });

const EXAMPLE = { id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234' };

const branchBody = ({ mergedAt, createdAt, ...branch }: Branch) => ({
  ...branch,
  mergedAt: mergedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

/** Documents that began as copies of others, and merging them back. */
export const branchRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/branches',
    operationId: 'createDocumentBranch',
    summary: 'Create a branch of a document',
    description: 'A document that goes on from the present state, history included, so that it can be merged back.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({ title: Type.String({ minLength: 1, maxLength: 255 }) }),
    response: { status: 201, description: 'The branch, which is a document.', schema: ListedDocumentSchema },
    errors: [platformErrors.notFound, platformErrors.conflict, documentErrors.quotaExceeded],
    example: { params: EXAMPLE, body: { title: 'Minutes, my proposal' } },
    async handle(ctx, { params, body }) {
      const branch = await createBranch(ctx, { documentId: params.id, title: body.title });
      return { body: documentBody(branch), version: branch.version, location: `/api/v1/documents/${branch.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/branches',
    operationId: 'listDocumentBranches',
    summary: 'List the branches of a document',
    description: 'Those that the caller sees, newest first; a page may hold fewer than its limit for that.',
    access: 'authenticated',
    params: Params,
    query: Type.Object(PageQuery),
    response: { status: 200, description: 'A page of branches.', schema: pageSchema(DocumentBranchSchema) },
    errors: [platformErrors.notFound],
    example: { params: EXAMPLE },
    async handle(ctx, { params, query: { limit, cursor } }) {
      const page = await listBranches(ctx, { documentId: params.id, first: limit, after: cursor });
      return { body: pageBody(page, limit, branchBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/merge-preview',
    operationId: 'previewDocumentMerge',
    summary: 'Get what merging a branch would do',
    description:
      'What changed in the main document and in the branch since they had a state in common, what the merge would change, and which ' +
      'places both have changed. Changes nothing.',
    access: 'authenticated',
    params: BranchParams,
    response: { status: 200, description: 'The three sides.', schema: MergePreviewSchema },
    errors: [platformErrors.notFound, versionErrors.notABranch, versionErrors.branchDiverged],
    example: { params: EXAMPLE },
    async handle(ctx, { params }) {
      return { body: await previewMerge(ctx, params.id) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/merge',
    operationId: 'mergeDocument',
    summary: 'Merge a branch into its main document',
    description:
      'One update of the main document in which the changes of both sides stay; the state before is kept. With `If-Match` it is refused when ' +
      'the main document is at another version. Needs the level edit on the main document.',
    access: 'authenticated',
    params: BranchParams,
    query: Type.Object({
      dryRun: Type.Optional(Type.Boolean({ description: 'Answers what would come of it and changes nothing.' })),
    }),
    response: { status: 200, description: 'What came of it.', schema: MergeSchema },
    errors: [
      platformErrors.notFound,
      platformErrors.conflict,
      versionErrors.notABranch,
      versionErrors.branchDiverged,
      documentErrors.invalidOperation,
      documentErrors.documentTooLarge,
      documentErrors.quotaExceeded,
    ],
    example: { params: EXAMPLE },
    async handle(ctx, { params, query: { dryRun }, ifMatch }) {
      const { wouldBe: _, ...done } = await mergeBranch(ctx, { branchId: params.id, expectedVersion: ifMatch, dryRun });
      return { body: done, version: done.version };
    },
  }),
];
