import { type Ctx, systemActor } from '@candlefish/kit/context';
import { defineErrors } from '@candlefish/kit/errors';
import { batched, createSubgraph, type Subgraph, type SubgraphAnswer } from '@candlefish/kit/graphql';
import { type ExecutionResult, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { ctxOf, keepingLogger, type LogLine, scopeOf } from './graphql-network.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  scalar DateTime
  type User @key(fields: "id") { id: ID! email: String! joined: DateTime }
  type Team @key(fields: "id", resolvable: false) { id: ID! }
  type PageInfo @shareable { hasNextPage: Boolean! }
  extend type Query { me: User missing: User broken: String strict(on: DateTime!): DateTime }
  type Subscription { ticks(to: Int! = 3, word: String! = "tick"): Tick! endless: Tick! refused: Tick! faulty: Tick! }
  type Tick { n: Int! word: String! who: String! }
`;

const errors = defineErrors({
  userGone: { code: 'USER_GONE', status: 410, title: 'The user has left.' },
});

const loads: string[][] = [];
const userById = batched(
  async (_ctx: Ctx, ids: readonly string[]) => {
    loads.push([...ids]);
    return ids
      .filter((id) => id !== 'nobody')
      .map((id) => Object.freeze({ id, email: `${id}@x.test`, joined: new Date(0) }));
  },
  (user) => user.id,
);

const stillRunning = new Set<string>();

const resolvers = {
  User: {
    __resolveReference: ({ id }: { id: string }, ctx: Ctx) => {
      if (id === 'gone')
        throw errors.userGone({ detail: 'She left in May.', extensions: { since: 'May' }, retryAfterMs: 1_500 });
      if (id === 'fault') throw new Error('relation "secret_table" does not exist');
      return userById(ctx, id);
    },
  },
  Query: {
    me: () => ({ id: 'me', email: 'me@x.test', joined: null }),
    missing: () => {
      throw errors.userGone({ fields: [{ pointer: '/id', message: 'is not there' }] });
    },
    broken: () => {
      throw new Error('password=hunter2');
    },
    strict: (_: unknown, { on }: { on: Date }) => on,
  },
  Subscription: {
    ticks: {
      subscribe: async function* (_: unknown, { to, word }: { to: number; word: string }, ctx: Ctx) {
        for (let n = 1; n <= to; n++) yield { ticks: { n, word, who: ctx.actor.id } };
      },
    },
    endless: {
      subscribe: async function* (_: unknown, _args: unknown, ctx: Ctx) {
        stillRunning.add('endless');
        try {
          yield { endless: { n: 1, word: 'first', who: ctx.actor.id } };
          await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve, { once: true }));
        } finally {
          stillRunning.delete('endless');
        }
      },
    },
    refused: {
      subscribe: () => {
        throw errors.userGone();
      },
    },
    faulty: {
      subscribe: async function* () {
        yield { faulty: { n: 1, word: 'a', who: 'b' } };
        throw new Error('connection reset by peer');
      },
    },
  },
};

const open = (): Subgraph => createSubgraph({ name: 'people', sdl: SDL, resolvers, contextOf: ctxOf });

const request = (text: string, variables?: Readonly<Record<string, unknown>>, scope = scopeOf()) => ({
  document: parse(text),
  operationName: undefined,
  operationType: text.startsWith('subscription') ? ('subscription' as const) : ('query' as const),
  variables,
  scope,
});

const one = async (answer: SubgraphAnswer | Promise<SubgraphAnswer>): Promise<ExecutionResult> => {
  const settled = await answer;
  if (Symbol.asyncIterator in settled) throw new Error('a stream came where one result was expected');
  return JSON.parse(JSON.stringify(settled));
};

const stream = async (answer: SubgraphAnswer | Promise<SubgraphAnswer>) => {
  const settled = await answer;
  if (!(Symbol.asyncIterator in settled)) throw new Error(`no stream: ${JSON.stringify(settled)}`);
  return settled;
};

const ENTITIES = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id email joined } } }';
const users = (...ids: string[]) => ({ r: ids.map((id) => ({ __typename: 'User', id })) });

describe('entities', () => {
  test('are resolved in order, equal ones in one load', async () => {
    loads.length = 0;
    const result = await one(open().execute(request(ENTITIES, users('a', 'b', 'a', 'nobody'))));
    expect(result).toEqual({
      data: {
        _entities: [
          { id: 'a', email: 'a@x.test', joined: '1970-01-01T00:00:00.000Z' },
          { id: 'b', email: 'b@x.test', joined: '1970-01-01T00:00:00.000Z' },
          { id: 'a', email: 'a@x.test', joined: '1970-01-01T00:00:00.000Z' },
          null,
        ],
      },
    });
    expect(loads).toEqual([['a', 'b', 'nobody']]);
  });

  test('that fail leave those beside them whole', async () => {
    const result = await one(open().execute(request(ENTITIES, users('gone', 'a'))));
    expect(result.data).toMatchObject({ _entities: [null, { id: 'a' }] });
    expect(result.errors).toMatchObject([
      {
        message: 'She left in May.',
        path: ['_entities', 0],
        extensions: {
          code: 'USER_GONE',
          status: 410,
          type: 'urn:candlefish:error:user-gone',
          since: 'May',
          retryAfter: 2,
        },
      },
    ]);
  });

  test('of a type that is none of this subgraph are refused', async () => {
    const result = await one(open().execute(request(ENTITIES, { r: [{ __typename: 'Team', id: '1' }] })));
    expect(result.errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_REQUEST' } }]);
  });
});

test('the SDL is told to who asks', async () => {
  expect(await one(open().execute(request('{ _service { sdl } }')))).toEqual({ data: { _service: { sdl: SDL } } });
});

describe('errors', () => {
  test('of the service keep their code and fields', async () => {
    const result = await one(open().execute(request('{ missing { id } }')));
    expect(result.errors).toMatchObject([
      {
        message: 'The user has left.',
        path: ['missing'],
        extensions: { code: 'USER_GONE', requestId: 'request-1', fields: [{ pointer: '/id' }] },
      },
    ]);
  });

  test('that nobody expected are masked and logged with their cause', async () => {
    const lines: LogLine[] = [];
    const result = await one(open().execute(request('{ broken }', undefined, scopeOf({ log: keepingLogger(lines) }))));
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(result.errors).toMatchObject([{ path: ['broken'], extensions: { code: 'INTERNAL', status: 500 } }]);
    expect(lines).toMatchObject([{ level: 'error', fields: { err: { message: 'password=hunter2' } } }]);
  });

  test('of the input say what is wrong', async () => {
    const result = await one(open().execute(request('query ($d: DateTime!) { strict(on: $d) }', { d: 'tomorrow' })));
    expect(result.errors).toMatchObject([
      { message: expect.stringContaining('RFC 3339'), extensions: { code: 'VALIDATION_FAILED', status: 400 } },
    ]);
  });

  test('of an ended request are not faults', async () => {
    const lines: LogLine[] = [];
    const ended = new AbortController();
    ended.abort(new DOMException('too late', 'TimeoutError'));
    const subgraph = createSubgraph({
      name: 'late',
      sdl: 'type Query { late: String }',
      resolvers: { Query: { late: (_: unknown, _args: unknown, ctx: Ctx) => ctx.signal.throwIfAborted() } },
      contextOf: ctxOf,
    });
    const scope = scopeOf({ log: keepingLogger(lines), signal: ended.signal });
    const result = await one(subgraph.execute(request('{ late }', undefined, scope)));
    expect(result.errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
    expect(lines).toEqual([]);
  });
});

describe('subscriptions', () => {
  test('get literals, defaults and the actor', async () => {
    const scope = scopeOf({ actor: systemActor('tester', null, new Date()) });
    const events = await stream(
      open().execute(
        request('subscription ($w: String!) { t: ticks(to: 2, word: $w) { n word who } }', { w: 'tock' }, scope),
      ),
    );
    const seen: ExecutionResult[] = [];
    for await (const event of events) seen.push(JSON.parse(JSON.stringify(event)));
    expect(seen).toEqual([
      { data: { t: { n: 1, word: 'tock', who: 'tester' } } },
      { data: { t: { n: 2, word: 'tock', who: 'tester' } } },
    ]);
  });

  test('that are refused answer with the error', async () => {
    const result = await one(open().execute(request('subscription { refused { n } }')));
    expect(result.errors).toMatchObject([{ extensions: { code: 'USER_GONE' } }]);
  });

  test('whose source fails say so last, masked', async () => {
    const events = await stream(open().execute(request('subscription { faulty { n } }')));
    const seen: ExecutionResult[] = [];
    for await (const event of events) seen.push(event);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
  });

  test('end at once when their reader leaves, while the next event is waited for', async () => {
    const events = await stream(open().execute(request('subscription { endless { n } }')));
    expect((await events.next()).value?.data).toMatchObject({ endless: { n: 1 } });
    const waiting = events.next();
    expect(stillRunning.has('endless')).toBe(true);
    await events.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => stillRunning.size).toBe(0);
  });

  test('end when the request does', async () => {
    const ended = new AbortController();
    const events = await stream(
      open().execute(request('subscription { endless { n } }', undefined, scopeOf({ signal: ended.signal }))),
    );
    await events.next();
    const waiting = events.next();
    ended.abort();
    expect((await waiting).done).toBe(true);
    await expect.poll(() => stillRunning.size).toBe(0);
  });
});

test.each([
  ['an entity without a reference resolver', SDL, { ...resolvers, User: {} }, 'User has no __resolveReference'],
  [
    'a field that is not in the schema',
    SDL,
    { ...resolvers, Tick: { nope: () => 1 } },
    'Tick.nope is not in the schema',
  ],
  ['a type that is not in the schema', SDL, { ...resolvers, Nope: {} }, 'Nope is not in the schema'],
  ['a root field without a resolver', 'type Query { a: Int b: Int }', { Query: { a: () => 1 } }, 'b has no resolver'],
  [
    'a scalar nobody implements',
    'scalar Odd type Query { a: Odd }',
    { Query: { a: () => 1 } },
    'the scalar Odd has no implementation',
  ],
  [
    'a directive that is not supported',
    SDL.replace('"@shareable"', '"@shareable", "@composeDirective"'),
    resolvers,
    'imports @composeDirective',
  ],
])('%s is refused at the start', (_name, sdl, map, message) => {
  expect(() => createSubgraph({ name: 'bad', sdl, resolvers: map, contextOf: ctxOf })).toThrow(message);
});
