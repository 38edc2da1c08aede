import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { QueryPlanner } from '@graphql-hive/router-query-planner';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Documents } from '../gateway/documents.ts';
import { clientSchema } from '../gateway/graph.ts';
import { type OpenShop, openShop, shopSupergraph } from './shop.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let shop: OpenShop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(() => shop.close());

/** CPU time of the fastest of a few attempts: other work on the machine does not count, nor does the first compilation. */
async function leastCpuMs(run: (attempt: number) => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4; attempt++) {
    const before = process.cpuUsage();
    await run(attempt);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Refusals between two looks at the memory. */
const ROUND = 100;

const numbered = (count: number, write: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => write(n)).join(' ');

const codesOf = (json: { errors?: { extensions: { code: string } }[] }) =>
  (json.errors ?? []).map((error) => error.extensions.code);
const nest = (levels: number) =>
  `${'{ things { parts '.repeat(1)}${'{ parts '.repeat(levels)}{ id }${' }'.repeat(levels)} } }`;
const bomb = (levels: number) =>
  `{ ...F0 } ${Array.from({ length: levels }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F${levels} on Query { __typename }`;

describe('abuse is refused with 400 in less than 100 ms', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a deep cycle', nest(40)],
    ['ten thousand aliases', `{ ${Array.from({ length: 10_000 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    ['as many aliases as tokens allow', `{ ${Array.from({ length: 900 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    ['one field a thousand times', `{ ${'me { id } '.repeat(900)} }`],
    ['directives on one field', `{ __typename ${'@include(if: true) '.repeat(600)} }`],
    ['unknown directives', `{ __typename ${'@a '.repeat(2_000)} }`],
    ['a query of a megabyte', `{ ${'__typename '.repeat(90_000)} }`],
    ['a comment of a megabyte', `# ${'x'.repeat(1_000_000)}\n{ __typename }`],
    ['a fragment bomb', bomb(30)],
    ['a fragment that spreads itself', '{ ...F } fragment F on Query { me { id } ...F }'],
    ['fragments in a circle', '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }'],
    ['a list of lists of lists', '{ users(first: 200) { things(first: 200) { id parts { id } } } }'],
    ['brackets without end', '['.repeat(60_000)],
    ['braces without end', '{a'.repeat(30_000)],
    ['a value nested without end', `{ json(value: ${'['.repeat(1_900)}1${']'.repeat(1_900)}) }`],
  ];

  test.each(cases)('%s', async (_name, query) => {
    const accept = { accept: 'application/graphql-response+json' };
    const cpuMs = await leastCpuMs(async (attempt) => {
      const { status, json } = await shop.ask(JSON.stringify({ query: `${query}#${attempt}` }), accept);
      expect([status, json.data]).toEqual([400, undefined]);
    });
    expect(cpuMs).toBeLessThan(100);
  });

  test('hundreds of different refusals leave memory flat', async () => {
    const round = async (from: number) => {
      for (let n = from; n < from + ROUND; n++) await shop.ask({ query: `{ ${'x'.repeat(2_000)}${n} }` });
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    await round(0);
    const before = await round(ROUND);
    const after = await round(2 * ROUND);
    expect(after - before).toBeLessThan(ROUND * 40 * 1_024);
  });

  test('a body above a megabyte is refused unread', async () => {
    const { status, json } = await shop.ask({ query: `{ ${'__typename '.repeat(100_000)} }` });
    expect([status, codesOf(json)]).toEqual([413, ['PAYLOAD_TOO_LARGE']]);
  });

  test.each([
    ['repeats', `{ ${'thing(id: "t1") { name } '.repeat(50)} }`],
    [
      'fields',
      `{ ${numbered(49, (n) => `a${n}: thing(id: "t1") { id name colour made owner { id name joined weight } }`)} }`,
    ],
    [
      'fragments',
      `{ ${numbered(95, (n) => `...F${n}`)} } ${numbered(95, (n) => `fragment F${n} on Query { ${n < 45 ? `f${n}: __typename` : 'me { id }'} }`)}`,
    ],
  ])('the document with as many %s as may be is checked in less than 100 ms', async (_name, query) => {
    const schema = clientSchema(new QueryPlanner(shopSupergraph()).consumerSchema);
    const cpuMs = await leastCpuMs(async () => {
      expect(new Documents(schema, shop.config).prepare(query)).not.toHaveProperty('refused');
    });
    expect(cpuMs).toBeLessThan(100);
  });
});

describe('cost', () => {
  test('counts lists by what is asked for, also by variables', async () => {
    const query = 'query ($n: Int) { users(first: $n) { things(first: 100) { id } } }';
    expect((await shop.ask({ query, variables: { n: 5 } })).json.errors).toBeUndefined();
    const refused = await shop.ask({ query, variables: { n: 150 } });
    expect([refused.status, codesOf(refused.json)]).toEqual([400, ['GRAPHQL_LIMIT_EXCEEDED']]);
    expect(refused.json.errors[0].message).toContain('15150 objects');
  });

  test('counts the nodes of a connection', async () => {
    const { json } = await shop.ask({
      query: '{ thingsConnection(first: 200) { edges { node { parts { parts { id } } } } } }',
    });
    expect(codesOf(json)).toEqual(['GRAPHQL_LIMIT_EXCEEDED']);
  });
});

describe('batches', () => {
  test('answer each operation in its place', async () => {
    const { json, status } = await shop.ask([
      { query: '{ thing(id: "t1") { id } }' },
      { query: '{ nope }' },
      { query: 7 },
    ]);
    expect(status).toBe(200);
    expect(json[0]).toEqual({ data: { thing: { id: 't1' } } });
    expect([codesOf(json[1]), codesOf(json[2])]).toEqual([['GRAPHQL_VALIDATION_FAILED'], ['BAD_REQUEST']]);
    expect(shop.admitted.at(-1)).toBe(2);
  });

  test.each([[0], [11]])('of %i operations are refused', async (length) => {
    const { json, status } = await shop.ask(Array.from({ length }, () => ({ query: '{ __typename }' })));
    expect([status, codesOf(json)]).toEqual([400, ['GRAPHQL_BATCH_TOO_LARGE']]);
  });

  test('can be switched off', async () => {
    const off = await openShop({ environment: { GRAPHQL_BATCH_MAX: '0' } });
    const { status } = await off.ask([{ query: '{ __typename }' }]);
    expect(status).toBe(400);
    await off.close();
  });
});

describe('other sites', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'cannot post %s',
    async (type) => {
      const { status } = await shop.ask('{"query":"mutation { add(name: \\"x\\") { id } }"}', { 'content-type': type });
      expect(status).toBe(415);
      expect(shop.shop.added).toEqual([]);
    },
  );

  test('cannot change anything by GET', async () => {
    const response = await fetch(`${shop.url}?query=${encodeURIComponent('mutation { add(name: "x") { id } }')}`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(shop.shop.added).toEqual([]);
  });
});

describe('the schema', () => {
  const introspection = { query: getIntrospectionQuery() };

  test('is shown in development, with suggestions', async () => {
    const { json } = await shop.ask(introspection);
    expect(json.data.__schema.queryType.name).toBe('Query');
    expect(JSON.stringify(json)).not.toContain('secret');
    const { json: wrong } = await shop.ask({ query: '{ thingz { id } }' });
    expect(wrong.errors[0].message).toContain('Did you mean');
  });

  test('can be asked for beside data', async () => {
    const { json } = await shop.ask({
      query:
        '{ __schema { queryType { name } } thing(id: "t1") { id } ...F } fragment F on Query { __type(name: "Box") { name } }',
    });
    expect(json).toEqual({
      data: { __schema: { queryType: { name: 'Query' } }, thing: { id: 't1' }, __type: { name: 'Box' } },
    });
  });

  test('is for callers with a credential in production', async () => {
    const production = await openShop({ environment: { CANDLEFISH_ENV: 'production' } });
    const nobody = await production.ask(introspection);
    expect([nobody.status, codesOf(nobody.json)]).toEqual([403, ['GRAPHQL_INTROSPECTION_CLOSED']]);
    const hint = await production.ask({ query: '{ thingz { id } }' });
    expect(hint.json.errors[0].message).toBe('Cannot query field "thingz" on type "Query".');
    const variable = await production.ask({
      query: 'query ($f: ThingFilter) { things(filter: $f) { id } }',
      variables: { f: { colour: 'rod' } },
    });
    expect(variable.json.errors[0].message).not.toContain('red');
    expect((await production.ask(introspection, { authorization: 'Bearer uma' })).status).toBe(200);
    await production.close();
  });

  test('can be closed to all', async () => {
    const closed = await openShop({ environment: { GRAPHQL_INTROSPECTION: 'off' } });
    expect((await closed.ask(introspection, { authorization: 'Bearer uma' })).status).toBe(403);
    expect((await closed.ask({ query: '{ __typename }' })).json).toEqual({ data: { __typename: 'Query' } });
    await closed.close();
  });
});

describe('persisted operations', () => {
  const query = '{ thing(id: "t1") { id } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };

  test('are asked for, registered and reused', async () => {
    const unknown = await shop.ask({ extensions });
    expect(unknown.json.errors).toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    expect((await shop.ask({ query, extensions })).json.data).toEqual({ thing: { id: 't1' } });
    expect((await shop.ask({ extensions })).json.data).toEqual({ thing: { id: 't1' } });
    const byUrl = await fetch(`${shop.url}?extensions=${encodeURIComponent(JSON.stringify(extensions))}`);
    expect(await byUrl.json()).toEqual({ data: { thing: { id: 't1' } } });
  });

  test('are refused under a wrong hash', async () => {
    const { status, json } = await shop.ask({ query: '{ __typename }', extensions });
    expect([status, codesOf(json)]).toEqual([400, ['PERSISTED_QUERY_HASH_MISMATCH']]);
    expect((await shop.ask({ extensions: { persistedQuery: { sha256Hash: 'x' } } })).status).toBe(400);
  });

  test('of a manifest can be the only ones that run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
    const file = join(folder, 'operations.json');
    await writeFile(file, JSON.stringify({ [sha256Hash]: query }));
    const only = await openShop({ environment: { GRAPHQL_PERSISTED_MANIFEST: file, GRAPHQL_PERSISTED_ONLY: 'true' } });
    expect((await only.ask({ documentId: `sha256:${sha256Hash}` })).json.data).toEqual({ thing: { id: 't1' } });
    const other = await only.ask({ query: '{ __typename }' });
    expect([other.status, codesOf(other.json)]).toEqual([403, ['PERSISTED_QUERY_ONLY']]);
    await only.close();
    await writeFile(file, JSON.stringify({ [sha256Hash]: '{ me { id } }' }));
    await expect(openShop({ environment: { GRAPHQL_PERSISTED_MANIFEST: file } })).rejects.toThrow('is not the hash');
    await rm(folder, { recursive: true });
  });
});

describe('input', () => {
  test('of a custom scalar is checked before any service is asked', async () => {
    const accept = { accept: 'application/graphql-response+json' };
    const literal = await shop.ask({ query: '{ at(time: "2026-02-30T00:00:00Z") }' }, accept);
    expect([literal.status, literal.json.errors[0].message]).toEqual([400, expect.stringContaining('does not exist')]);
    const variable = await shop.ask(
      { query: 'query ($a: Cursor) { things(after: $a) { id } }', variables: { a: '???' } },
      accept,
    );
    expect([variable.status, codesOf(variable.json)]).toEqual([400, ['VALIDATION_FAILED']]);
  });

  test.each([
    ['no object', '7', 400],
    ['no JSON', '{', 400],
    ['an empty object', '{}', 400],
    ['a query of another type', '{"query":7}', 400],
    ['variables of another type', '{"query":"{ __typename }","variables":[1]}', 400],
    ['invalid UTF-8 escapes', '{"query":"\\ud800"}', 400],
    ['a name given twice', '{"query":"{ __typename }","query":"{ me { id } }"}', 400],
  ])('%s is answered by %i', async (_name, body, status) => {
    const answer = await shop.ask(body);
    expect(answer.status).toBe(status);
    expect(answer.json.errors[0].extensions).toMatchObject({ code: 'BAD_REQUEST', requestId: expect.any(String) });
  });

  test('a token that is not valid is refused in the form of a GraphQL answer', async () => {
    const { status, json, headers } = await shop.ask({ query: '{ __typename }' }, { authorization: 'Bearer forged' });
    expect([status, codesOf(json)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(headers.get('www-authenticate')).toContain('Bearer');
  });
});
