import { type RunningNetwork, sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, expect, test } from 'vitest';

let network: RunningNetwork;

beforeAll(async () => {
  network = await sharedNetwork();
});

const insert = (index: number, text: string) => ({ textInsert: { path: ['content'], at: { index }, text } });
const idOf = ({ body }: { readonly body: unknown }): string => (body as { readonly id: string }).id;

test('versions, branches and history over REST', async () => {
  const { api } = await network.signUp();
  const made = await api.post('/api/v1/documents', { title: 'Minutes' });
  const path = made.headers.get('location') ?? '';
  await api.post(`${path}/collaborate`, { operations: [insert(0, 'Hello')] });
  const kept = await api.post(`${path}/versions`, { name: 'First' });
  expect(kept).toMatchObject({ status: 201, body: { name: 'First', kind: 'named', sequence: 1, textLength: 5 } });
  const version = kept.headers.get('location') ?? '';
  expect(await api.get(version)).toMatchObject({ status: 200, body: { text: 'Hello', content: { content: 'Hello' } } });
  expect(await api.patch(version, { name: 'Start' })).toMatchObject({ status: 200, body: { name: 'Start' } });

  await api.post(`${path}/collaborate`, { operations: [insert(5, ' world')] });
  expect(await api.get(`${path}/versions/diff?from=${idOf(kept)}`)).toMatchObject({
    status: 200,
    body: { inserted: 6, deleted: 0, to: { versionId: null, sequence: 2 } },
  });
  const restored = await api.post(`${version}/restore`, {}, { 'if-match': '"v2"' });
  expect(restored).toMatchObject({ status: 200, body: { version: 3, keptVersionId: expect.any(String) } });
  expect(restored.headers.get('etag')).toBe('"v3"');
  expect((await api.post(`${version}/restore`, {}, { 'if-match': '"v2"' })).status).toBe(409);
  expect(await api.post(`${path}/undo`, { sequence: 3 })).toMatchObject({ status: 200, body: { version: 4 } });
  expect(await api.post(`${path}/undo`, { sequence: 3 })).toMatchObject({
    status: 409,
    body: { code: 'ALREADY_UNDONE', version: 4 },
  });
  expect(await api.get(`${path}/history?limit=1`)).toMatchObject({
    status: 200,
    body: { data: [{ fromSequence: 1, toSequence: 4, updates: 4, actor: { kind: 'user' } }] },
  });
  expect(await api.get(`${path}/attribution`)).toMatchObject({
    status: 200,
    body: { version: 4, isComplete: true, runs: [{ path: ['content'], text: 'Hello world' }] },
  });

  const branch = await api.post(`${path}/branches`, { title: 'Proposal' });
  expect(branch).toMatchObject({ status: 201, body: { title: 'Proposal', version: 1 } });
  const branchPath = branch.headers.get('location') ?? '';
  await api.post(`${branchPath}/collaborate`, { operations: [insert(11, '!')] });
  expect(await api.get(`${path}/branches`)).toMatchObject({ body: { data: [{ id: idOf(branch), mainSequence: 4 }] } });
  const preview = await api.get(`${branchPath}/merge-preview`);
  expect(preview).toMatchObject({ status: 200, body: { mainVersion: 4, conflicts: [] } });
  expect(await api.post(`${branchPath}/merge`, {}, { 'if-match': '"v4"' })).toMatchObject({
    status: 200,
    body: { version: 5 },
  });
  expect((await api.get(path)).body).toMatchObject({ text: 'Hello world!' });
  expect((await api.post(`${path}/merge`, {})).body).toMatchObject({ code: 'NOT_A_BRANCH' });
  expect((await api.get(`${path}/versions?kind=before_merge`)).body).toMatchObject({ data: [{ sequence: 4 }] });
  expect((await api.delete(version)).status).toBe(204);
  expect((await api.get(version)).status).toBe(404);
});

test('versions, branches and history over GraphQL', async () => {
  const { api } = await network.signUp();
  const ask = async (query: string, variables: object = {}): Promise<Record<string, unknown>> => {
    const { body } = await api.post('/graphql', { query, variables });
    const { data, errors } = body as { readonly data?: Record<string, unknown>; readonly errors?: unknown };
    expect(errors).toBeUndefined();
    return data ?? {};
  };
  const id = idOf(await api.post('/api/v1/documents', { title: 'Minutes' }));
  await api.post(`/api/v1/documents/${id}/collaborate`, { operations: [insert(0, 'Hello')] });
  const kept = await ask(
    `mutation ($id: ID!) {
      createDocumentVersion(documentId: $id, name: "First") { id kind sequence text actor { kind user { id email } } }
    }`,
    { id },
  );
  expect(kept).toMatchObject({
    createDocumentVersion: {
      kind: 'named',
      sequence: 1,
      text: 'Hello',
      actor: { kind: 'user', user: { email: expect.stringContaining('@') } },
    },
  });
  const { id: versionId } = kept['createDocumentVersion'] as { readonly id: string };
  await api.post(`/api/v1/documents/${id}/collaborate`, { operations: [insert(0, 'Oh! ')] });
  expect(
    await ask(
      `query ($id: ID!, $from: String!) {
        documentDiff(id: $id, from: $from) { inserted deleted roots { root parts { kind text } blocks { kind } patch { op } } }
        document(id: $id) {
          versions { name } versionsConnection(first: 1) { edges { node { id } } pageInfo { hasNextPage } }
          history { fromSequence toSequence origins actor { kind } } branches { id } branchOf { id }
          attribution { isComplete runs { path text fromSequence actor { kind } } }
        }
        absent: documentVersion(id: "0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234") { id }
      }`,
      { id, from: versionId },
    ),
  ).toMatchObject({
    documentDiff: { inserted: 4, deleted: 0, roots: [{ root: 'content', blocks: null, patch: null }] },
    document: {
      versions: [{ name: 'First' }],
      versionsConnection: { edges: [{ node: { id: versionId } }], pageInfo: { hasNextPage: false } },
      history: [{ fromSequence: 1, toSequence: 2, origins: ['rest'], actor: { kind: 'user' } }],
      branches: [],
      branchOf: null,
      attribution: { isComplete: true, runs: [{ path: ['content'], text: 'Oh! Hello' }] },
    },
    absent: null,
  });
  expect(
    await ask(
      `mutation ($id: ID!, $versionId: ID!) {
        undoDocumentUpdate(id: $id, sequence: 2) { version text }
        restoreDocumentVersion(documentId: $id, versionId: $versionId) { version text }
        createDocumentBranch(documentId: $id, title: "Proposal") { id branchOf { main { id } mainSequence } }
      }`,
      { id, versionId },
    ),
  ).toMatchObject({
    undoDocumentUpdate: { version: 3, text: 'Hello' },
    restoreDocumentVersion: { version: 3, text: 'Hello' },
    createDocumentBranch: { branchOf: { main: { id }, mainSequence: 3 } },
  });
  const { document } = await ask('query ($id: ID!) { document(id: $id) { branches { id document { title } } } }', {
    id,
  });
  const { branches } = document as { readonly branches: readonly { readonly id: string }[] };
  expect(branches).toMatchObject([{ document: { title: 'Proposal' } }]);
  const branchId = branches[0]?.id;
  expect(
    await ask('query ($id: ID!) { documentMergePreview(branchId: $id) { result { inserted } conflicts { path } } }', {
      id: branchId,
    }),
  ).toEqual({ documentMergePreview: { result: { inserted: 0 }, conflicts: [] } });
  expect(await ask('mutation ($id: ID!) { mergeDocument(branchId: $id) { id version } }', { id: branchId })).toEqual({
    mergeDocument: { id, version: 3 },
  });
});
