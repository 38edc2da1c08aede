import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  DocumentDiffSchema,
  DocumentVersionContentSchema,
  DocumentVersionSchema,
  documentErrors,
  RestorationSchema,
  VersionKindSchema,
  versionErrors,
} from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { createVersion, deleteVersion, renameVersion } from '../operations/change-versions.ts';
import { diffDocument } from '../operations/diff-document.ts';
import { restoreVersion } from '../operations/restore-version.ts';
import { type DocumentVersion, findVersion, listVersions, readVersionContent } from '../operations/versions.ts';

const route = routesOf<DocumentService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
const VersionParams = Type.Object({ id: Id, versionId: Id });
const Point = Type.String({ minLength: 1, maxLength: 40 });
const Body = Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) });

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
const EXAMPLE = { id: EXAMPLE_ID, versionId: EXAMPLE_ID };

const versionBody = <V extends DocumentVersion>({ createdAt, ...version }: V) => ({
  ...version,
  createdAt: createdAt.toISOString(),
});

/** Kept states of documents. */
export const versionRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/versions',
    operationId: 'createDocumentVersion',
    summary: 'Create a named version of a document',
    access: 'authenticated',
    params: Params,
    body: Body,
    response: { status: 201, description: 'The version.', schema: DocumentVersionSchema },
    errors: [platformErrors.notFound, versionErrors.tooManyVersions, documentErrors.quotaExceeded],
    example: { params: { id: EXAMPLE_ID }, body: { name: 'As agreed' } },
    async handle(ctx, { params, body }) {
      const version = await createVersion(ctx, { documentId: params.id, name: body.name });
      return {
        body: versionBody(version),
        location: `/api/v1/documents/${params.id}/versions/${version.id}`,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/versions',
    operationId: 'listDocumentVersions',
    summary: 'List the kept states of a document',
    description:
      'Newest first. Besides those with a name there are automatic ones, after a pause of 10 minutes or 500 updates: all of a day, one an ' +
      'hour for 30 days, one a day for a year.',
    access: 'authenticated',
    params: Params,
    query: Type.Object({ ...PageQuery, kind: Type.Optional(VersionKindSchema) }),
    response: { status: 200, description: 'A page of versions.', schema: pageSchema(DocumentVersionSchema) },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID }, query: { kind: 'named' } },
    async handle(ctx, { params, query: { limit, cursor, kind } }) {
      const kinds = kind === undefined ? null : [kind];
      const page = await listVersions(ctx, { documentId: params.id, first: limit, after: cursor, kinds });
      return { body: pageBody(page, limit, versionBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/versions/diff',
    operationId: 'diffDocument',
    summary: 'Compare two states of a document',
    description:
      'A point is the id of a version, a sequence that the log still reaches, or `present`. `from` may be the later one.',
    access: 'authenticated',
    params: Params,
    query: Type.Object({ from: Point, to: Type.Optional(Point) }),
    response: { status: 200, description: 'What changed.', schema: DocumentDiffSchema },
    errors: [platformErrors.notFound, versionErrors.historyGone],
    example: { params: { id: EXAMPLE_ID }, query: { from: EXAMPLE_ID, to: 'present' } },
    async handle(ctx, { params, query: { from, to = 'present' } }) {
      return { body: await diffDocument(ctx, { documentId: params.id, from, to }) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/versions/{versionId}',
    operationId: 'readDocumentVersion',
    summary: 'Get a kept state with its content',
    access: 'authenticated',
    params: VersionParams,
    response: { status: 200, description: 'The version.', schema: DocumentVersionContentSchema },
    errors: [platformErrors.notFound],
    example: { params: EXAMPLE },
    async handle(ctx, { params }) {
      const version = await findVersion(ctx, params.versionId);
      if (version.documentId !== params.id) throw platformErrors.notFound();
      return { body: { ...versionBody(version), ...(await readVersionContent(ctx, version.id)) } };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/documents/{id}/versions/{versionId}',
    operationId: 'renameDocumentVersion',
    summary: 'Rename a kept state',
    description: 'A version with a name stays until it is deleted.',
    access: 'authenticated',
    params: VersionParams,
    body: Body,
    response: { status: 200, description: 'The version.', schema: DocumentVersionSchema },
    errors: [platformErrors.notFound, versionErrors.tooManyVersions],
    example: { params: EXAMPLE, body: { name: 'As sent' } },
    async handle(ctx, { params, body }) {
      const version = await renameVersion(ctx, { id: params.versionId, documentId: params.id, name: body.name });
      return { body: versionBody(version) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/documents/{id}/versions/{versionId}',
    operationId: 'deleteDocumentVersion',
    summary: 'Delete a kept state',
    description: 'The document stays what it is. Needs the level manage.',
    access: 'authenticated',
    params: VersionParams,
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound, platformErrors.conflict],
    example: { params: EXAMPLE },
    async handle(ctx, { params }) {
      await deleteVersion(ctx, { id: params.versionId, documentId: params.id });
      return { body: undefined };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/versions/{versionId}/restore',
    operationId: 'restoreDocumentVersion',
    summary: 'Restore a kept state',
    description:
      'One update that leaves alone what both have, so cursors and comments stay; history goes on and the state before is kept. With ' +
      '`If-Match` it is refused when the document is at another version.',
    access: 'authenticated',
    params: VersionParams,
    response: { status: 200, description: 'What came of it.', schema: RestorationSchema },
    errors: [
      platformErrors.notFound,
      platformErrors.conflict,
      documentErrors.invalidOperation,
      documentErrors.documentTooLarge,
      documentErrors.quotaExceeded,
    ],
    example: { params: EXAMPLE },
    async handle(ctx, { params, ifMatch }) {
      const { id, versionId } = params;
      const done = await restoreVersion(ctx, { documentId: id, versionId, expectedVersion: ifMatch });
      return { body: done, version: done.version };
    },
  }),
];
