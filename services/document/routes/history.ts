import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  AttributionSchema,
  documentErrors,
  ErasureSchema,
  HistorySessionSchema,
  UndoneSchema,
  versionErrors,
} from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { type AttributedRun, readAttribution } from '../operations/attribution.ts';
import { eraseHistory } from '../operations/erase-history.ts';
import { type HistorySession, listHistory } from '../operations/history.ts';
import { undoUpdate } from '../operations/undo-update.ts';

const route = routesOf<DocumentService>();

const Params = Type.Object({ id: Type.String({ format: 'uuid' }) });

const EXAMPLE = { id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234' };

const sessionBody = ({ origins, startedAt, endedAt, ...session }: HistorySession) => ({
  ...session,
  origins: [...origins],
  startedAt: startedAt.toISOString(),
  endedAt: endedAt.toISOString(),
});

const runBody = ({ path, firstAt, lastAt, ...run }: AttributedRun) => ({
  ...run,
  path: [...path],
  firstAt: firstAt?.toISOString() ?? null,
  lastAt: lastAt?.toISOString() ?? null,
});

/** Who wrote what and when, and taking single updates back. */
export const historyRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/history',
    operationId: 'listDocumentHistory',
    summary: 'List who wrote when in a document',
    description:
      'Newest first, updates of one writer in one go together, over the last 20,000 updates that the log has. Calls of keys and agents stand ' +
      'alone: each can be undone by its sequence.',
    access: 'authenticated',
    params: Params,
    query: Type.Object(PageQuery),
    response: { status: 200, description: 'A page of the history.', schema: pageSchema(HistorySessionSchema) },
    errors: [platformErrors.notFound],
    example: { params: EXAMPLE },
    async handle(ctx, { params, query: { limit, cursor } }) {
      const page = await listHistory(ctx, { documentId: params.id, first: limit, after: cursor });
      return { body: pageBody(page, limit, sessionBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/attribution',
    operationId: 'readDocumentAttribution',
    summary: 'Get who wrote what in a document',
    description: 'The present content in its order, by who wrote it and since when it is there.',
    access: 'authenticated',
    params: Params,
    response: { status: 200, description: 'The content by its writers.', schema: AttributionSchema },
    errors: [platformErrors.notFound],
    example: { params: EXAMPLE },
    async handle(ctx, { params }) {
      const { runs, ...attribution } = await readAttribution(ctx, params.id);
      return { body: { ...attribution, runs: runs.map(runBody) } };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/undo',
    operationId: 'undoDocumentUpdate',
    summary: 'Undo an update of a document',
    description:
      'What it wrote goes, what it deleted comes back, what others did since stays. The undoing is an update itself and can be undone. With ' +
      '`If-Match` it is refused when the document is at another version.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({
      sequence: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Of the update: the version that it made.',
      }),
    }),
    response: { status: 200, description: 'What came of it.', schema: UndoneSchema },
    errors: [
      platformErrors.notFound,
      platformErrors.conflict,
      versionErrors.alreadyUndone,
      versionErrors.historyGone,
      documentErrors.invalidOperation,
      documentErrors.documentTooLarge,
      documentErrors.quotaExceeded,
    ],
    example: { params: EXAMPLE, body: { sequence: 7 } },
    async handle(ctx, { params, body, ifMatch }) {
      const done = await undoUpdate(ctx, { documentId: params.id, sequence: body.sequence, expectedVersion: ifMatch });
      return { body: done, version: done.version };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/erase-history',
    operationId: 'eraseDocumentHistory',
    summary: 'Erase the history of a document',
    description:
      'The content stays; everything that was deleted from it, kept states, who wrote what and branches’ ties to it are gone for good, and ' +
      'clients that held the old history begin anew. Branches keep what they hold: erase or delete them, too. With `If-Match` it is refused ' +
      'when the document is at another version. Needs the level manage, and of keys and agents the scope `document:erase`.',
    access: 'authenticated',
    params: Params,
    response: { status: 200, description: 'What came of it.', schema: ErasureSchema },
    errors: [platformErrors.notFound, platformErrors.conflict],
    example: { params: EXAMPLE },
    async handle(ctx, { params, ifMatch }) {
      const { formerBranchIds, ...done } = await eraseHistory(ctx, { documentId: params.id, expectedVersion: ifMatch });
      return { body: { ...done, formerBranchIds: [...formerBranchIds] }, version: done.version };
    },
  }),
];
