import { createCtx } from '@candlefish/kit/context';
import { DateTime } from '@candlefish/kit/graphql';
import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import {
  buildSchema,
  type ExecutionResult,
  execute,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNamedType,
  isObjectType,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { openPlannedGraph, type PlannedGraph } from '../gateway/plan-executor.ts';
import { routerRuntimeExecutor } from '../gateway/router-runtime.ts';
import { quietScope, shopRuntime, shopSubgraphs, shopSupergraph } from './shop.ts';
import { peopleResolvers, Shop, thingsResolvers } from './shop-subgraphs.ts';

/** Random operations that fit a schema: aliases, fragments, conditions and fields that fail are all in them. */
class Writer {
  readonly #schema: GraphQLSchema;
  #state: number;

  constructor(schema: GraphQLSchema, seed: number) {
    this.#schema = schema;
    this.#state = seed >>> 0 || 1;
  }

  operation(): string {
    const query = this.#schema.getQueryType();
    if (query == null) throw new Error('no query type');
    return `query ($yes: Boolean = true, $no: Boolean = false) ${this.#selection(query, 4)}`;
  }

  #next(below: number): number {
    // xorshift32
    this.#state ^= this.#state << 13;
    this.#state >>>= 0;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return this.#state % below;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const parts = Array.from({ length: 1 + this.#next(4) }, () => this.#part(type, depth)).filter(
      (part) => part !== '',
    );
    return `{ ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
  }

  #part(type: GraphQLNamedType, depth: number): string {
    const condition =
      ['', '', '', '', '@include(if: $yes)', '@skip(if: $no)', '@include(if: $no)', '@skip(if: true)'][this.#next(8)] ??
      '';
    if (isAbstractType(type) && this.#next(3) > 0) {
      const possible = this.#schema.getPossibleTypes(type);
      const concrete = possible[this.#next(possible.length)];
      return concrete === undefined ? '' : `... on ${concrete.name} ${condition} ${this.#selection(concrete, depth)}`;
    }
    if (isObjectType(type) && this.#next(6) === 0) return `... ${condition} ${this.#selection(type, depth)}`;
    if (!('getFields' in type)) return `__typename ${condition}`;
    const fields = Object.values(type.getFields()).filter((field) => UNASKED.has(field.name) === false);
    const field = fields[this.#next(fields.length)];
    if (field === undefined || !('type' in field)) return '';
    const named = getNamedType(field.type);
    if (!isLeafType(named) && depth === 0) return `__typename ${condition}`;
    const args = ARGUMENTS[field.name] ?? '';
    // One alias per field and argument, so that equal names mean equal things.
    const alias = this.#next(3) === 0 ? `x_${field.name}: ` : '';
    const inner = isLeafType(named) || !isNamedType(named) ? '' : this.#selection(named, depth - 1);
    return `${alias}${field.name}${args} ${condition} ${inner}`;
  }
}

/** Fields that wait, or whose argument has to be made up. */
const UNASKED: ReadonlySet<string> = new Set(['slow', 'by', 'at', 'json', 'me', 'grumpy', 'maybeOwner']);
const ARGUMENTS: Readonly<Record<string, string>> = {
  users: '(first: 2)',
  things: '(first: 2)',
  thingsConnection: '(first: 2)',
  thing: '(id: "t1")',
};

/** The same graph as one schema under graphql-js: what the answer has to be. */
function monolith(clientSchema: GraphQLSchema): GraphQLSchema {
  const schema = buildSchema(printSchema(clientSchema));
  const things = thingsResolvers(new Shop());
  const maps: Readonly<Record<string, object>>[] = [peopleResolvers, things];
  for (const map of maps) {
    for (const [name, entry] of Object.entries(map)) {
      const type = schema.getType(name);
      if (isAbstractType(type) && '__resolveType' in entry) type.resolveType = entry.__resolveType as never;
      if (!isObjectType(type) || name === 'Subscription') continue;
      for (const [field, resolve] of Object.entries(entry)) {
        const definition = type.getFields()[field];
        if (definition !== undefined && typeof resolve === 'function') definition.resolve = resolve as never;
      }
    }
  }
  const dateTime = schema.getType('DateTime');
  if (dateTime !== undefined && 'serialize' in dateTime) dateTime.serialize = DateTime.serialize;
  // A reference becomes the whole user at once, as a join within one service would make it.
  const load = peopleResolvers.User.__resolveReference;
  for (const name of ['Thing', 'Box']) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const field of ['owner', 'owners']) {
      const definition = type.getFields()[field];
      const inner = definition?.resolve;
      if (definition === undefined || inner === undefined) continue;
      definition.resolve = (parent, args, ctx, info) => {
        const found: unknown = inner(parent, args, ctx, info);
        return Array.isArray(found) ? found.map((one) => load(one, ctx)) : load(found as { id: string }, ctx);
      };
    }
  }
  return schema;
}

let graph: PlannedGraph;
let one: GraphQLSchema;

beforeAll(() => {
  const executors = new Map([...shopSubgraphs(new Shop())].map(([name, { execute: run }]) => [name, run]));
  graph = openPlannedGraph(shopSupergraph(), executors);
  one = monolith(graph.schema);
});

const VARIABLES = { yes: true, no: false };

const plain = (result: ExecutionResult): { data: unknown; hasErrors: boolean; paths: readonly string[] } => ({
  data: JSON.parse(JSON.stringify(result.data ?? null)),
  hasErrors: (result.errors ?? []).length > 0,
  paths: (result.errors ?? []).map((error) => (error.path ?? []).join('.')),
});

async function planned(text: string, variables: Readonly<Record<string, unknown>> = VARIABLES) {
  const document = parse(text);
  const answer = await graph.execute({
    document,
    operationName: undefined,
    type: 'query',
    variables,
    scope: quietScope(),
  });
  if (Symbol.asyncIterator in answer) throw new Error('a stream came');
  return answer;
}

describe('a planned answer', () => {
  test('is what one schema would give, for any operation', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 1 }), async (seed) => {
      const text = new Writer(graph.schema, seed).operation();
      const document = parse(text);
      if (validate(graph.schema, document).length > 0) return;
      const whole = await execute({
        schema: one,
        document,
        variableValues: VARIABLES,
        contextValue: createCtx(shopRuntime('people'), quietScope()),
      });
      const [expected, given] = [plain(whole), plain(await planned(text))];
      expect(given.data, text).toEqual(expected.data);
      expect(given.hasErrors, text).toBe(expected.hasErrors);
      // Each place that the whole schema complains of is complained of here too, or lies below one that is.
      for (const path of given.paths) expect(path, text).not.toBe('');
    });
    await fc.assert(property, runs(200));
  }, 60_000);

  test('is what router-runtime gives, where nothing fails', async () => {
    const executors = new Map([...shopSubgraphs(new Shop())].map(([name, { execute: run }]) => [name, run]));
    const other = await routerRuntimeExecutor(shopSupergraph(), executors);
    for (const text of [
      '{ things(first: 3) { id owner { name weight things(first: 1) { owner { joined } } } owners { id name } } }',
      '{ found { ... on Thing { id } ... on Box { label owner { name } } } nodes { id ... on Thing { name } } }',
      '{ thingsConnection(first: 2) { edges { cursor node { owner { name } } } pageInfo { hasNextPage } } users(first: 2) { weight } }',
    ]) {
      const document = parse(text);
      const theirs = await other({
        document,
        operationName: undefined,
        type: 'query',
        variables: {},
        scope: quietScope(),
      });
      expect(plain(await planned(text, {}))).toEqual(plain(theirs as ExecutionResult));
    }
  });
});

describe('null', () => {
  test('of an entity that is not there stays where it may', async () => {
    expect(plain(await planned('{ things(first: 2) { id maybeOwner { name } } }'))).toEqual({
      data: {
        things: [
          { id: 't0', maybeOwner: { name: 'user u0' } },
          { id: 't1', maybeOwner: null },
        ],
      },
      hasErrors: false,
      paths: [],
    });
  });

  test('of an entity that has to be there empties what holds it, and says so', async () => {
    const answer = await planned('{ thing(id: "own-absent") { id owner { name } } users(first: 1) { id } }');
    expect(plain(answer)).toEqual({
      data: { thing: null, users: [{ id: 'u0' }] },
      hasErrors: true,
      paths: ['thing.owner'],
    });
    expect(answer.errors?.[0]).toMatchObject({
      message: 'Cannot return null for non-nullable field Thing.owner.',
      extensions: { code: 'INTERNAL', requestId: 'request-1' },
    });
  });

  test('climbs to data', async () => {
    expect(plain(await planned('{ grumpy { owner { name } } }'))).toEqual({
      data: null,
      hasErrors: true,
      paths: ['grumpy.owner'],
    });
  });

  test('of a failed field of an entity names the place in the client’s document', async () => {
    const answer = await planned('{ x: things(first: 2) { y: owner { z: gone } } }');
    expect(plain(answer)).toEqual({ data: null, hasErrors: true, paths: ['x.0.y.z', 'x.1.y.z'] });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'USER_UNKNOWN' });
  });

  test('of a subgraph that fails as a whole is told at each place that waits for it', async () => {
    const executors = new Map([...shopSubgraphs(new Shop())].map(([name, { execute: run }]) => [name, run]));
    executors.set('people', () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7')));
    const { execute: run } = openPlannedGraph(shopSupergraph(), executors);
    const text = '{ things(first: 2) { id maybeOwner { name } } users(first: 1) { id } explode }';
    const answer = await run({
      document: parse(text),
      operationName: undefined,
      type: 'query',
      variables: {},
      scope: quietScope(),
    });
    const told = plain(answer as ExecutionResult);
    expect(told.data).toBeNull();
    expect(told.paths.toSorted()).toEqual(['explode', 'things.0.maybeOwner', 'things.1.maybeOwner', 'users']);
    expect(JSON.stringify(answer)).not.toContain('10.0.0.7');
  });
});

test('an alias cannot reach a prototype', async () => {
  await planned('{ __proto__: thing(id: "t1") { __proto__: owner { polluted: name } } }');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a supergraph whose subgraph has no executor is refused', () => {
  expect(() => openPlannedGraph(shopSupergraph(), new Map())).toThrow('the subgraph people has no executor');
});
