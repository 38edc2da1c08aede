import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenShop, openShop } from './shop.ts';
import { userLoads } from './shop-subgraphs.ts';

let shop: OpenShop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(() => shop.close());

describe('GraphQL over HTTP', () => {
  // The URL is known only once the server listens; the list of audits does not depend on it.
  const audits = serverAudits({ url: () => shop.url, fetchFn: fetch });

  test('has the 61 audits that graphql-http knows', () => expect(audits).toHaveLength(61));

  test.each(audits)('passes audit $id: $name', async ({ fn }) => {
    const result = await fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});

test('twenty things and their owners come with one load of users', async () => {
  userLoads.length = 0;
  const { json, status } = await shop.ask({ query: '{ things(first: 20) { id name owner { id name joined } } }' });
  expect(userLoads).toEqual([['u0', 'u1', 'u2', 'u3', 'u4']]);
  expect(status).toBe(200);
  expect(json.errors).toBeUndefined();
  expect(json.data.things).toHaveLength(20);
  expect(json.data.things[6]).toEqual({
    id: 't6',
    name: 'thing 6',
    owner: { id: 'u1', name: 'user u1', joined: '2026-01-02T03:04:05.678Z' },
  });
});
