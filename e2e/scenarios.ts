import type { ApiClient } from '@candlefish/testkit/api-client';
import { agentCard } from './support/agent-card.ts';
import { bearer, subscribe, TRANSPORTS, type Transport } from './support/followers.ts';
import type { Recorder } from './support/recording.ts';
import { eventually } from './support/wait.ts';
import { TEXT_ROOT } from './support/writers.ts';

/** A platform as its clients see it, however its services are spread over processes. */
export interface Place {
  readonly api: ApiClient;
  /** Where `/graphql` is served, without a slash at the end. */
  readonly graphqlUrl: string;
}

/** One way of using the platform. What it records must be the same wherever services run. */
export interface Scenario {
  readonly name: string;
  run(place: Place, record: Recorder): Promise<void>;
}

/** Revocations, events and wake-ups have crossed to other processes by then. */
const CROSSED_MAX_MS = 5_000;
/** A revoked credential is refused everywhere by then. */
const REVOKED_MAX_MS = 1_000;
const PASSWORD = 'correct horse battery staple';

interface Person {
  readonly api: ApiClient;
  readonly token: string;
  readonly refreshToken: string;
  readonly tenantId: string;
  readonly userId: string;
}

/** Signs up a tenant; the address is the same in every place, since each has a database of its own. */
async function signUp({ api }: Place, record: Recorder, name: string): Promise<Person> {
  const client = record.recorded(api);
  const { body } = await client.post('/api/v1/auth/signup', {
    email: `${name}@example.test`,
    password: PASSWORD,
    tenantName: name,
  });
  return personOf(client, body);
}

function personOf(api: ApiClient, body: unknown): Person {
  if (typeof body !== 'object' || body === null || !('token' in body)) {
    throw new Error(`signing in answered ${JSON.stringify(body)}`);
  }
  const { token, refreshToken, user } = body as {
    token: string;
    refreshToken: string;
    user: { id: string; tenantId: string };
  };
  return { api: api.as(token), token, refreshToken, tenantId: user.tenantId, userId: user.id };
}

const idOf = (answer: { readonly body: unknown }): string => (answer.body as { id: string }).id;
const newAgent = { name: agentCard.name, version: agentCard.version, spec: agentCard };

const signingIn: Scenario = {
  name: 'signing in, members and roles',
  async run(place, record) {
    const owner = await signUp(place, record, 'signing-in');
    const anyone = record.recorded(place.api);
    await anyone.post('/api/v1/auth/login', { email: 'signing-in@example.test', password: 'not this one' });
    const login = { email: 'signing-in@example.test', password: PASSWORD };
    const again = personOf(anyone, (await anyone.post('/api/v1/auth/login', login)).body);
    await again.api.get('/api/v1/auth/me');
    await again.api.graphql(
      '{ me { id email role tenant { id name slug plan } } memberships { tenantName role isCurrent } }',
    );
    await anyone.post('/api/v1/auth/refresh', { refreshToken: again.refreshToken });
    await owner.api.post('/api/v1/roles', { name: 'reader', permissions: ['agent:read', 'document:read'] });
    const member = { email: 'member@signing-in.test', password: PASSWORD };
    const memberId = idOf(await owner.api.post('/api/v1/users', { ...member, role: 'reader' }));
    const reader = personOf(anyone, (await anyone.post('/api/v1/auth/login', member)).body);
    await reader.api.get('/api/v1/agents');
    await reader.api.post('/api/v1/agents', newAgent);
    await owner.api.graphql('{ users { email role } roles { name isBuiltIn permissions } }');
    await owner.api.patch(`/api/v1/users/${memberId}`, { role: 'manager' });
    const promoted = personOf(anyone, (await anyone.post('/api/v1/auth/login', member)).body);
    await promoted.api.post('/api/v1/agents', newAgent);
    await owner.api.graphql('mutation { logout }');
    await refusedSoon(place.api.as(owner.token), record);
  },
};

/** A credential that has ended is refused by each service, wherever it runs. */
async function refusedSoon(api: ApiClient, record: Recorder): Promise<void> {
  for (const path of ['/api/v1/auth/me', '/api/v1/agents', '/api/v1/documents', '/api/v1/audit/entries']) {
    await eventually(`${path} refuses an ended credential`, REVOKED_MAX_MS, async () =>
      (await api.get(path)).status === 401 ? true : null,
    );
    await record.recorded(api).get(path);
  }
  await record.recorded(api).graphql('{ agents { id } }');
}

const cookies: Scenario = {
  name: 'refreshing by cookie through GraphQL',
  async run({ api }, record) {
    await api.post('/api/v1/auth/signup', { email: 'cookies@example.test', password: PASSWORD, tenantName: 'cookies' });
    const query = 'mutation($input: LoginInput!) { login(input: $input) { expiresIn user { email tenant { name } } } }';
    const variables = { input: { email: 'cookies@example.test', password: PASSWORD } };
    const client = record.recorded(api);
    const login = await client.post('/graphql', { query, variables }, { accept: 'application/json' });
    const cookie = (login.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    const refresh = { query: 'mutation { refreshToken { token expiresIn user { email } } }' };
    await client.post('/graphql', refresh, { accept: 'application/json', cookie });
    await client.post('/graphql', refresh, { accept: 'application/json', cookie, 'x-candlefish-csrf': '1' });
  },
};

const agents: Scenario = {
  name: 'agents',
  async run(place, record) {
    const { api } = await signUp(place, record, 'agents');
    const id = idOf(await api.post('/api/v1/agents', newAgent));
    await api.post('/api/v1/agents', { ...newAgent, spec: { ...agentCard, skills: [] } });
    await api.get(`/api/v1/agents/${id}`);
    await api.get(`/api/v1/agents/${id}`, { 'if-none-match': '"v1"' });
    await api.patch(`/api/v1/agents/${id}`, { description: 'Changed.' }, { 'if-match': '"v7"' });
    await api.patch(`/api/v1/agents/${id}`, { description: 'Changed.' }, { 'if-match': '"v1"' });
    await api.post(`/api/v1/agents/${id}/status`, { status: 'active' });
    await api.post(`/api/v1/agents/${id}/status`, { status: 'draft' });
    await api.graphql('mutation($input: CreateAgentInput!) { createAgent(input: $input) { name status revision } }', {
      input: newAgent,
    });
    await api.get('/api/v1/agents?limit=1&status=active');
    await api.get('/api/v1/agents?search=colour&limit=bad');
    const selection = 'id name status summary { skills { id } } createdBy { email role tenant { name } }';
    await api.graphql(
      `{ agents { ${selection} } agentsConnection(first: 1) { edges { node { id } } pageInfo { hasNextPage } } }`,
    );
    await api.graphql(
      'query($id: ID!) { agent(id: $id) { versions { edges { node { version specKind } } } nonsense } }',
      { id },
    );
    await api.get('/api/v1/agents/0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234');
    await api.delete(`/api/v1/agents/${id}`);
    await api.get(`/api/v1/agents/${id}`);
  },
};

const documents: Scenario = {
  name: 'documents',
  async run(place, record) {
    const { api } = await signUp(place, record, 'documents');
    const once = { 'idempotency-key': 'the-first-document' };
    const id = idOf(await api.post('/api/v1/documents', { title: 'Minutes' }, once));
    await api.post('/api/v1/documents', { title: 'Minutes' }, once);
    await api.post('/api/v1/documents', { title: 'Others' }, once);
    const insert = (index: number, text: string) => ({ textInsert: { path: [TEXT_ROOT], at: { index }, text } });
    await api.post(`/api/v1/documents/${id}/collaborate`, { operations: [insert(0, 'Hello'), insert(5, ' world')] });
    await api.post(`/api/v1/documents/${id}/collaborate`, { operations: [insert(99, 'x')] });
    await api.post(`/api/v1/documents/${id}/collaborate`, { operations: [insert(0, 'x')] }, { 'if-match': '"v9"' });
    const edit =
      'mutation($id: ID!, $operations: [CRDTOperation!]!) { updateDocument(id: $id, operations: $operations) { version text } }';
    await api.graphql(edit, { id, operations: [insert(11, '!')] });
    await api.graphql(edit, { id, operations: [{ ...insert(0, 'x'), mapDelete: { path: ['x'], key: 'y' } }] });
    await api.get(`/api/v1/documents/${id}`);
    await api.get(`/api/v1/documents/${id}/state`);
    await api.get(`/api/v1/documents/${id}/updates`);
    await api.graphql('{ documents { title version content createdBy { email } } }');
    await api.patch(`/api/v1/documents/${id}`, { title: 'Minutes of June' });
    await api.get('/api/v1/documents');
    await api.delete(`/api/v1/documents/${id}`);
    await api.graphql('query($id: ID!) { document(id: $id) { id } }', { id });
  },
};

const keys: Scenario = {
  name: 'API keys',
  async run(place, record) {
    const { api } = await signUp(place, record, 'keys');
    await api.post('/api/v1/agents', newAgent);
    const made = await api.post('/api/v1/api-keys', { name: 'Reader', scopes: ['agent:read'] });
    const { id, key } = made.body as { id: string; key: string };
    const reader = record.recorded(place.api).withKey(key);
    await reader.get('/api/v1/agents');
    await reader.get('/api/v1/documents');
    await reader.post('/api/v1/agents', newAgent);
    await reader.graphql('{ agents { name createdBy { email } } documents { id } }');
    await api.delete(`/api/v1/api-keys/${id}`);
    await refusedSoon(place.api.withKey(key), record);
  },
};

const following: Scenario = {
  name: 'subscriptions',
  async run(place, record) {
    const { api, token, tenantId } = await signUp(place, record, 'following');
    const document = await api.post('/api/v1/documents', { title: 'Followed' });
    const { id, cursor } = document.body as { id: string; cursor: string };
    const query = `subscription($id: ID!, $after: Cursor) {
      documentUpdated(id: $id, after: $after) { type fromVersion version origin update actor { kind user { email } } cursor }
    }`;
    const edit = (text: string) =>
      api.post(`/api/v1/documents/${id}/collaborate`, {
        operations: [{ textInsert: { path: [TEXT_ROOT], at: { index: 0 }, text } }],
      });
    for (const transport of TRANSPORTS) {
      const subscription = { query, variables: { id, after: cursor } };
      await edit('a');
      // Each edit waits for word of the one before it: what is written meanwhile would come as one.
      const editNext = (told: number) => (told < 3 ? edit('b') : Promise.resolve());
      record.keep(`${transport} documentUpdated`, await take(place, token, transport, subscription, 3, editNext));
    }
    const absent = { query, variables: { id: tenantId, after: null } };
    for (const transport of TRANSPORTS) {
      record.keep(`${transport} documentUpdated of nothing`, await take(place, token, transport, absent, 1));
    }
    await followAgent(place, record, { api, token, tenantId });
  },
};

async function followAgent(
  place: Place,
  record: Recorder,
  { api, token, tenantId }: Omit<Person, 'refreshToken' | 'userId'>,
) {
  const agent = idOf(await api.post('/api/v1/agents', newAgent));
  const query = `subscription($tenantId: ID!, $after: Cursor) {
    agentStatusChanged(tenantId: $tenantId, after: $after) { previousStatus status reason agent { name createdBy { email } } cursor }
  }`;
  // The log goes back to its start: a subscription after it shows every change.
  for (const status of ['active', 'suspended'])
    await api.post(`/api/v1/agents/${agent}/status`, { status, reason: 'Because.' });
  const after = Buffer.from('[0]').toString('base64url');
  for (const transport of TRANSPORTS) {
    const items = await take(place, token, transport, { query, variables: { tenantId, after } }, 2);
    record.keep(`${transport} agentStatusChanged`, items);
  }
}

/** The first results of a subscription, or fewer when it ends before; `then` is called after each. @throws Error when they do not come. */
async function take(
  place: Place,
  token: string,
  transport: Transport,
  subscription: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
  count: number,
  then: (results: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly unknown[]> {
  const stream = subscribe(place.graphqlUrl, bearer(token), transport, subscription);
  const late = setTimeout(() => stream.leave(), CROSSED_MAX_MS);
  const results: unknown[] = [];
  try {
    for await (const result of stream) {
      results.push(result);
      await then(results.length);
      if (results.length === count) break;
    }
  } catch (error) {
    results.push(Array.isArray(error) ? { errors: error } : String(error));
  } finally {
    clearTimeout(late);
    stream.leave();
  }
  return results;
}

const audit: Scenario = {
  name: 'the audit log',
  async run(place, record) {
    const owner = await signUp(place, record, 'audit');
    const id = idOf(await owner.api.post('/api/v1/agents', newAgent));
    await owner.api.post('/api/v1/documents', { title: 'Audited' });
    await owner.api.delete(`/api/v1/agents/${id}`);
    await eventually('the log holds the last event', CROSSED_MAX_MS, async () => {
      const { text } = await place.api.as(owner.token).get('/api/v1/audit/entries');
      return text.includes('nanda.agent.deleted') ? true : null;
    });
    await owner.api.get('/api/v1/audit/entries');
    await owner.api.graphql('{ auditEntriesConnection { edges { node { seq event actorKind user { email } } } } }');
  },
};

const refusals: Scenario = {
  name: 'refusals',
  async run(place, record) {
    const { api } = await signUp(place, record, 'refusals');
    const anyone = record.recorded(place.api);
    const rest = { 'content-type': 'application/json' };
    await anyone.get('/api/v1/agents');
    await anyone.as('not.a.token').get('/api/v1/documents');
    await anyone.withKey('cf_live_nonsense').get('/api/v1/audit/entries');
    await api.post('/api/v1/agents', '{"name": ', rest);
    await api.post('/api/v1/documents', { title: 7, owner: 'me' });
    await api.post('/api/v1/documents', { title: 'Typed' }, { 'content-type': 'text/plain' });
    await api.get('/api/v1/agents/not-an-id');
    await api.get('/api/v1/documents?limit=0');
    await api.get('/api/v1/agents/nothing/here/at/all');
    await api.graphql('{ agents { ');
    await api.graphql('{ nothing }');
    await api.graphql('query($id: ID!) { agent(id: $id) { id } }', {});
    await anyone.graphql('{ agents { id } documents { id } users { id } auditEntriesConnection { edges { cursor } } }');
    await anyone.graphql('mutation { createDocument(input: { title: "x" }) { id } deleteAgent(id: "x") }');
    await anyone.graphql('{ health { status version services { name status } } }');
  },
};

/** Every scenario. Each signs up a tenant of its own, so they can run in any order and at once. */
export const scenarios: readonly Scenario[] = [signingIn, cookies, agents, documents, keys, following, audit, refusals];
