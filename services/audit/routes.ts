import { routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import { errors } from './contract.ts';
import type { AuditService } from './ctx.ts';
import { type Entry, findAuditEntry, listAuditEntries } from './operations/entries.ts';

const route = routesOf<AuditService>();

const AuditEntry = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    seq: Type.Integer({ minimum: 1, description: 'Position in the log of the tenant; without gaps.' }),
    event: Type.String(),
    payload: Type.Unknown(),
    actorKind: Type.String({ enum: ['anonymous', 'user', 'api_key', 'agent', 'system'] }),
    actorId: Type.String(),
    userId: Type.Union([Type.String({ format: 'uuid' }), Type.Null()]),
    requestId: Type.String(),
    occurredAt: Type.String({ format: 'date-time' }),
    recordedAt: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false, title: 'AuditEntry' },
);

const Selection = Type.Object(
  {
    ...PageQuery,
    event: Type.Optional(
      Type.String({ maxLength: 200, description: 'An event, or the beginning of its name up to a dot.' }),
    ),
    actor_id: Type.Optional(Type.String({ maxLength: 200, description: 'Who acted, or the person behind it.' })),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);

const toBody = (entry: Entry) => ({
  ...entry,
  occurredAt: entry.occurredAt.toISOString(),
  recordedAt: entry.recordedAt.toISOString(),
});

const exampleEntry = {
  id: '0198c0de-0000-7000-8000-000000000001',
  seq: 1,
  event: 'auth.user.signed-up.v1',
  payload: {},
  actorKind: 'user',
  actorId: '0198c0de-0000-7000-8000-000000000002',
  userId: '0198c0de-0000-7000-8000-000000000002',
  requestId: '0198c0de-0000-7000-8000-000000000003',
  occurredAt: '2026-11-22T12:00:00.000Z',
  recordedAt: '2026-11-22T12:00:00.050Z',
};

/** REST to operations. */
export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/audit/entries',
    operationId: 'listAuditEntries',
    summary: 'List entries of the audit log',
    description: 'Newest first.',
    access: 'authenticated',
    query: Selection,
    response: { status: 200, description: 'A page of entries.', schema: pageSchema(AuditEntry) },
    errors: [],
    example: { query: { limit: 20 }, response: { data: [exampleEntry], pagination: { nextCursor: null, limit: 20 } } },
    async handle(ctx, { query: { limit, cursor, event, actor_id, from, to } }) {
      const page = await listAuditEntries(ctx, {
        first: limit,
        after: cursor,
        event,
        actorId: actor_id,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      });
      return { body: pageBody(page, limit, toBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit/entries/{id}',
    operationId: 'getAuditEntry',
    summary: 'Get an entry of the audit log',
    access: 'authenticated',
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
    response: { status: 200, description: 'The entry.', schema: AuditEntry },
    errors: [errors.auditEntryNotFound],
    example: { params: { id: exampleEntry.id }, response: exampleEntry },
    handle: async (ctx, { params }) => ({ body: toBody(await findAuditEntry(ctx, params.id)) }),
  }),
];
