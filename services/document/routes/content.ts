import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { Type } from 'typebox';
import { ContentSchemaSchema, documentErrors } from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { readContentSchema, setContentSchema } from '../operations/content-schema.ts';

const route = routesOf<DocumentService>();

const Params = Type.Object({ id: Type.String({ format: 'uuid' }) });

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
const EXAMPLE_SCHEMA = { type: 'object', properties: { litres: { type: 'number', minimum: 0 } } };

/** What contents are held against. */
export const contentRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/schema',
    operationId: 'readDocumentSchema',
    summary: 'Get the JSON Schema of a document',
    access: 'authenticated',
    params: Params,
    response: { status: 200, description: 'The schema, or null.', schema: ContentSchemaSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      return { body: await readContentSchema(ctx, params.id) };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/documents/{id}/schema',
    operationId: 'setDocumentSchema',
    summary: 'Set the JSON Schema of a document',
    description:
      'For documents of `application/json`; needs the level manage. What is in the document has to fit. Changes whose result does not ' +
      'are refused from then on. Null takes the schema away.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({ schema: ContentSchemaSchema.properties.schema }),
    response: { status: 200, description: 'The schema.', schema: ContentSchemaSchema },
    errors: [platformErrors.notFound, documentErrors.invalidOperation],
    example: { params: { id: EXAMPLE_ID }, body: { schema: EXAMPLE_SCHEMA } },
    async handle(ctx, { params, body }) {
      return { body: await setContentSchema(ctx, { id: params.id, schema: body.schema }) };
    },
  }),
];
