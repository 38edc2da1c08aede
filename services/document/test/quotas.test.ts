import { type SignedUp, type TestNetwork, testNetwork } from '@candlefish/testkit/network';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Four documents, and one MiB of them. */
const environment = { DOCUMENT_QUOTAS: 'pro:1000:64, *:4:1' };
const HALF_MIB = 'y'.repeat(600_000);

let network: TestNetwork;

beforeAll(async () => {
  network = await testNetwork({ environment });
});
afterAll(() => network.close());

const create = ({ api }: SignedUp) => api.post('/api/v1/documents', { title: 'Minutes' });
const pathOf = (answer: { readonly headers: Headers }) => answer.headers.get('location') ?? '';
const write = ({ api }: SignedUp, path: string, text: string) =>
  api.post(`${path}/collaborate`, { operations: [{ textInsert: { path: ['content'], at: { index: 0 }, text } }] });
const usage = async ({ api }: SignedUp) => (await api.get('/api/v1/document-usage')).body;

test('a tenant has as many documents as its plan allows, however many are made at once', async () => {
  const owner = await network.signUp();
  const answers = await Promise.all(Array.from({ length: 9 }, () => create(owner)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
  expect(answers.find(({ status }) => status !== 201)).toMatchObject({
    status: 403,
    body: { code: 'QUOTA_EXCEEDED', quota: 'documents', limit: 4 },
  });
  const body = { title: 'Plan', format: 'markdown', content: '# Plan' };
  expect((await owner.api.post('/api/v1/documents/import', body)).body).toMatchObject({ code: 'QUOTA_EXCEEDED' });
  const [made] = answers.filter(({ status }) => status === 201);
  const path = made === undefined ? '' : pathOf(made);
  const branched = await owner.api.post(`${path}/branches`, { title: 'Branch' });
  expect(branched.body).toMatchObject({ code: 'QUOTA_EXCEEDED' });
  expect((await owner.api.get(path)).status).toBe(200);
  expect((await owner.api.delete(path)).status).toBe(204);
  expect((await create(owner)).status).toBe(201);
  expect((await create(await network.signUp())).status).toBe(201);
});

test('a refused creation is done when there is room, under the same key', async () => {
  const owner = await network.signUp();
  const made = [await create(owner), await create(owner), await create(owner), await create(owner)];
  const again = () => owner.api.post('/api/v1/documents', { title: 'Fifth' }, { 'idempotency-key': 'fifth' });
  expect((await again()).status).toBe(403);
  await owner.api.delete(pathOf(made[0] as (typeof made)[0]));
  expect((await again()).status).toBe(201);
});

test('beyond its bytes a tenant reads and deletes, and writes again when there is room', async () => {
  const owner = await network.signUp();
  const path = pathOf(await create(owner));
  expect((await write(owner, path, HALF_MIB)).status).toBe(200);
  expect(await usage(owner)).toMatchObject({ documents: 1, documentsMax: 4, bytesMax: 1024 * 1024 });
  const refused = await write(owner, path, HALF_MIB);
  expect(refused).toMatchObject({ status: 403, body: { code: 'QUOTA_EXCEEDED', quota: 'bytes' } });
  expect(await owner.api.get(path)).toMatchObject({ status: 200, body: { version: 1 } });
  const cut = { textDelete: { path: ['content'], at: { index: 0 }, length: HALF_MIB.length } };
  expect((await owner.api.post(`${path}/collaborate`, { operations: [cut] })).status).toBe(200);
  // What was deleted stands in the log until its history is erased.
  expect((await write(owner, path, HALF_MIB)).status).toBe(403);
  expect((await owner.api.post(`${path}/erase-history`, {})).status).toBe(200);
  expect((await usage(owner)) as { bytes: number }).toMatchObject({ bytes: expect.any(Number) });
  expect(((await usage(owner)) as { bytes: number }).bytes).toBeLessThan(1_000);
  expect((await write(owner, path, HALF_MIB)).status).toBe(200);
});

test('what a tenant keeps is the sum of logs, snapshots and kept states, and follows its plan', async () => {
  const owner = await network.signUp();
  const path = pathOf(await create(owner));
  await write(owner, path, 'some words');
  await owner.api.post(`${path}/versions`, { name: 'First' });
  const { body } = await owner.api.get(`${path}/updates`);
  const logBytes = (body as { data: { update: string }[] }).data
    .map(({ update }) => Buffer.from(update, 'base64').length)
    .reduce((sum, bytes) => sum + bytes, 0);
  const { bytes } = (await usage(owner)) as { bytes: number };
  expect(bytes).toBeGreaterThan(logBytes);
  expect(bytes).toBeLessThan(logBytes + 500);
  const asked = await owner.api.graphql('{ documentUsage { documents documentsMax bytes bytesMax } }');
  expect(asked).toMatchObject({ errors: [], data: { documentUsage: { documents: 1, documentsMax: 4, bytes } } });
  const database = new pg.Client({ connectionString: network.database.superuserUrl });
  await database.connect();
  await database.query("update auth.tenants set plan = 'pro' where id = $1", [owner.tenantId]);
  await database.end();
  expect(await usage(owner)).toMatchObject({ documentsMax: 1_000, bytesMax: 64 * 1024 * 1024 });
});

test('only owners and admins see what the tenant keeps', async () => {
  const owner = await network.signUp();
  const { body } = await owner.api.post('/api/v1/api-keys', { name: 'reader', scopes: ['document:read'] });
  const reader = network.api.withKey((body as { key: string }).key);
  expect((await reader.get('/api/v1/document-usage')).status).toBe(403);
  expect((await network.api.get('/api/v1/document-usage')).status).toBe(401);
});
