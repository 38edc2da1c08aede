import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  ContentTypeSchema,
  DocumentSchema,
  DocumentUsageSchema,
  documentErrors,
  JsonSchemaSchema,
  ListedDocumentSchema,
  VisibilitySchema,
} from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { changeDocument } from '../operations/change-document.ts';
import { createDocument } from '../operations/create-document.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import { type Document, readDocument } from '../operations/documents.ts';
import { listDocuments } from '../operations/list-documents.ts';
import { findUsage, usageOf } from '../operations/quotas.ts';

const route = routesOf<DocumentService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
const Title = Type.String({ minLength: 1, maxLength: 255 });

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** A document as JSON. */
export const documentBody = <D extends Document>({ createdAt, updatedAt, found, ...document }: D) => ({
  ...document,
  ...(found === undefined ? {} : { snippet: [...found.snippet] }),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Documents themselves. */
export const documentRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/documents',
    operationId: 'createDocument',
    summary: 'Create an empty document',
    access: 'authenticated',
    body: Type.Object({
      title: Title,
      contentType: Type.Optional(ContentTypeSchema),
      contentSchema: Type.Optional(JsonSchemaSchema),
      visibility: Type.Optional(VisibilitySchema),
    }),
    response: { status: 201, description: 'The document.', schema: ListedDocumentSchema },
    errors: [documentErrors.quotaExceeded],
    example: { body: { title: 'Minutes', contentType: 'text/markdown' } },
    async handle(ctx, { body }) {
      const document = await createDocument(ctx, body);
      const location = `/api/v1/documents/${document.id}`;
      return { body: documentBody(document), version: document.version, location };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents',
    operationId: 'listDocuments',
    summary: 'List documents',
    description: 'Those of the tenant, newest first.',
    access: 'authenticated',
    query: Type.Object({
      ...PageQuery,
      tenant_id: Type.Optional(Type.String({ format: 'uuid', description: "When given, the caller's own tenant." })),
      q: Type.Optional(
        Type.String({
          maxLength: 200,
          description:
            'Words that title and text hold, the last one perhaps only begun (from three characters on). The list then begins with the best.',
        }),
      ),
      contentType: Type.Optional(ContentTypeSchema),
      title: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the title, in any case.' })),
      createdBy: Type.Optional(Id),
    }),
    response: {
      status: 200,
      description: 'A page of documents without their contents.',
      schema: pageSchema(ListedDocumentSchema),
    },
    errors: [platformErrors.notFound],
    example: { query: { limit: 20 } },
    async handle(ctx, { query: { tenant_id, limit, cursor, q, ...filter } }) {
      const page = await listDocuments(ctx, {
        tenantId: tenant_id,
        first: limit,
        after: cursor,
        filter: { ...filter, search: q },
      });
      return { body: pageBody(page, limit, documentBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}',
    operationId: 'findDocument',
    summary: 'Get a document with its content',
    access: 'authenticated',
    params: Params,
    response: { status: 200, description: 'The document.', schema: DocumentSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      const document = await readDocument(ctx, params.id);
      // A new title is no new version.
      const variant = document.updatedAt.getTime().toString(36);
      return { body: documentBody(document), version: document.version, variant };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/documents/{id}',
    operationId: 'changeDocument',
    summary: 'Change a document',
    description: 'A title needs the level edit, the visibility manage.',
    access: 'authenticated',
    params: Params,
    body: Type.Object(
      { title: Type.Optional(Title), visibility: Type.Optional(VisibilitySchema) },
      { minProperties: 1 },
    ),
    response: { status: 200, description: 'The document.', schema: ListedDocumentSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID }, body: { title: 'Minutes of June' } },
    async handle(ctx, { params, body }) {
      return { body: documentBody(await changeDocument(ctx, { id: params.id, ...body })) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/documents/{id}',
    operationId: 'deleteDocument',
    summary: 'Delete a document',
    description: 'With all its versions.',
    access: 'authenticated',
    params: Params,
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await deleteDocument(ctx, params.id);
      return { body: undefined };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/document-usage',
    operationId: 'readDocumentUsage',
    summary: 'Get what the tenant keeps of documents',
    description: 'And what its plan allows. For owners and admins.',
    access: 'authenticated',
    response: { status: 200, description: 'Documents and bytes.', schema: DocumentUsageSchema },
    errors: [],
    example: {},
    async handle(ctx) {
      return { body: usageOf(await findUsage(ctx)) };
    },
  }),
];
