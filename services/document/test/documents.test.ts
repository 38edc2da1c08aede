import { setImmediate as turn } from 'node:timers/promises';
import { document } from '@candlefish/document';
import { contextAs, createTenant, type TestTenant } from '@candlefish/testkit/actors';
import { type TestHost, testHost } from '@candlefish/testkit/host';
import { testPostgres } from '@candlefish/testkit/postgres';
import type { TestDatabase } from '@candlefish/testkit/test-databases';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { collaborate } from '../operations/collaborate.ts';
import { createDocument } from '../operations/create-document.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import { listDocumentUpdates } from '../operations/document-updates.ts';
import { listDocuments, readDocument, readDocumentState } from '../operations/documents.ts';
import { type DocumentUpdate, followDocument } from '../operations/follow-document.ts';
import { type OperationInput, readOperations } from '../operations/read-operations.ts';
import { renameDocument } from '../operations/rename-document.ts';

let database: TestDatabase;
let host: TestHost;
let behind: pg.Pool;
let ours: TestTenant;
let theirs: TestTenant;

const as = (role: string, tenant: TestTenant = ours, signal?: AbortSignal): DocumentCtx =>
  contextAs(host, 'document', tenant, role, signal);
const owner = (): DocumentCtx => as('owner');

beforeAll(async () => {
  database = await testPostgres().createDatabase();
  host = await testHost(database, [document]);
  behind = new pg.Pool({ connectionString: database.superuserUrl, max: 2 });
});
beforeEach(async () => {
  ours = await createTenant(database);
  theirs = await createTenant(database);
});
afterAll(async () => {
  await behind.end();
  await host.close();
  await database.drop();
});

const code = (expected: string) => expect.objectContaining({ code: expected });
const create = (contentType = 'text/plain') => createDocument(owner(), { title: 'Minutes', contentType });
const insert = (index: number, text: string): OperationInput => ({
  textInsert: { path: ['content'], at: { index }, text },
});
const edit = (id: string, operations: readonly OperationInput[], expectedVersion?: number, ctx = owner()) =>
  collaborate(ctx, { id, operations: readOperations(operations), origin: 'rest', expectedVersion });
const textOf = async (id: string) => (await readDocument(owner(), id)).text;

/** The state as the log alone gives it, past all copies and snapshots. */
async function replay(id: string): Promise<string> {
  const { rows } = await behind.query<{ seq: string; update: Buffer }>(
    'select seq, update from document.document_updates where document_id = $1 order by seq',
    [id],
  );
  expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1));
  const doc = new Y.Doc();
  for (const { update } of rows) Y.applyUpdate(doc, update);
  return doc.getText('content').toString();
}

describe('a document', () => {
  test('begins empty at version 0 and is told', async () => {
    const made = await create();
    expect(made).toMatchObject({ version: 0, contentType: 'text/plain', createdBy: ours.userId, title: 'Minutes' });
    expect(await readDocument(owner(), made.id)).toMatchObject({ content: { content: '' }, text: '', version: 0 });
  });

  test('can be renamed without a new version, and deleted once', async () => {
    const { id } = await create();
    expect(await renameDocument(owner(), { id, title: ' Protocol ' })).toMatchObject({ title: 'Protocol', version: 0 });
    await deleteDocument(owner(), id);
    await expect(deleteDocument(owner(), id)).rejects.toEqual(code('NOT_FOUND'));
    await expect(readDocument(owner(), id)).rejects.toEqual(code('NOT_FOUND'));
    const { rows } = await behind.query('select name from platform.events where tenant_id = $1 order by seq', [
      ours.tenantId,
    ]);
    expect(rows.map(({ name }) => name)).toEqual([
      'document.document.created.v1',
      'document.document.renamed.v1',
      'document.document.deleted.v1',
    ]);
  });

  test('refuses titles and types that cannot be', async () => {
    for (const title of ['', ' ', 'x'.repeat(256), 'a\0']) {
      await expect(createDocument(owner(), { title })).rejects.toEqual(code('VALIDATION_FAILED'));
    }
    await expect(create('image/png')).rejects.toEqual(code('VALIDATION_FAILED'));
  });

  test('is listed once, newest first, by type, title and maker', async () => {
    for (let n = 0; n < 5; n += 1) await createDocument(owner(), { title: `Note ${n}` });
    await createDocument(owner(), { title: '100%', contentType: 'application/json' });
    const titles = async (filter: object, after?: string | null) =>
      (await listDocuments(owner(), { filter, after })).rows.map(({ title }) => title);
    expect(await titles({})).toEqual(['100%', 'Note 4', 'Note 3', 'Note 2', 'Note 1', 'Note 0']);
    expect(await titles({ contentType: 'application/json' })).toEqual(['100%']);
    expect(await titles({ title: '0%' })).toEqual(['100%']);
    expect(await titles({ createdBy: theirs.userId })).toEqual([]);
    expect(await titles({ createdBy: 'nobody' })).toEqual([]);
    const first = await listDocuments(owner(), { first: 4 });
    expect(await titles({}, first.nextCursor)).toEqual(['Note 1', 'Note 0']);
  });
});

describe('who may do what', () => {
  test('a viewer reads and does not change', async () => {
    const { id } = await create();
    expect((await readDocument(as('viewer'), id)).id).toBe(id);
    await expect(createDocument(as('viewer'), { title: 'x' })).rejects.toEqual(code('FORBIDDEN'));
    await expect(edit(id, [insert(0, 'x')], undefined, as('viewer'))).rejects.toEqual(code('FORBIDDEN'));
    await expect(deleteDocument(as('staff'), id)).rejects.toEqual(code('FORBIDDEN'));
  });

  test('another tenant finds nothing by any way', async () => {
    const { id, cursor } = await create();
    await edit(id, [insert(0, 'secret')]);
    const stranger = as('owner', theirs);
    const attempts = [
      () => readDocument(stranger, id),
      () => readDocumentState(stranger, id),
      () => edit(id, [insert(0, 'x')], undefined, stranger),
      () => renameDocument(stranger, { id, title: 'x' }),
      () => deleteDocument(stranger, id),
      () => listDocumentUpdates(stranger, { id, after: 0, limit: 10 }),
      () => followDocument(stranger, { id, after: cursor }),
      () => listDocuments(stranger, { tenantId: ours.tenantId }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    expect((await listDocuments(stranger, {})).rows).toEqual([]);
    expect(await replay(id)).toBe('secret');
  });

  test.each(['x', '00000000-0000-4000-8000-000000000000'])('an id that is %j is not found', async (id) => {
    for (const attempt of [
      () => readDocument(owner(), id),
      () => edit(id, [insert(0, 'x')]),
      () => renameDocument(owner(), { id, title: 'x' }),
      () => deleteDocument(owner(), id),
      () => followDocument(owner(), { id }),
      () => listDocumentUpdates(owner(), { id, after: 0, limit: 10 }),
    ]) {
      await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    }
  });
});

describe('collaborating', () => {
  test('makes one version of one call, whose update brings other copies along', async () => {
    const { id } = await create();
    const first = await edit(id, [insert(0, 'Hello'), insert(5, ' world')]);
    expect(first).toMatchObject({ version: 1, applied: 2 });
    const copy = new Y.Doc();
    Y.applyUpdate(copy, first.update);
    expect(copy.getText('content').toString()).toBe('Hello world');
    expect(Buffer.from(Y.encodeStateVector(copy))).toEqual(Buffer.from(first.stateVector));
    expect((await edit(id, [insert(11, '!')])).version).toBe(2);
    expect([await textOf(id), await replay(id)]).toEqual(['Hello world!', 'Hello world!']);
  });

  test('that changes nothing makes no version', async () => {
    const { id } = await create();
    const { update } = await edit(id, [insert(0, 'Hello')]);
    const again = await edit(id, [{ yjsUpdate: { update } }]);
    expect(again).toMatchObject({ version: 1, update: new Uint8Array([0, 0]) });
  });

  test('that is refused leaves nothing behind', async () => {
    const { id } = await create();
    await edit(id, [insert(0, 'Hello')]);
    await expect(edit(id, [insert(0, 'x'), insert(99, 'y')])).rejects.toMatchObject({
      code: 'INVALID_OPERATION',
      fields: [{ pointer: '/operations/1/textInsert/at/index' }],
    });
    await expect(edit(id, [{ yjsUpdate: { update: Buffer.from('nonsense') } }])).rejects.toEqual(
      code('INVALID_OPERATION'),
    );
    expect([await textOf(id), await replay(id)]).toEqual(['Hello', 'Hello']);
  });

  test('with places counted in an outdated version conflicts, with relative ones merges', async () => {
    const { id } = await create();
    await edit(id, [insert(0, 'Hello')]);
    const { update } = await readDocumentState(owner(), id);
    const mine = new Y.Doc();
    Y.applyUpdate(mine, update);
    const relative = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(mine.getText('content'), 5));
    await edit(id, [insert(0, 'Oh! ')]);
    await expect(edit(id, [insert(5, '!')], 1)).rejects.toMatchObject({
      code: 'CONFLICT',
      extensions: { version: 2, stateVector: expect.any(String) },
    });
    await expect(edit(id, [{ mapDelete: { path: ['data'], key: 'x' } }], 3)).rejects.toEqual(code('CONFLICT'));
    await edit(id, [{ textInsert: { path: ['content'], at: { relative }, text: '!' } }], 1);
    expect(await textOf(id)).toBe('Oh! Hello!');
    expect((await edit(id, [insert(0, '> ')], 3)).version).toBe(4);
  });

  test('by many writers at once loses nothing and leaves no gap', async () => {
    const { id } = await create();
    const words = Array.from({ length: 24 }, (_, n) => `<${n}>`);
    const done = await Promise.all(words.map((word) => edit(id, [insert(0, word)])));
    expect(done.map(({ version }) => version).sort((a, b) => a - b)).toEqual(words.map((_, n) => n + 1));
    const text = await textOf(id);
    for (const word of words) expect(text).toContain(word);
    expect(await replay(id)).toBe(text);
  });

  test('with a map keeps a readable copy of the present version', async () => {
    const { id } = await create('application/json');
    await edit(id, [{ mapSet: { path: ['data'], key: 'a', value: [1, { b: null }] } }]);
    const { rows } = await behind.query('select crdt_state, version from document.documents where id = $1', [id]);
    expect(rows).toEqual([{ crdt_state: { seq: 1, roots: { data: { a: [1, { b: null }] } } }, version: '1' }]);
  });

  test.each([
    [[], '/operations'],
    [Array.from({ length: 1_001 }, () => insert(0, 'x')), '/operations'],
    [[{}], '/operations/0'],
    [[{ ...insert(0, 'x'), mapDelete: { path: ['a'], key: 'b' } }], '/operations/0'],
    [[{ textInsert: { path: ['content'], at: {}, text: 'x' } }], '/operations/0/textInsert/at'],
    [[{ yjsUpdate: { update: 'not base64' } }], '/operations/0/yjsUpdate/update'],
  ] as const)('refuses operations that are written wrongly: %#', async (operations, pointer) => {
    const { id } = await create();
    const attempt = async () => edit(id, operations as readonly OperationInput[]);
    await expect(attempt()).rejects.toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ pointer }] });
  });

  test('refuses an update and a document that are too large', async () => {
    const { id } = await create();
    const large = [{ yjsUpdate: { update: new Uint8Array(1024 * 1024 + 1) } }];
    await expect(edit(id, large)).rejects.toEqual(code('PAYLOAD_TOO_LARGE'));
    const half = 'x'.repeat(4_000_000);
    await edit(id, [insert(0, half)]);
    await edit(id, [insert(0, half)]);
    await expect(edit(id, [insert(0, half)])).rejects.toEqual(code('DOCUMENT_TOO_LARGE'));
    expect((await readDocument(owner(), id)).text).toHaveLength(8_000_000);
  });
});

describe('a long log', () => {
  test('is loaded from a snapshot that gives the same document', async () => {
    const { id } = await create();
    // Rows that change nothing stand for a long day of edits.
    await behind.query(
      `with h as (update document.document_heads set seq = 498 where document_id = $1 returning tenant_id)
       insert into document.document_updates (tenant_id, document_id, seq, update, actor_kind, actor_id, origin)
       select tenant_id, $1, n, $2, 'system', 'test', 'system' from h, generate_series(1, 498) as n`,
      [id, Buffer.from([0, 0])],
    );
    for (const [index, letter] of [...'Hello'].entries()) await edit(id, [insert(index, letter)]);
    const { rows } = await behind.query(
      `select h.seq, h.snapshot_seq, s.encoding, length(s.sha256) as hash from document.document_heads h
       join document.document_snapshots s on s.document_id = h.document_id where h.document_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ seq: '503', snapshot_seq: '500', encoding: 'V2', hash: 32 }]);
    const { update, version } = await readDocumentState(owner(), id);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    expect([version, doc.getText('content').toString()]).toEqual([503, 'Hello']);
    expect(await replay(id)).toBe('Hello');
  });

  test('with a hole is never read as if it were whole', async () => {
    const { id } = await create();
    for (let n = 0; n < 3; n += 1) await edit(id, [insert(0, 'x')]);
    await behind.query('delete from document.document_updates where document_id = $1 and seq = 2', [id]);
    await expect(readDocumentState(owner(), id)).rejects.toThrow('update 2 is missing');
    await expect(edit(id, [insert(0, 'y')])).rejects.toThrow('update 2 is missing');
  });

  test('is read in parts, after any version', async () => {
    const { id } = await create();
    for (let n = 0; n < 5; n += 1) await edit(id, [insert(0, 'x')]);
    const page = await listDocumentUpdates(as('viewer'), { id, after: 1, limit: 3 });
    expect([page.updates.map(({ version }) => version), page.headVersion]).toEqual([[2, 3, 4], 5]);
    expect(page.updates[0]).toMatchObject({ origin: 'rest', actor: { kind: 'user', userId: ours.userId } });
    expect((await listDocumentUpdates(owner(), { id, after: 5, limit: 3 })).updates).toEqual([]);
    await expect(listDocumentUpdates(owner(), { id, after: 6, limit: 3 })).rejects.toEqual(code('CURSOR_EXPIRED'));
    await behind.query('delete from document.document_updates where document_id = $1 and seq <= 2', [id]);
    await expect(listDocumentUpdates(owner(), { id, after: 1, limit: 3 })).rejects.toEqual(code('CURSOR_EXPIRED'));
  });
});

describe('following', () => {
  const take = async (stream: AsyncIterator<DocumentUpdate>, count: number): Promise<readonly DocumentUpdate[]> => {
    const taken: DocumentUpdate[] = [];
    while (taken.length < count) {
      const { done, value } = await stream.next();
      if (done) break;
      taken.push(value);
    }
    return taken;
  };
  const versions = (updates: readonly DocumentUpdate[]) => updates.map(({ version }) => version);

  test('from a cursor misses nothing and sees nothing twice, whenever it is cut off', async () => {
    const { id, cursor } = await create();
    const writing = (async () => {
      for (let n = 0; n < 40; n += 1) await edit(id, [insert(0, String(n % 10))]);
    })();
    const copy = new Y.Doc();
    const seen: number[] = [];
    let after = cursor;
    while (seen.length < 40) {
      const stream = await followDocument(as('viewer'), { id, after });
      for (const update of await take(stream, Math.min(1 + (seen.length % 7), 40 - seen.length))) {
        seen.push(update.version);
        Y.applyUpdate(copy, update.update ?? new Uint8Array());
        after = update.cursor;
      }
      await stream.return?.();
    }
    await writing;
    expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(copy.getText('content').toString()).toBe(await replay(id));
  });

  test('is woken by a change and does not wait for its poll', async () => {
    const { id, cursor } = await create();
    const stream = await followDocument(owner(), { id, after: cursor });
    const first = stream.next();
    for (let n = 0; n < 20; n += 1) await turn();
    const startedAt = performance.now();
    await edit(id, [insert(0, 'x')]);
    expect((await first).value).toMatchObject({ type: 'UPDATE', version: 1 });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await stream.return?.();
  });

  test('heals a lost wake-up by itself', async () => {
    const { id, cursor } = await create();
    const stream = await followDocument(owner(), { id, after: cursor });
    const first = stream.next();
    await behind.query(
      `with h as (update document.document_heads set seq = seq + 1 where document_id = $1 returning tenant_id, seq)
       insert into document.document_updates (tenant_id, document_id, seq, update, actor_kind, actor_id, origin)
       select tenant_id, $1, seq, $2, 'system', 'test', 'system' from h`,
      [id, Buffer.from([0, 0])],
    );
    expect((await first).value).toMatchObject({ version: 1, origin: 'system' });
    await stream.return?.();
  });

  test('is told RESET when the log does not go on from its place', async () => {
    const { id, cursor } = await create();
    await edit(id, [insert(0, 'x')]);
    await edit(id, [insert(0, 'x')]);
    // Large enough for a snapshot, so that what came before it may go.
    await edit(id, [insert(0, 'x'.repeat(300_000))]);
    await behind.query('delete from document.document_updates where document_id = $1 and seq <= 2', [id]);
    const stream = await followDocument(owner(), { id, after: cursor });
    const [reset] = await take(stream, 1);
    expect(reset).toMatchObject({ type: 'RESET', version: 3, update: null });
    await edit(id, [insert(0, 'y')]);
    expect(versions(await take(stream, 1))).toEqual([4]);
    await behind.query('update document.document_heads set epoch = epoch + 1 where document_id = $1', [id]);
    await edit(id, [insert(0, 'z')]);
    expect(await take(stream, 1)).toMatchObject([{ type: 'RESET', version: 5, epoch: 1 }]);
    await stream.return?.();
    const other = await followDocument(owner(), { id, after: reset?.cursor ?? '' });
    expect(await take(other, 1)).toMatchObject([{ type: 'RESET', version: 5 }]);
    await other.return?.();
  });

  test('ends at once with its reader, with its context, with the document', async () => {
    const { id } = await create();
    const leaving = new AbortController();
    const streams = await Promise.all([
      followDocument(owner(), { id }),
      followDocument(as('owner', ours, leaving.signal), { id }),
      followDocument(owner(), { id }),
    ]);
    const [left, aborted, deleted] = streams.map((stream) => stream.next());
    await streams[0]?.return?.();
    expect(await left).toMatchObject({ done: true });
    leaving.abort();
    expect(await aborted).toMatchObject({ done: true });
    await deleteDocument(owner(), id);
    expect(await deleted).toMatchObject({ done: true });
  });

  test('refuses a cursor that is none', async () => {
    const { id } = await create();
    await expect(followDocument(owner(), { id, after: 'nonsense' })).rejects.toEqual(code('VALIDATION_FAILED'));
    await expect(followDocument(owner(), { id, after: 'Wy0xLDBd' })).rejects.toEqual(code('VALIDATION_FAILED'));
  });
});
