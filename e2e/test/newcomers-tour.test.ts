import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '@candlefish/testkit/api-client';
import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, describe, expect, it } from 'vitest';
import { agentCard } from '../support/agent-card.ts';
import { cutAtRandom, cuttingProxy } from '../support/cutting-proxy.ts';
import { bearer, firstWord, follow, subscribe, TRANSPORTS } from '../support/followers.ts';
import { eventually } from '../support/wait.ts';
import { readState, textOf, type Writer, writer } from '../support/writers.ts';

interface DocumentUpdate {
  readonly type: 'UPDATE' | 'RESET';
  readonly fromVersion: number;
  readonly version: number;
  readonly update: string;
  readonly cursor: string;
}
interface StatusUpdate {
  readonly agentId: string;
  readonly status: string;
  readonly cursor: string;
}

const DOCUMENT_UPDATED = `subscription Follow($id: ID!, $after: Cursor) {
  documentUpdated(id: $id, after: $after) { type fromVersion version update cursor }
}`;
const STATUS_CHANGED = `subscription Follow($tenantId: ID!, $after: Cursor) {
  agentStatusChanged(tenantId: $tenantId, after: $after) { agentId status cursor }
}`;

/** Longest time between two cuts: several fall into one stream of edits. */
const CUT_EVERY_MS_MAX = 60;
const EDITS = 60;
const STATUS_CHANGES = 24;

let network: RunningNetwork;
let ada: SignedUp;

beforeAll(async () => {
  network = await sharedNetwork();
  ada = await network.signUp('Ada & Sons Painting');
});

const idOf = (body: unknown): string => (body as { id: string }).id;

async function newDocument(api: ApiClient, title: string): Promise<string> {
  const answer = await api.post('/api/v1/documents', { title, contentType: 'text/plain' });
  expect(answer.status, answer.text).toBe(201);
  return idOf(answer.body);
}

async function newAgent(api: ApiClient): Promise<string> {
  const body = { name: agentCard.name, version: agentCard.version, spec: agentCard };
  const answer = await api.post('/api/v1/agents', body);
  expect(answer.status, answer.text).toBe(201);
  return idOf(answer.body);
}

describe('signing up', () => {
  it('makes a tenant with its owner, who can sign in again', async () => {
    const again = await network.api.post('/api/v1/auth/login', { email: ada.email, password: ada.password });
    expect(again.status).toBe(200);
    const { token } = again.body as { token: string };
    const { data, errors } = await network.api.as(token).graphql('{ me { id email role tenantId tenant { name } } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({
      me: {
        id: ada.userId,
        email: ada.email,
        role: 'owner',
        tenantId: ada.tenantId,
        tenant: { name: 'Ada & Sons Painting' },
      },
    });
  });
});

describe('the agent of an A2A 1.0 card', () => {
  it('is registered as it came and read back in one form', async () => {
    const id = await newAgent(ada.api);
    const query = `query($id: ID!) { agent(id: $id) {
      spec specKind status summary { provider { name } skills { id } endpoints { protocol } } createdBy { email }
    } }`;
    const { data, errors } = await ada.api.graphql(query, { id });
    expect(errors).toEqual([]);
    expect(data).toEqual({
      agent: {
        spec: agentCard,
        specKind: 'a2a_card',
        status: 'inactive',
        summary: {
          provider: { name: 'Example Paints' },
          skills: [{ id: 'match-colour' }, { id: 'find-shop' }],
          endpoints: [{ protocol: 'JSONRPC' }, { protocol: 'HTTP+JSON' }, { protocol: 'GRPC' }],
        },
        createdBy: { email: ada.email },
      },
    });
  });

  it('is refused with the places of its faults', async () => {
    const spec = { ...agentCard, supportedInterfaces: [{ ...agentCard.supportedInterfaces[0], url: 'nowhere' }] };
    const answer = await ada.api.post('/api/v1/agents', { name: 'Bad', version: '1', spec });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('/spec/supportedInterfaces/0/url');
  });
});

describe('two writers at once', () => {
  it('end with the same text, whether they write through REST or GraphQL', async () => {
    const id = await newDocument(ada.api, 'Minutes');
    const writers: readonly Writer[] = [writer(ada.api, id, 'REST'), writer(ada.api, id, 'GraphQL')];
    const versions = await Promise.all(
      writers.map(async (one, who) => {
        const made: number[] = [];
        for (let edit = 0; edit < 25; edit++) {
          made.push(await one.edit((text) => text.insert(randomInt(text.length + 1), `${'AB'[who]}${edit} `)));
          if (edit % 5 === 4) await one.catchUp();
        }
        return made;
      }),
    );
    // An answer tells a version at or after its own edit, and never goes back.
    for (const made of versions) expect(made).toEqual(made.toSorted((a, b) => a - b));
    for (const one of writers) await one.catchUp();
    const [first, second] = writers.map(({ text }) => text.toString());
    expect(first).toBe(second);
    for (const who of ['A', 'B']) expect(first?.split(who)).toHaveLength(26);
    expect(textOf([(await readState(ada.api, id)).update])).toBe(first);
    const shown = await ada.api.get(`/api/v1/documents/${id}`);
    expect(shown.body).toMatchObject({ text: first, version: 50 });
    const log = await ada.api.get(`/api/v1/documents/${id}/updates`);
    const { data } = log.body as { data: readonly { version: number; origin: string; update: string }[] };
    expect(data.map(({ version }) => version)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(data.filter(({ origin }) => origin === 'graphql')).toHaveLength(25);
    expect(textOf(data.map(({ update }) => update))).toBe(first);
  });
});

describe.each(TRANSPORTS)('a follower over %s that is cut off again and again', (transport) => {
  it('misses no update of a document and sees none twice', async () => {
    await using proxy = await cuttingProxy(network.url);
    const id = await newDocument(ada.api, `Followed over ${transport}`);
    const { cursor } = (await ada.api.get(`/api/v1/documents/${id}`)).body as { cursor: string };
    const follower = follow<DocumentUpdate>(
      { url: proxy.url, credential: bearer(ada.token), transport },
      'documentUpdated',
      {
        query: DOCUMENT_UPDATED,
        variables: { id, after: cursor },
      },
    );
    const stopCutting = cutAtRandom(proxy, CUT_EVERY_MS_MAX);
    const one = writer(ada.api, id, 'REST');
    for (let edit = 0; edit < EDITS; edit++)
      await one.edit((text) => text.insert(randomInt(text.length + 1), `${edit},`));
    const cuts = await stopCutting();
    await eventually('all edits are told', 20_000, async () => follower.items.at(-1)?.version === EDITS || null);
    await follower.leave();
    expect(cuts).toBeGreaterThan(2);
    expect(follower.breaks).toBeGreaterThan(2);
    const isNext = ({ type, fromVersion }: DocumentUpdate, index: number) =>
      type === 'UPDATE' && fromVersion === (follower.items[index - 1]?.version ?? 0) + 1;
    expect(follower.items.filter((item, index) => !isNext(item, index))).toEqual([]);
    expect(textOf(follower.items.map(({ update }) => update))).toBe(one.text.toString());
  });

  it("misses no change of an agent's status and sees none twice", async () => {
    await using proxy = await cuttingProxy(network.url);
    const lea = await network.signUp('Lea Lacquers');
    const agents = [await newAgent(lea.api), await newAgent(lea.api)] as const;
    const made: string[] = [];
    const move = async (agent: string, status: string): Promise<void> => {
      const answer = await lea.api.post(`/api/v1/agents/${agent}/status`, { status });
      expect(answer.status, answer.text).toBe(200);
      made.push(`${agent} ${status}`);
    };
    const follower = follow<StatusUpdate>(
      { url: proxy.url, credential: bearer(lea.token), transport },
      'agentStatusChanged',
      {
        query: STATUS_CHANGED,
        variables: { tenantId: lea.tenantId },
      },
    );
    // Without a cursor a subscription begins now; it has begun when it shows the first change.
    let turn = 0;
    const next = (): Promise<void> =>
      move(agents[turn % 2] ?? agents[0], Math.floor(turn++ / 2) % 2 === 0 ? 'active' : 'suspended');
    await eventually('the first change is shown', 10_000, async () => {
      await next();
      return follower.items.length > 0 ? true : null;
    });
    const stopCutting = cutAtRandom(proxy, CUT_EVERY_MS_MAX);
    for (let change = 0; change < STATUS_CHANGES; change++) {
      await next();
      await pause(randomInt(20));
    }
    const cuts = await stopCutting();
    const [first] = follower.items;
    const expected = made.slice(made.indexOf(`${first?.agentId} ${first?.status}`));
    await follower.reached(expected.length);
    await follower.leave();
    expect(cuts).toBeGreaterThan(2);
    expect(follower.items.map(({ agentId, status }) => `${agentId} ${status}`)).toEqual(expected);
  });
});

describe('an API key', () => {
  it('does what its scopes say and nothing else, until it is revoked', async () => {
    await newAgent(ada.api);
    const made = await ada.api.post('/api/v1/api-keys', { name: 'Reader', scopes: ['agent:read'] });
    expect(made.status, made.text).toBe(201);
    const { id, key } = made.body as { id: string; key: string };
    const reader = network.api.withKey(key);
    const list = await reader.get('/api/v1/agents');
    expect(list.status, list.text).toBe(200);
    expect((list.body as { data: readonly unknown[] }).data.length).toBeGreaterThan(0);
    const { data } = await reader.graphql('{ agents { name } }');
    expect((data as { agents: readonly unknown[] }).agents.length).toBeGreaterThan(0);

    const body = { name: 'Another', version: '1.0.0', spec: agentCard };
    expect(await reader.post('/api/v1/agents', body)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await reader.get('/api/v1/documents')).toMatchObject({ status: 403 });
    const viaGraphql = await reader.graphql(
      'mutation($input: CreateAgentInput!) { createAgent(input: $input) { id } }',
      { input: body },
    );
    expect(viaGraphql.errors[0]?.extensions['code']).toBe('FORBIDDEN');

    expect(await ada.api.delete(`/api/v1/api-keys/${id}`)).toMatchObject({ status: 204 });
    await eventually('the revoked key is refused', 1_000, async () =>
      (await reader.get('/api/v1/agents')).status === 401 ? true : null,
    );
  });
});

describe('a second tenant', () => {
  it('sees nothing of the first one by any way', async () => {
    const bea = await network.signUp('Bea Brushes');
    const agent = await newAgent(ada.api);
    const document = await newDocument(ada.api, 'Secret minutes');
    await writer(ada.api, document, 'REST').edit((text) => text.insert(0, 'nobody else'));

    for (const path of [
      `/api/v1/agents/${agent}`,
      `/api/v1/documents/${document}`,
      `/api/v1/documents/${document}/state`,
    ]) {
      expect(await bea.api.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
    for (const path of ['/api/v1/agents', '/api/v1/documents']) {
      expect((await bea.api.get(path)).body).toMatchObject({ data: [] });
      expect(await bea.api.get(`${path}?tenant_id=${ada.tenantId}`)).toMatchObject({ status: 404 });
    }
    const query =
      'query($a: ID!, $d: ID!) { agent(id: $a) { id } document(id: $d) { id } agents { id } documents { id } users { id } }';
    const { data } = await bea.api.graphql(query, { a: agent, d: document });
    expect(data).toEqual({ agent: null, document: null, agents: [], documents: [], users: [{ id: bea.userId }] });

    for (const transport of TRANSPORTS) {
      for (const subscription of [
        { query: DOCUMENT_UPDATED, variables: { id: document } },
        { query: STATUS_CHANGED, variables: { tenantId: ada.tenantId } },
      ]) {
        const word = await firstWord(network.url, bearer(bea.token), transport, subscription);
        expect(word, transport).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      }
    }
  });

  it('is told of its own changes only', async () => {
    const [bea, agentOfAda] = [await network.signUp('Bea Brushes'), await newAgent(ada.api)];
    const agentOfBea = await newAgent(bea.api);
    const stream = subscribe(network.url, bearer(bea.token), 'SSE', {
      query: STATUS_CHANGED,
      variables: { tenantId: bea.tenantId },
    });
    const first = stream[Symbol.asyncIterator]().next();
    let told = false;
    void first.then(() => {
      told = true;
    });
    await eventually('Bea hears of her own agent', 10_000, async () => {
      await ada.api.post(`/api/v1/agents/${agentOfAda}/status`, { status: 'active' });
      await ada.api.post(`/api/v1/agents/${agentOfAda}/status`, { status: 'suspended' });
      await bea.api.post(`/api/v1/agents/${agentOfBea}/status`, { status: 'active' });
      await bea.api.post(`/api/v1/agents/${agentOfBea}/status`, { status: 'suspended' });
      return told ? true : null;
    });
    expect((await first).value).toMatchObject({ data: { agentStatusChanged: { agentId: agentOfBea } } });
    stream.leave();
  });
});
