import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenShop, openShop, type SubgraphProcess, startSubgraphs } from './shop.ts';

/** What is asked of both placements; the answers must be equal byte for byte. */
const SCENARIOS: readonly { readonly name: string; readonly body: object; readonly as?: 'uma' }[] = [
  {
    name: 'a list with a join',
    body: { query: '{ things(first: 20) { id name made owner { id name joined settings } } }' },
  },
  {
    name: 'an alias and a fragment',
    body: {
      query:
        '{ a: thing(id: "t1") { ...T } b: thing(id: "t2") { ...T } } fragment T on Thing { id o: owner { n: name } }',
    },
  },
  {
    name: 'a union and an interface',
    body: {
      query:
        '{ found { __typename ... on Thing { id owner { name } } ... on Box { label owner { name } } } nodes { id } }',
    },
  },
  {
    name: 'a type of two subgraphs',
    body: { query: '{ users(first: 3) { id weight things(first: 1) { name } } }' },
  },
  {
    name: 'variables of every kind',
    body: {
      query: 'query ($t: DateTime!, $j: JSON, $b: ThingBy!) { at(time: $t) json(value: $j) by(by: $b) }',
      variables: { t: '2026-01-01T00:00:00Z', j: { a: [1, null] }, b: { name: 'x' } },
    },
  },
  {
    name: 'literals',
    body: { query: '{ at(time: "2026-01-01T00:00:00Z") json(value: {a: [1, null]}) by(by: {id: "1"}) }' },
  },
  { name: 'the caller', body: { query: '{ me { id name } }' }, as: 'uma' },
  { name: 'a refusal', body: { query: '{ denied }' } },
  { name: 'a masked fault', body: { query: '{ explode }' } },
  { name: 'an entity that is not there', body: { query: '{ things(first: 2) { maybeOwner { name } } }' } },
  {
    name: 'an entity that is refused',
    body: { query: '{ thing(id: "own-forbidden") { id maybeOwner { name } owner { id } } }' },
  },
  {
    name: 'a mutation',
    body: {
      query:
        'mutation { rename(id: "u1", name: "taken") { ... on NameTaken { message } ... on User { id name things(first: 1) { id } } } }',
    },
  },
  { name: 'an error in a nested list', body: { query: '{ things(first: 2) { parts { broken } } }' } },
];

let together: OpenShop;
let apart: OpenShop;
let processes: SubgraphProcess;

beforeAll(async () => {
  together = await openShop();
  processes = await startSubgraphs();
  apart = await openShop({ subgraphs: () => processes.executors });
});

afterAll(async () => {
  await together?.close();
  await apart?.close();
  await processes?.close();
});

test.each(SCENARIOS)('here and over the network the answer is the same: $name', async ({ body, as }) => {
  const headers: Record<string, string> = {
    'x-request-id': 'same',
    ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
  };
  const [here, there] = [await together.ask(body, headers), await apart.ask(body, headers)];
  expect(there.status).toBe(here.status);
  expect(there.json).toEqual(here.json);
});

test('a subscription crosses the network with its entities', async () => {
  const client = createClient({ url: apart.url, retryAttempts: 0 });
  const seen: unknown[] = [];
  for await (const event of client.iterate({ query: 'subscription { ticks(to: 3) { n owner { name } } }' }))
    seen.push(event);
  expect(seen).toEqual([1, 2, 3].map((n) => ({ data: { ticks: { n, owner: { name: `user u${n}` } } } })));
});

describe('a subgraph in another process', () => {
  test('that is away is answered by 503 in the error, soon', async () => {
    const gone = await openShop({ subgraphs: () => processes.executorsAt(new URL('http://127.0.0.1:9/')) });
    const startedAt = performance.now();
    const { json } = await gone.ask({ query: '{ me { id } }' }, { authorization: 'Bearer uma' });
    expect(json.errors).toMatchObject([
      { path: ['me'], extensions: { code: 'UNAVAILABLE', status: 503, retryAfter: 1 } },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await gone.close();
  });

  test('refuses a document that does not fit its schema', async () => {
    const answer = await processes.post('things', { query: '{ nope }' });
    expect([answer.status, answer.json.code]).toEqual([400, 'BAD_REQUEST']);
  });

  test('is told when the client leaves a subscription', async () => {
    const controller = new AbortController();
    const response = await fetch(apart.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { added { cursor } }' }),
      signal: controller.signal,
    });
    expect(response.status).toBe(200);
    await expect.poll(() => processes.shop.followers).toBe(1);
    controller.abort();
    await expect.poll(() => processes.shop.followers, { timeout: 3_000 }).toBe(0);
  });
});
