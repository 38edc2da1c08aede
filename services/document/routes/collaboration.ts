import { platformErrors } from '@candlefish/kit/errors';
import { feedErrors } from '@candlefish/kit/events';
import { type Route, routesOf } from '@candlefish/kit/http';
import { Type } from 'typebox';
import {
  CollaborationSchema,
  DocumentStateSchema,
  DocumentUpdateSchema,
  documentErrors,
  OperationSchema,
} from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { collaborate } from '../operations/collaborate.ts';
import { listDocumentUpdates } from '../operations/document-updates.ts';
import { readDocumentState } from '../operations/documents.ts';
import type { DocumentUpdate } from '../operations/follow-document.ts';
import { readBase64, readOperations } from '../operations/read-operations.ts';

const route = routesOf<DocumentService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
/** A raw update of 1 MiB in base64, beside a thousand small operations. */
const COLLABORATE_BYTES_MAX = 4 * 1024 * 1024;
/** Updates of one page of the log. */
const UPDATES_MAX = 500;
const UPDATES_DEFAULT = 100;

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

const base64 = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('base64');

const updateBody = ({ version, update, actor, origin, createdAt }: DocumentUpdate) => ({
  version,
  update: base64(update),
  actor: actor ?? { kind: '', id: '', userId: null },
  origin: origin ?? '',
  createdAt: createdAt?.toISOString() ?? '',
});

/** Changes of the content, and the log of them. */
export const collaborationRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/collaborate',
    operationId: 'collaborate',
    summary: 'Apply operations to a document',
    description:
      'All or none: one call is one version. `If-Match` names the version that places were counted in: when it is not the present one, ' +
      'operations with an `index` are refused with 409 and the present version, others are merged.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({
      operations: Type.Array(OperationSchema, { minItems: 1, maxItems: 1_000 }),
      baseStateVector: Type.Optional(
        Type.String({
          contentEncoding: 'base64',
          description: 'Like `If-Match`, by a Yjs state vector. It does not show deletions; a version does.',
        }),
      ),
      dryRun: Type.Optional(Type.Boolean({ description: 'Answers what would come of it and changes nothing.' })),
    }),
    bodyBytesMax: COLLABORATE_BYTES_MAX,
    response: { status: 200, description: 'What came of it.', schema: CollaborationSchema },
    errors: [
      platformErrors.notFound,
      documentErrors.invalidOperation,
      platformErrors.conflict,
      documentErrors.missingDependencies,
      documentErrors.documentTooLarge,
      documentErrors.quotaExceeded,
    ],
    example: {
      params: { id: EXAMPLE_ID },
      body: { operations: [{ textInsert: { path: ['content'], at: { index: 0 }, text: 'Hello' } }] },
    },
    async handle(ctx, { params, body, ifMatch }) {
      const operations = readOperations(body.operations);
      const done = await collaborate(ctx, {
        id: params.id,
        operations,
        origin: 'rest',
        expectedVersion: ifMatch,
        baseStateVector: readBase64('/baseStateVector', body.baseStateVector),
        dryRun: body.dryRun,
      });
      const { version, applied } = done;
      return {
        body: { version, stateVector: base64(done.stateVector), update: base64(done.update), applied },
        version,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/state',
    operationId: 'readDocumentState',
    summary: 'Get the state of a document',
    description: 'The whole state in Yjs’ own form, to begin to edit with.',
    access: 'authenticated',
    params: Params,
    response: { status: 200, description: 'The state.', schema: DocumentStateSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      const { version, cursor, update, stateVector } = await readDocumentState(ctx, params.id);
      return { body: { version, cursor, update: base64(update), stateVector: base64(stateVector) }, version };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/updates',
    operationId: 'listDocumentUpdates',
    summary: 'List the updates of a document',
    description:
      'Those after a version, in order. Fewer than `limit` come when they are large; ask again after the last one until `version` is reached.',
    access: 'authenticated',
    params: Params,
    query: Type.Object({
      after: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          default: 0,
          description: 'The last version seen.',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: UPDATES_MAX, default: UPDATES_DEFAULT })),
    }),
    response: {
      status: 200,
      description: 'A part of the log, and the version it reaches up to.',
      schema: Type.Object({ data: Type.Array(DocumentUpdateSchema), version: Type.Integer() }),
    },
    errors: [platformErrors.notFound, feedErrors.cursorExpired],
    example: { params: { id: EXAMPLE_ID }, query: { after: 0 } },
    async handle(ctx, { params, query: { after = 0, limit = UPDATES_DEFAULT } }) {
      const { updates, headVersion } = await listDocumentUpdates(ctx, { id: params.id, after, limit });
      return { body: { data: updates.map(updateBody), version: headVersion } };
    },
  }),
];
