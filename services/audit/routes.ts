import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@candlefish/base/page';
import { routesOf } from '@candlefish/kit/http';
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

const AuditEntryPage = Type.Object(
  {
    data: Type.Array(AuditEntry),
    pagination: Type.Object({
      nextCursor: Type.Union([Type.String(), Type.Null()]),
      limit: Type.Integer(),
    }),
  },
  { additionalProperties: false, title: 'AuditEntryPage' },
);

const Selection = Type.Object(
  {
    event: Type.Optional(
      Type.String({ maxLength: 200, description: 'An event, or the beginning of its name up to a dot.' }),
    ),
    actor_id: Type.Optional(Type.String({ maxLength: 200, description: 'Who acted, or the person behind it.' })),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE_DEFAULT })),
    after: Type.Optional(Type.String({ maxLength: 512, description: '`nextCursor` of the page before.' })),
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
    summary: 'List the audit log, newest first',
    access: 'authenticated',
    query: Selection,
    response: { status: 200, description: 'A page of entries.', schema: AuditEntryPage },
    errors: [],
    example: { query: { limit: 20 }, response: { data: [exampleEntry], pagination: { nextCursor: null, limit: 20 } } },
    async handle(ctx, { query }) {
      const limit = query.limit ?? PAGE_SIZE_DEFAULT;
      const page = await listAuditEntries(ctx, {
        event: query.event,
        actorId: query.actor_id,
        from: query.from === undefined ? undefined : new Date(query.from),
        to: query.to === undefined ? undefined : new Date(query.to),
        limit,
        after: query.after,
      });
      return { body: { data: page.rows.map(toBody), pagination: { nextCursor: page.nextCursor, limit } } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit/entries/{id}',
    operationId: 'getAuditEntry',
    summary: 'Read one entry of the audit log',
    access: 'authenticated',
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
    response: { status: 200, description: 'The entry.', schema: AuditEntry },
    errors: [errors.auditEntryNotFound],
    example: { params: { id: exampleEntry.id }, response: exampleEntry },
    handle: async (ctx, { params }) => ({ body: toBody(await findAuditEntry(ctx, params.id)) }),
  }),
];
