import { type RunningNetwork, sharedNetwork } from '@candlefish/testkit/network';
import { createClient } from 'graphql-sse';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { tracesOf } from './traces.ts';

let network: RunningNetwork;

beforeAll(async () => {
  network = await sharedNetwork();
});

const bytes = (base64: unknown): Uint8Array => Buffer.from(String(base64), 'base64');
const insert = (index: number, text: string) => ({ textInsert: { path: ['content'], at: { index }, text } });

test('a document lives its whole life over REST', async () => {
  const { api, tenantId } = await network.signUp();
  const made = await api.post('/api/v1/documents', { title: 'Minutes', contentType: 'text/markdown' });
  expect(made).toMatchObject({ status: 201, body: { title: 'Minutes', version: 0, tenantId } });
  const path = made.headers.get('location') ?? '';

  const first = await api.post(`${path}/collaborate`, { operations: [insert(0, 'Hello')] }, { 'if-match': '"v0"' });
  expect(first).toMatchObject({ status: 200, body: { version: 1, applied: 1 } });
  expect(first.headers.get('etag')).toBe('"v1"');
  const copy = new Y.Doc();
  Y.applyUpdate(copy, bytes((first.body as { update: string }).update));
  expect(copy.getText('content').toString()).toBe('Hello');

  const stale = await api.post(`${path}/collaborate`, { operations: [insert(0, 'x')] }, { 'if-match': '"v0"' });
  expect(stale).toMatchObject({ status: 409, body: { code: 'CONFLICT', version: 1, stateVector: expect.any(String) } });
  const wrong = await api.post(`${path}/collaborate`, { operations: [insert(99, 'x')] });
  expect(wrong).toMatchObject({
    status: 422,
    body: { code: 'INVALID_OPERATION', errors: [{ pointer: '/operations/0/textInsert/at/index' }] },
  });

  const read = await api.get(path);
  expect(read.body).toMatchObject({ content: { content: 'Hello' }, text: 'Hello', version: 1 });
  const tag = read.headers.get('etag') ?? '';
  expect((await api.get(path, { 'if-none-match': tag })).status).toBe(304);
  expect((await api.patch(path, { title: 'Protocol' })).body).toMatchObject({ title: 'Protocol', version: 1 });
  const renamed = await api.get(path, { 'if-none-match': tag });
  expect(renamed).toMatchObject({ status: 200, body: { title: 'Protocol' } });
  const next = await api.post(`${path}/collaborate`, { operations: [insert(5, '!')] }, { 'if-match': tag });
  expect(next).toMatchObject({ status: 200, body: { version: 2 } });

  expect((await api.get(`${path}/updates?after=1`)).body).toMatchObject({
    version: 2,
    data: [{ version: 2, origin: 'rest' }],
  });
  expect((await api.get(`${path}/updates?after=9`)).status).toBe(410);
  const state = (await api.get(`${path}/state`)).body as { update: string };
  const whole = new Y.Doc();
  Y.applyUpdate(whole, bytes(state.update));
  expect(whole.getText('content').toString()).toBe('Hello!');
  expect((await api.get('/api/v1/documents?limit=1')).body).toMatchObject({
    data: [{ title: 'Protocol', version: 2 }],
  });
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get(path)).status).toBe(404);
});

test('a repeated call with an idempotency key makes one version and wakes who follows at once', async () => {
  const { api, token } = await network.signUp();
  const { id } = (await api.post('/api/v1/documents', { title: 'Minutes' })).body as { id: string };
  const client = createClient({ url: `${network.url}/graphql`, headers: { authorization: `Bearer ${token}` } });
  const cursor = ((await api.get(`/api/v1/documents/${id}`)).body as { cursor: string }).cursor;
  const query = `subscription { documentUpdated(id: "${id}", after: "${cursor}") { type version update origin actor { kind user { email } } cursor } }`;
  const stream = client.iterate({ query });
  const first = stream.next();
  const send = () =>
    api.post(`/api/v1/documents/${id}/collaborate`, { operations: [insert(0, 'once')] }, { 'idempotency-key': 'k1' });
  const [one, two] = [await send(), await send()];
  expect([one.status, two.text, two.headers.get('idempotency-replayed')]).toEqual([200, one.text, 'true']);
  const { value } = await first;
  expect(value).toMatchObject({
    data: { documentUpdated: { type: 'UPDATE', version: 1, origin: 'rest', actor: { kind: 'user' } } },
  });
  await api.graphql(
    `mutation { updateDocument(id: "${id}", operations: [{ mapSet: { path: ["x"], key: "a" } }]) { id } }`,
  );
  const done = await api.graphql(
    `mutation ($id: ID!) {
      updateDocument(id: $id, operations: [{ textInsert: { path: ["content"], at: { index: 4 }, text: "!" } }]) {
        version text content state { version } createdBy { email }
      }
    }`,
    { id },
  );
  expect(done).toMatchObject({
    errors: [],
    data: {
      updateDocument: {
        version: 2,
        text: 'once!',
        content: { content: 'once!' },
        state: { version: 2 },
        createdBy: { email: expect.stringContaining('@') },
      },
    },
  });
  expect(await stream.next()).toMatchObject({
    value: { data: { documentUpdated: { version: 2, origin: 'graphql' } } },
  });
  await stream.return?.();
  client.dispose();
});

test('a history is erased over REST and GraphQL, with what answers to repeated calls have kept of it', async () => {
  const { api } = await network.signUp();
  const { id } = (await api.post('/api/v1/documents', { title: 'Minutes' })).body as { id: string };
  const path = `/api/v1/documents/${id}`;
  const keyed = (key: string, operations: readonly unknown[]) =>
    api.post(`${path}/collaborate`, { operations }, { 'idempotency-key': key });
  const rename = () =>
    api.graphql(
      `mutation { renameDocument(id: "${id}", title: "Protocol") { text } }`,
      {},
      { 'idempotency-key': 'renamed' },
    );
  const other = () => api.post('/api/v1/documents', { title: 'Other' }, { 'idempotency-key': 'other' });
  const first = await keyed('k1', [insert(0, 'Quetzalcoatlus flies')]);
  const unrelated = await other();
  expect([first.status, (await rename()).data]).toEqual([200, { renameDocument: { text: 'Quetzalcoatlus flies' } }]);
  const database = new pg.Pool({ connectionString: network.database.superuserUrl, max: 1 });
  try {
    const cut = { textDelete: { path: ['content'], at: { index: 0 }, length: 15 } };
    expect((await keyed('k2', [cut])).body).toMatchObject({ version: 2 });
    await network.settle();
    expect(await tracesOf(database, 'Quetzalcoatlus')).toContain('platform.idempotency_keys.response_body');
    const stale = await api.post(`${path}/erase-history`, {}, { 'if-match': '"v1"' });
    expect(stale).toMatchObject({ status: 409, body: { code: 'CONFLICT', version: 2 } });
    const erased = await api.post(`${path}/erase-history`, {}, { 'idempotency-key': 'erased' });
    expect(erased).toMatchObject({ status: 200, body: { version: 3, epoch: 1, formerBranchIds: [] } });
    expect(erased.headers.get('etag')).toBe('"v3"');
    await network.settle();
    expect(await tracesOf(database, 'Quetzalcoatlus')).toEqual([]);
  } finally {
    await database.end();
  }
  // Repeated calls are known and not done again; only their answers are gone.
  expect(await keyed('k1', [insert(0, 'Quetzalcoatlus flies')])).toMatchObject({
    status: 410,
    body: { code: 'ANSWER_ERASED' },
  });
  expect(await rename()).toMatchObject({ errors: [{ extensions: { code: 'ANSWER_ERASED' } }] });
  expect((await other()).text).toBe(unrelated.text);
  expect((await api.get(path)).body).toMatchObject({ text: 'flies', version: 3 });
  const again = await api.graphql(
    `mutation { eraseDocumentHistory(id: "${id}") { document { version text } formerBranches { id } } }`,
  );
  expect(again).toMatchObject({
    errors: [],
    data: { eraseDocumentHistory: { document: { version: 4, text: 'flies' }, formerBranches: [] } },
  });
  await network.settle();
  expect(JSON.stringify((await api.get('/api/v1/audit/entries')).body)).toContain('document.document.erased.v1');
});

test('over GraphQL documents are listed, renamed and deleted', async () => {
  const { api } = await network.signUp();
  const made = await api.graphql('mutation { createDocument(input: { title: "Minutes" }) { id version cursor } }');
  expect(made).toMatchObject({ errors: [], data: { createDocument: { version: 0 } } });
  const { id } = (made.data as { createDocument: { id: string } }).createDocument;
  const read = await api.graphql(
    `query ($id: ID!) {
      documents(filter: { title: "minu" }) { id text }
      documentsConnection { edges { cursor node { id contentType } } pageInfo { endCursor hasNextPage } }
      document(id: $id) { title createdBy { id email } }
      missing: document(id: "nothing") { id }
    }`,
    { id },
  );
  expect(read).toMatchObject({
    errors: [],
    data: { documents: [{ id, text: '' }], document: { title: 'Minutes' }, missing: null },
  });
  expect(await api.graphql(`mutation { renameDocument(id: "${id}", title: "Protocol") { title } }`)).toMatchObject({
    data: { renameDocument: { title: 'Protocol' } },
  });
  expect(await api.graphql(`mutation { deleteDocument(id: "${id}") }`)).toMatchObject({
    data: { deleteDocument: true },
  });
});
