import { services } from '@candlefish/server/registry';
import { addPerson, contextAs, createTenant, type TestTenant } from '@candlefish/testkit/actors';
import { type TestHost, testHost } from '@candlefish/testkit/host';
import { testPostgres } from '@candlefish/testkit/postgres';
import type { TestDatabase } from '@candlefish/testkit/test-databases';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { type Collaboration, collaborate } from '../operations/collaborate.ts';
import { createDocument } from '../operations/create-document.ts';
import type { Document } from '../operations/documents.ts';
import { type OperationInput, readOperations } from '../operations/read-operations.ts';

/** The service, and the one it asks who belongs to a tenant. */
const HOSTED = services.filter(({ name }) => name === 'auth' || name === 'document');

/** The service on a database, with two new tenants for each test. */
export interface DocumentHost {
  readonly ours: TestTenant;
  readonly theirs: TestTenant;
  /** Looks behind the service, past row-level security. */
  readonly behind: pg.Pool;
  as(role: string, tenant?: TestTenant, signal?: AbortSignal): DocumentCtx;
  owner(): DocumentCtx;
  /** Somebody else of our tenant. */
  somebody(role: string, tenant?: TestTenant): Promise<DocumentCtx>;
  /** The platform itself, in no tenant: what a timer runs as. */
  platform(): DocumentCtx;
  /** The platform itself at work in a tenant: what sockets write as. */
  inTenant(tenant?: TestTenant): DocumentCtx;
  create(contentType?: string): Promise<Document>;
  edit(
    id: string,
    operations: readonly OperationInput[],
    expectedVersion?: number,
    ctx?: DocumentCtx,
  ): Promise<Collaboration>;
  /** The text as the log alone gives it, past all copies and snapshots; fails when the log has a gap. */
  replay(id: string): Promise<string>;
}

/** The service, started. */
interface Started {
  readonly database: TestDatabase;
  readonly host: TestHost;
  readonly behind: pg.Pool;
  stop(): Promise<void>;
}

let shared: Promise<Started> | undefined;

/**
 * The service that the test files of a worker share, until the worker ends.
 * @param own Starts one for the tests of the file alone: for what looks at all tenants, or changes what they share.
 */
export function documentHost({ own = false }: { readonly own?: boolean } = {}): DocumentHost {
  let database: TestDatabase;
  let host: TestHost;
  let behind: pg.Pool;
  let stop: () => Promise<void>;
  let tenants: readonly [TestTenant, TestTenant];

  beforeAll(async () => {
    ({ database, host, behind, stop } = await (own ? start() : startedOnce()));
  });
  beforeEach(async () => {
    tenants = [await createTenant(database), await createTenant(database)];
  });
  afterAll(async () => {
    if (own) await stop();
  });

  const as = (role: string, tenant = tenants[0], signal?: AbortSignal): DocumentCtx =>
    contextAs(host, 'document', tenant, role, signal);
  return {
    get ours() {
      return tenants[0];
    },
    get theirs() {
      return tenants[1];
    },
    get behind() {
      return behind;
    },
    as,
    owner: () => as('owner'),
    platform: () => host.host.system('document', null) as DocumentCtx,
    inTenant: (tenant = tenants[0]) => host.host.system('document', tenant.tenantId) as DocumentCtx,
    somebody: async (role, tenant = tenants[0]) => as(role, await addPerson(database, tenant.tenantId, role)),
    create: (contentType = 'text/plain') => createDocument(as('owner'), { title: 'Minutes', contentType }),
    edit: async (id, operations, expectedVersion, ctx = as('owner')) =>
      collaborate(ctx, { id, operations: readOperations(operations), origin: 'rest', expectedVersion }),
    async replay(id) {
      const { rows } = await behind.query<{ seq: string; update: Buffer }>(
        'select seq, update from document.document_updates where document_id = $1 order by seq',
        [id],
      );
      expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
      const doc = new Y.Doc();
      for (const { update } of rows) Y.applyUpdate(doc, update);
      return doc.getText('content').toString();
    },
  };
}

function startedOnce(): Promise<Started> {
  shared ??= start();
  return shared;
}

async function start(): Promise<Started> {
  const database = await testPostgres().createDatabase();
  const host = await testHost(database, HOSTED);
  const behind = new pg.Pool({ connectionString: database.superuserUrl, max: 2 });
  // An ended pool has sent its goodbye and does not wait for the server's: dropping the database may come first.
  behind.on('error', (error) => {
    if (!behind.ending) throw error;
  });
  return {
    database,
    host,
    behind,
    async stop() {
      await behind.end();
      await host.close();
      await database.drop();
    },
  };
}

/** An insertion into the text of a document. */
export const insert = (index: number, text: string): OperationInput => ({
  textInsert: { path: ['content'], at: { index }, text },
});

/** An error with this code. */
export const code = (expected: string): unknown => expect.objectContaining({ code: expected });
