import { type ApiAnswer, apiClient } from '@candlefish/testkit/api-client';
import { partedNetwork } from '@candlefish/testkit/parted-network';
import type { TestDatabase } from '@candlefish/testkit/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idempotentExecutor } from '../graphql/idempotent.ts';
import { subgraphSchema } from '../graphql/subgraph-schema.ts';

/** A platform as its client sees it. */
interface Place extends AsyncDisposable {
  readonly database: TestDatabase;
  signUp(): Promise<string>;
  send(token: string, body: object, headers: Readonly<Record<string, string>>): Promise<ApiAnswer>;
}

/** All services in one process, or the gateway apart from the subgraphs. */
const PLACEMENTS = {
  together: ['all'],
  apart: ['auth', 'nanda,document,websocket,audit', 'graphql'],
} as const;

async function openPlace(targets: readonly string[]): Promise<Place> {
  const network = await partedNetwork(targets);
  const [first, last] = [network.parts.at(0), network.parts.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a place has a target');
  return {
    database: network.database,
    signUp: async () => (await first.signUp()).token,
    send: (token, body, headers) => apiClient(last.url).as(token).post('/graphql', body, headers),
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

let keys = 0;
const freshKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

interface Answer {
  readonly data: Readonly<Record<string, { readonly id: string } | null>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

const CREATE = `mutation ($title: String!) {
  createDocument(input: { title: $title }) { id title text content state { version } createdBy { id tenant { name } } }
}`;

describe.each(Object.entries(PLACEMENTS))('mutations with a key, services %s', (_name, targets) => {
  let place: Place;
  let owner: string;

  beforeAll(async () => {
    place = await openPlace(targets);
    owner = await place.signUp();
  });
  afterAll(() => place?.[Symbol.asyncDispose]());

  const send = (key: string | null, query: string, variables: object = {}, as = owner) =>
    place.send(
      as,
      { query, variables },
      { accept: 'application/json', ...(key === null ? {} : { 'idempotency-key': key }) },
    );
  const create = (key: string | null, title: string, as = owner) => send(key, CREATE, { title }, as);
  const bodyOf = ({ body }: ApiAnswer): Answer => body as Answer;
  const idOf = (answer: ApiAnswer, field = 'createDocument') => bodyOf(answer).data?.[field]?.id;
  const codesOf = (answer: ApiAnswer) => (bodyOf(answer).errors ?? []).map(({ extensions }) => extensions['code']);
  const countOf = async (title: string) => {
    const [row] = await place.database.run('select count(*)::int as n from document.documents where title = $1', [
      title,
    ]);
    return row?.['n'];
  };
  const refuseInserts = (message: string) =>
    place.database.run(`create function public.refuse() returns trigger language plpgsql as
      $$ begin raise exception '${message}'; end $$;
      create trigger refuse before insert on document.documents for each row execute function public.refuse()`);
  const allowInserts = () => place.database.run('drop function public.refuse cascade');

  test('the first answer is repeated byte for byte, with what other services add to it', async () => {
    const key = freshKey();
    const first = await create(key, 'Once');
    const second = await create(key, 'Once');
    expect(codesOf(first)).toEqual([]);
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect(await countOf('Once')).toBe(1);
  });

  test('without a key each call has its effect', async () => {
    const [first, second] = [await create(null, 'Twice'), await create(null, 'Twice')];
    expect(idOf(first)).not.toBe(idOf(second));
    expect(await countOf('Twice')).toBe(2);
  });

  test('of twenty parallel twins one has an effect; the others are told to come back and then get its answer', async () => {
    const key = freshKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(key, 'Twins')));
    const made = answers.filter((answer) => codesOf(answer).length === 0);
    const twins = answers.filter((answer) => codesOf(answer).length > 0);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const twin of twins) {
      expect(bodyOf(twin).errors).toMatchObject([
        { extensions: { code: 'IDEMPOTENCY_IN_PROGRESS', status: 409, retryAfter: 1 } },
      ]);
    }
    expect((await create(key, 'Twins')).text).toBe(made[0]?.text);
    expect(await countOf('Twins')).toBe(1);
  });

  test('as many calls at once as there are connections, each with a key of its own, do not wait for one another', async () => {
    const fresh = await place.signUp();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => create(freshKey(), `Crowd ${n}`, fresh)));
    expect(answers.flatMap(codesOf)).toEqual([]);
  });

  test('other variables or another document under the key are refused', async () => {
    const key = freshKey();
    await create(key, 'This');
    const variables = await create(key, 'That');
    const document = await send(key, 'mutation { createDocument(input: { title: "This" }) { id } }');
    for (const answer of [variables, document]) {
      expect(bodyOf(answer).data).toBeNull();
      expect(bodyOf(answer).errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED', status: 422 } }]);
    }
    expect(await countOf('That')).toBe(0);
  });

  test('a key belongs to one caller of one tenant', async () => {
    const key = freshKey();
    const [mine, theirs] = [await create(key, 'Mine'), await create(key, 'Mine', await place.signUp())];
    expect(idOf(theirs)).toMatch(/^[0-9a-f-]{36}$/);
    expect(idOf(theirs)).not.toBe(idOf(mine));
  });

  test('a failure in mid-flight stores nothing and leaves nothing; the next try runs', async () => {
    const key = freshKey();
    const both = (title: string) => `mutation {
      a: renameDocument(id: "${known}", title: "${title}") { id title }
      b: createDocument(input: { title: "Burnt" }) { id }
    }`;
    const known = idOf(await create(null, 'Before'));
    await refuseInserts('the disk is on fire');
    const burnt = await send(key, both('After'));
    await allowInserts();
    expect(bodyOf(burnt).data).toBeNull();
    expect(codesOf(burnt)).toEqual(['INTERNAL']);
    expect([await countOf('Before'), await countOf('After')]).toEqual([1, 0]);
    const next = await send(key, both('After'));
    expect(codesOf(next)).toEqual([]);
    expect([await countOf('After'), await countOf('Burnt')]).toEqual([1, 1]);
  });

  test('a refusal is an answer: it is repeated, and the fields before it are undone', async () => {
    const key = freshKey();
    const query = `mutation {
      made: createDocument(input: { title: "Undone" }) { id }
      lost: renameDocument(id: "0198c0de-0000-7000-8000-00000000dead", title: "x") { id }
    }`;
    const [first, second] = [await send(key, query), await send(key, query)];
    expect(codesOf(first)).toEqual(['NOT_FOUND']);
    expect(second.text).toBe(first.text);
    expect(await countOf('Undone')).toBe(0);
  });

  test('one key stands for the steps of one operation in several services', async () => {
    const key = freshKey();
    const query = `mutation {
      before: createDocument(input: { title: "Before the role" }) { id }
      role: createRole(input: { name: "painter", permissions: ["document:read"] }) { id }
      after: createDocument(input: { title: "After the role" }) { id }
    }`;
    const [first, second] = [await send(key, query), await send(key, query)];
    expect(codesOf(first)).toEqual([]);
    expect(second.text).toBe(first.text);
    expect([await countOf('Before the role'), await countOf('After the role')]).toEqual([1, 1]);
  });

  test('credentials are never stored', async () => {
    const key = freshKey();
    const query = 'mutation { createApiKey(input: { name: "CI", scopes: ["document:read"] }) { key } }';
    const stored = () => place.database.run('select key from platform.idempotency_keys');
    const before = await stored();
    const [first, second] = [await send(key, query), await send(key, query)];
    expect(codesOf(first)).toEqual([]);
    expect(second.text).not.toBe(first.text);
    expect(await stored()).toEqual(before);
    const mixed = await send(
      key,
      'mutation { deleteRole(id: "x") createApiKey(input: { name: "CI", scopes: ["document:read"] }) { key } }',
    );
    expect(codesOf(mixed)).toEqual(['BAD_REQUEST', 'BAD_REQUEST']);
  });

  test('a malformed key is refused', async () => {
    expect(codesOf(await create('a b', 'Malformed'))).toEqual(['BAD_REQUEST']);
    expect(await countOf('Malformed')).toBe(0);
  });

  test('queries take no notice of the key', async () => {
    const key = freshKey();
    for (const query of ['{ me { id } }', '{ documents(first: 1) { id } }']) {
      expect(codesOf(await send(key, query))).toEqual([]);
    }
  });
});

test('a subgraph that names an unknown mutation as unstored does not start', () => {
  const { schema } = subgraphSchema('shop', 'type Query { a: Int } type Mutation { pay: Int }');
  const never = () => {
    throw new Error('nothing is asked here');
  };
  const build = (unstored: readonly string[]) =>
    idempotentExecutor({ name: 'shop', schema, execute: never, unstored }, { once: never, sweep: never });
  expect(build(['pay'])).toBeInstanceOf(Function);
  expect(() => build(['pay', 'hasOwnProperty'])).toThrow('shop: hasOwnProperty is no mutation');
});
