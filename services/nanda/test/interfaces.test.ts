import { type RunningNetwork, sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, expect, test } from 'vitest';
import { card } from './specs.ts';

let network: RunningNetwork;

beforeAll(async () => {
  network = await sharedNetwork();
});

test('an agent lives its whole life over REST', async () => {
  const { api, tenantId, userId } = await network.signUp();
  const made = await api.post('/api/v1/agents', { name: 'Estimator', version: '1.0.0', spec: card() });
  expect(made).toMatchObject({
    status: 201,
    body: { name: 'Estimator', status: 'inactive', tenantId, createdBy: userId },
  });
  const path = made.headers.get('location') ?? '';
  expect(made.headers.get('etag')).toBe('"v1"');

  const read = await api.get(path);
  expect(read).toMatchObject({ status: 200, body: { spec: card(), lastCheck: null } });
  expect((await api.get(path, { 'if-none-match': '"v1"' })).status).toBe(304);

  const changed = await api.patch(path, { description: 'Paints.' }, { 'if-match': '"v1"' });
  expect(changed).toMatchObject({ status: 200, body: { description: 'Paints.', revision: 2 } });
  expect((await api.patch(path, { name: 'Late' }, { 'if-match': '"v1"' })).status).toBe(412);
  expect((await api.patch(path, { spec: { hello: 1 } })).body).toMatchObject({
    code: 'AGENT_SPEC_INVALID',
    errors: [{ pointer: '/spec' }],
  });

  const active = await api.post(`${path}/status`, { status: 'active', reason: 'ready' });
  expect(active).toMatchObject({ status: 200, body: { status: 'active' } });
  expect(await api.post(`${path}/status`, { status: 'draft' })).toMatchObject({
    status: 409,
    body: { code: 'AGENT_STATUS_MOVE', status: 409 },
  });

  const list = await api.get(`/api/v1/agents?tenant_id=${tenantId}&status=active&limit=1`);
  expect(list).toMatchObject({
    status: 200,
    body: { data: [{ name: 'Estimator' }], pagination: { limit: 1, nextCursor: null } },
  });
  expect((await api.get(`${path}/versions`)).body).toMatchObject({ data: [{ version: '1.0.0' }] });
  expect((await api.get(`${path}/versions/1.0.0`)).body).toMatchObject({ spec: card() });
  expect((await api.get('/api/v1/agents?tenant_id=00000000-0000-4000-8000-000000000000')).status).toBe(404);
  // Last, since the check runs at once and may change the status.
  expect((await api.post(`${path}/check`)).status).toBe(202);

  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get(path)).status).toBe(404);
});

test('over GraphQL an agent is joined with the person who registered it', async () => {
  const { api, userId, tenantId } = await network.signUp();
  const input = { name: 'Estimator', version: '1.0.0', spec: card() };
  const created = await api.graphql(
    'mutation ($input: CreateAgentInput!) { createAgent(input: $input) { id status createdBy { id } } }',
    { input },
  );
  expect(created).toMatchObject({
    errors: [],
    data: { createAgent: { status: 'inactive', createdBy: { id: userId } } },
  });
  const { id } = (created.data as { createAgent: { id: string } }).createAgent;
  const update = `mutation ($id: ID!, $input: UpdateAgentInput!) { updateAgent(id: $id, input: $input) { status revision } }`;
  expect(await api.graphql(update, { id, input: { status: 'active' } })).toMatchObject({
    errors: [],
    data: { updateAgent: { status: 'active', revision: 2 } },
  });
  expect(await api.graphql(update, { id, input: { status: 'draft' } })).toMatchObject({
    errors: [{ extensions: { code: 'AGENT_STATUS_MOVE' } }],
  });
  const read = await api.graphql(
    `query ($id: ID!) {
      agents(filter: { status: [active], skill: "paint" }) { id spec createdBy { id email } }
      agentsConnection(first: 1) { edges { node { id tenantId summary { skills { id } } } } pageInfo { hasNextPage } }
      agent(id: $id) { versions { edges { node { version specKind } } } lastCheck { outcome } }
      missing: agent(id: "nothing") { id }
    }`,
    { id },
  );
  expect(read.errors).toEqual([]);
  expect(read.data).toMatchObject({
    agents: [{ id, spec: card(), createdBy: { id: userId, email: expect.stringContaining('@') } }],
    agentsConnection: {
      edges: [{ node: { id, tenantId, summary: { skills: [{ id: 'estimate' }] } } }],
      pageInfo: { hasNextPage: false },
    },
    agent: { versions: { edges: [{ node: { version: '1.0.0', specKind: 'a2a_card' } }] }, lastCheck: null },
    missing: null,
  });
  expect(await api.graphql(`mutation { deleteAgent(id: "${id}") }`)).toMatchObject({ data: { deleteAgent: true } });
});
