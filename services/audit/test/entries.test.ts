import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, expect, test } from 'vitest';

let network: RunningNetwork;
let owner: SignedUp;

interface Page {
  readonly data: readonly { readonly id: string; readonly seq: number; readonly event: string }[];
  readonly pagination: { readonly nextCursor: string | null; readonly limit: number };
}

beforeAll(async () => {
  network = await sharedNetwork();
  owner = await network.signUp();
  for (const title of ['One', 'Two', 'Three']) await owner.api.post('/api/v1/documents', { title });
  await network.settle();
});

const list = async (query: string, as = owner) => (await as.api.get(`/api/v1/audit/entries${query}`)).body as Page;

test('every event of the tenant is an entry, newest first', async () => {
  const { data, pagination } = await list('');
  expect(data.slice(0, 3).map(({ event }) => event)).toEqual(Array(3).fill('document.document.created.v1'));
  expect(data.map(({ seq }) => seq)).toEqual(data.map((_, index) => data.length - index));
  expect(pagination).toEqual({ nextCursor: null, limit: 50 });
});

test('pages by `limit` and `cursor` give every entry once, over REST and GraphQL alike', async () => {
  const all = (await list('')).data.map(({ id }) => id);
  const paged: string[] = [];
  const connected: string[] = [];
  for (let cursor: string | null = '', pages = 0; cursor !== null && pages < 10; pages += 1) {
    const page = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    const { data } = await owner.api.graphql(
      'query ($after: Cursor) { auditEntriesConnection(first: 2, after: $after) { edges { node { id } } pageInfo { endCursor hasPreviousPage } } }',
      cursor === '' ? {} : { after: cursor },
    );
    const connection = data?.['auditEntriesConnection'] as {
      readonly edges: readonly { readonly node: { readonly id: string } }[];
      readonly pageInfo: { readonly hasPreviousPage: boolean };
    };
    expect(connection.pageInfo.hasPreviousPage).toBe(cursor !== '');
    paged.push(...page.data.map(({ id }) => id));
    connected.push(...connection.edges.map(({ node }) => node.id));
    cursor = page.pagination.nextCursor;
  }
  expect(paged).toEqual(all);
  expect(connected).toEqual(all);
});

test('filters narrow the list', async () => {
  const documents = await list('?event=document.document');
  expect(documents.data).toHaveLength(3);
  expect((await list('?event=document.doc')).data).toEqual([]);
  expect((await list('?actor_id=nobody')).data).toEqual([]);
  expect((await list(`?actor_id=${owner.userId}&event=document`)).data).toHaveLength(3);
  expect((await list('?from=2100-01-01T00:00:00Z')).data).toEqual([]);
  expect((await list('?to=2000-01-01T00:00:00Z')).data).toEqual([]);
});

test.each(['?cursor=nonsense', '?cursor=WyJ4Il0', '?cursor=WzEuNV0', '?limit=0', '?limit=201', '?after=WzFd'])(
  'the page %s is refused',
  async (query) => {
    const answer = await owner.api.get(`/api/v1/audit/entries${query}`);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'VALIDATION_FAILED']);
  },
);

test('another tenant sees none of it', async () => {
  const stranger = await network.signUp();
  const [entry] = (await list('')).data;
  const answer = await stranger.api.get(`/api/v1/audit/entries/${entry?.id}`);
  expect(answer.status).toBe(404);
  await network.settle();
  const seen = (await list('', stranger)).data.map(({ id }) => id);
  expect(seen).not.toContain(entry?.id);
});
