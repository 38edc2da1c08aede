import { createInProcessClaims } from '@candlefish/kit/claims';
import { readConfig } from '@candlefish/kit/config';
import {
  type Actor,
  ANONYMOUS,
  type Clock,
  createCtx,
  definePolicy,
  type Executor,
  pooled,
  type RequestScope,
  systemClock,
  systemIds,
} from '@candlefish/kit/context';
import { Database, type StatementEvent, statementsOf } from '@candlefish/kit/db';
import { defineErrors, platformErrors } from '@candlefish/kit/errors';
import {
  createHttpServer,
  type HttpConfig,
  type HttpServer,
  httpConfig,
  type Route,
  routesOf,
} from '@candlefish/kit/http';
import { createIdempotency, type Idempotency } from '@candlefish/kit/idempotency';
import type { Authenticator } from '@candlefish/kit/identity';
import { createInProcessRateLimiter } from '@candlefish/kit/limits';
import { createLog, createMetrics, type Metrics, noTracing, type Tracing } from '@candlefish/kit/telemetry';
import pg from 'pg';
import { type Static, Type } from 'typebox';

/** A small service of notes on a table of its own, so that the HTTP layer is tested on real requests and real rows. */

const NOTES_SQL = `
  create schema notes;
  create table notes.notes (
    id uuid primary key, tenant_id uuid not null references auth.tenants (id) on delete cascade,
    title text not null, pinned boolean not null default false, version bigint not null default 1,
    created_at timestamptz not null default now()
  );
  alter table notes.notes enable row level security, force row level security;
  create policy tenant_isolation on notes.notes
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid)
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid);
  grant usage on schema notes to candlefish_app;
  grant select, insert, update, delete on notes.notes to candlefish_app;`;

type NoteRow = { id: string; title: string; pinned: boolean; version: number; createdAt: Date };
type NotesStatements = {
  insertNote: { params: { id: string; tenantId: string; title: string; pinned: boolean }; row: NoteRow };
  findNote: { params: { id: string }; row: NoteRow };
  listNotes: { params: { limit: number }; row: NoteRow };
  renameNote: { params: { id: string; title: string; expected: number | null }; row: NoteRow };
};

const statement = statementsOf<NotesStatements>('notes');
const COLUMNS = 'id, title, pinned, version, created_at as "createdAt"';
const insertNote = statement('insertNote', {
  actions: ['note:create'],
  text: `insert into notes.notes (id, tenant_id, title, pinned) values (:id, :tenantId, :title, :pinned) returning ${COLUMNS}`,
});
const findNote = statement('findNote', {
  actions: ['note:read'],
  text: `select ${COLUMNS} from notes.notes where id = :id`,
});
const listNotes = statement('listNotes', {
  actions: ['note:read'],
  text: `select ${COLUMNS} from notes.notes order by id limit :limit::bigint`,
});
const renameNote = statement('renameNote', {
  actions: ['note:create'],
  text: `update notes.notes set title = :title, version = version + 1
    where id = :id and (:expected?::bigint is null or version = :expected?::bigint) returning ${COLUMNS}`,
});

const policy = definePolicy({ 'note:create': ['owner', 'staff'], 'note:read': ['owner', 'staff', 'viewer'] });
const noteErrors = defineErrors({
  titleTaken: { code: 'NOTE_TITLE_TAKEN', status: 409, title: 'There is a note of this title.' },
});

const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });
const Note = Type.Object({
  id: Type.String({ format: 'uuid' }),
  title: Type.String(),
  pinned: Type.Boolean(),
  version: Type.Integer(),
  createdAt: Type.String({ format: 'date-time' }),
});
const NewNote = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 200 }),
  pinned: Type.Optional(Type.Boolean()),
  due: Type.Optional(Type.String({ format: 'date-time' })),
  mail: Type.Optional(Type.String({ format: 'email' })),
  rank: Type.Optional(Type.Integer({ minimum: 0 })),
  colour: Type.Optional(Type.Union([Type.Literal('red'), Type.Literal('blue')])),
  edits: Type.Optional(
    Type.Array(
      Type.Union([
        Type.Object(
          { insert: Type.Object({ at: Type.Integer(), text: Type.String() }) },
          { additionalProperties: false },
        ),
        Type.Object({ remove: Type.Object({ at: Type.Integer() }) }, { additionalProperties: false }),
      ]),
    ),
  ),
});

/** Hooks by which a test makes an operation wait or fail in the middle. */
export interface NotesService {
  beforeCommit: () => Promise<void>;
  /** Ids of requests whose operation began to wait, and those that were told to stop. */
  readonly begun: string[];
  readonly stopped: string[];
}

const toView = (row: NoteRow): Static<typeof Note> => ({ ...row, createdAt: row.createdAt.toISOString() });
const route = routesOf<NotesService>();
const exampleNote = { title: 'Buy paint' };

export const noteRoutes: readonly Route<NotesService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/notes',
    operationId: 'createNote',
    summary: 'Writes a note',
    access: 'authenticated',
    body: NewNote,
    response: { status: 201, description: 'The note.', schema: Note },
    errors: [noteErrors.titleTaken],
    example: { body: exampleNote },
    async handle(ctx, { body }) {
      const grant = ctx.authorize('note:create');
      if (grant.tenantId === null) throw platformErrors.forbidden();
      const { tenantId } = grant;
      const note = await ctx.tx(grant, async (tx) => {
        const values = { id: ctx.ids.next(), tenantId, title: body.title, pinned: body.pinned ?? false };
        const row = await tx.one(insertNote(values));
        await ctx.service.beforeCommit();
        return row;
      });
      return { body: toView(note), version: note.version, location: `/api/v1/notes/${note.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/notes',
    operationId: 'listNotes',
    summary: 'Lists notes',
    access: 'authenticated',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      pinned: Type.Optional(Type.Boolean()),
      ids: Type.Optional(Type.Array(Type.String({ format: 'uuid' }))),
    }),
    response: { status: 200, description: 'The notes.', schema: Type.Object({ data: Type.Array(Note) }) },
    errors: [],
    example: { query: { limit: 10 } },
    async handle(ctx, { query }) {
      const grant = ctx.authorize('note:read');
      const rows = await ctx.query(grant, listNotes({ limit: query.limit ?? 50 }));
      return { body: { data: rows.map(toView) } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/notes/{id}',
    operationId: 'findNote',
    summary: 'Gives a note',
    access: 'authenticated',
    params: Id,
    response: { status: 200, description: 'The note.', schema: Note },
    errors: [platformErrors.notFound],
    example: { params: { id: '0193e7a0-0000-7000-8000-000000000001' } },
    async handle(ctx, { params }) {
      const grant = ctx.authorize('note:read');
      const row = await ctx.first(grant, findNote({ id: params.id }));
      if (row === undefined) throw platformErrors.notFound();
      return { body: toView(row), version: row.version };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/notes/{id}',
    operationId: 'renameNote',
    summary: 'Renames a note',
    access: 'authenticated',
    params: Id,
    body: Type.Object({ title: Type.String({ minLength: 1, maxLength: 200 }) }),
    response: { status: 200, description: 'The note.', schema: Note },
    errors: [platformErrors.notFound, platformErrors.preconditionFailed, noteErrors.titleTaken],
    example: { params: { id: '0193e7a0-0000-7000-8000-000000000001' }, body: exampleNote },
    async handle(ctx, { params, body, ifMatch }) {
      const grant = ctx.authorize('note:create');
      const row = await ctx.tx(grant, async (tx) => {
        const changed = await tx.first(renameNote({ id: params.id, title: body.title, expected: ifMatch ?? null }));
        if (body.title === 'taken') throw noteErrors.titleTaken({ detail: 'Another note has it.' });
        return changed;
      });
      if (body.title === 'taken late') throw noteErrors.titleTaken();
      if (row === undefined)
        throw ifMatch === undefined ? platformErrors.notFound() : platformErrors.preconditionFailed();
      return { body: toView(row), version: row.version };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/notes/trials/{kind}',
    operationId: 'tryNote',
    summary: 'Fails in a chosen way',
    access: 'public',
    params: Type.Object({ kind: Type.String() }),
    response: { status: 204, description: 'Nothing.' },
    errors: [],
    example: { params: { kind: 'nothing' } },
    async handle(ctx, { params }) {
      if (params.kind === 'fault') throw new Error('boom: password=hunter2');
      if (params.kind === 'unavailable') throw platformErrors.unavailable({ retryAfterMs: 1_500 });
      if (params.kind === 'cookie') ctx.http?.setCookie('cf_test', 'a b', { path: '/api', maxAgeMs: 60_000 });
      if (params.kind === 'slow') {
        ctx.service.begun.push(ctx.requestId);
        await aborted(ctx.signal).finally(() => ctx.service.stopped.push(ctx.requestId));
      }
      if (params.kind === 'deaf') await new Promise(() => undefined);
      if (params.kind === 'wait') await ctx.service.beforeCommit();
      return { body: undefined };
    },
  }),
];

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const TENANT = '0193e7a0-0000-7000-8000-00000000000a';
export const OTHER_TENANT = '0193e7a0-0000-7000-8000-00000000000b';

const person = (id: string, tenantId: string, role: string, kind: Actor['kind'] = 'user'): Actor => ({
  ...ANONYMOUS,
  kind,
  id,
  userId: id,
  tenantId,
  role,
});

/** Callers by their token; what verifies real tokens is tested where it lives. */
const CALLERS: Readonly<Record<string, { readonly actor: Actor; readonly requestsPerHour?: number }>> = {
  'Bearer olga': { actor: person('0193e7a0-0000-7000-8000-000000000101', TENANT, 'owner') },
  'Bearer stan': { actor: person('0193e7a0-0000-7000-8000-000000000102', TENANT, 'staff') },
  'Bearer vera': { actor: person('0193e7a0-0000-7000-8000-000000000103', TENANT, 'viewer') },
  'Bearer otto': { actor: person('0193e7a0-0000-7000-8000-000000000105', OTHER_TENANT, 'owner') },
  key: { actor: person('0193e7a0-0000-7000-8000-000000000104', TENANT, 'staff', 'api_key'), requestsPerHour: 3 },
};

const authenticator: Authenticator = {
  async authenticate({ authorization, apiKey }) {
    const sent = authorization ?? apiKey;
    if (sent === undefined) return { actor: ANONYMOUS, credential: null, requestsPerHourMax: null };
    const caller = CALLERS[sent];
    if (caller === undefined) throw platformErrors.unauthenticated();
    return {
      actor: caller.actor,
      requestsPerHourMax: caller.requestsPerHour ?? null,
      credential: { kind: apiKey === undefined ? 'bearer' : 'api_key', value: sent },
    };
  },
};

/** A running server of the notes service. */
export interface NotesServer {
  readonly url: string;
  readonly port: number;
  readonly server: HttpServer;
  readonly service: NotesService;
  readonly metrics: Metrics;
  readonly idempotency: Idempotency;
  readonly database: Database;
  /** Log lines so far. */
  logLines(): readonly Record<string, unknown>[];
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly as?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape they assert.
  readonly json: any;
}

export interface NotesOptions {
  readonly config?: Partial<HttpConfig>;
  readonly routes?: readonly Route<NotesService>[];
  readonly tracing?: Tracing;
  readonly clock?: Clock;
  readonly executor?: (database: Database) => Executor;
  readonly onStatement?: (event: StatementEvent) => void;
}

/** Makes the table of notes and two tenants. */
export async function prepareNotes(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(NOTES_SQL);
    await client.query('insert into auth.tenants (id, name, slug) values ($1, $2, $2), ($3, $4, $4)', [
      TENANT,
      'north',
      OTHER_TENANT,
      'south',
    ]);
  } finally {
    await client.end();
  }
}

/** Starts the notes service behind a real listener on a free port. */
export async function startNotes(appUrl: string, options: NotesOptions = {}): Promise<NotesServer> {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  const database = new Database({
    url: appUrl,
    connectionsMax: 20,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    prepared: true,
    applicationName: 'notes',
    onIdleError: (err) => log.warn({ err }, 'idle connection lost'),
    ...(options.onStatement === undefined ? {} : { onStatement: options.onStatement }),
  });
  const service: NotesService = { beforeCommit: async () => undefined, begun: [], stopped: [] };
  const config = { ...readConfig(httpConfig, {}), port: 0, ...options.config };
  const ids = systemIds(systemClock);
  const metrics = createMetrics({ process: false });
  const executor = options.executor?.(database) ?? pooled(database);
  const idempotency = createIdempotency({
    database: executor,
    claims: createInProcessClaims(),
  });
  const runtime = {
    name: 'notes',
    service,
    clock: options.clock ?? systemClock,
    ids,
    policy: new Map(Object.entries(policy.table)),
    writeEvents: async () => undefined,
    writeJob: async () => undefined,
    dispatch: async () => undefined,
  };
  const server = createHttpServer({
    host: {
      services: [
        { name: 'notes', summary: 'Keeps notes.', routes: (options.routes ?? noteRoutes) as readonly Route[] },
      ],
      ctx: (_service: string, scope: RequestScope) => createCtx(runtime, scope),
    },
    executor,
    authenticator,
    limiter: createInProcessRateLimiter(),
    idempotency,
    log,
    metrics,
    tracing: options.tracing ?? noTracing,
    ids,
    config,
    checkAnswers: true,
  });
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    server,
    service,
    metrics,
    idempotency,
    database,
    logLines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    request: (method, path, request = {}) => ask(`${url}${path}`, method, request),
    async close() {
      await server.close();
      await database.close();
    },
  };
}

async function ask(url: string, method: string, options: RequestOptions): Promise<Answer> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.as !== null) headers['authorization'] ??= `Bearer ${options.as ?? 'olga'}`;
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined) headers['content-type'] ??= 'application/json';
  const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}
