import { setImmediate as turn } from 'node:timers/promises';
import { createEngine, type Engine } from '@candlefish/kit/graphql';
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { attachResolvers } from '../graphql/attach-resolvers.ts';
import { subgraphSchema } from '../graphql/subgraph-schema.ts';

export type { Engine };

const SDL = `
  scalar DateTime
  scalar JSON
  scalar Base64
  enum Colour { RED GREEN BLUE }
  input Filter { kind: Colour = BLUE sizes: [Int!] = [9] }
  input By @oneOf { id: ID name: String }
  interface Node { id: ID! }
  type Thing implements Node {
    id: ID! name: String size: Int ratio: Float on: Boolean made: Colour at: DateTime tags: [String!]! blob: Base64 any: JSON
    box: Box fails: String failsLater: String failsAsValue: String failsHard: String! nullHard: String!
  }
  type Box implements Node { id: ID! label: String things: [Thing!]! }
  type Cell { value: Int! }
  type Row { cells: [Cell!]! }
  type Wall { rows: [Row] }
  union Found = Thing | Box
  type Query {
    thing(id: ID!): Thing
    mustHave: Thing!
    echo(text: String = "default", times: Int = 1): String
    find(filter: Filter): String
    by(by: By!): String
    day(at: DateTime!): DateTime
    json(value: JSON): JSON
    bytes(value: Base64!): Base64
    wall: Wall
    mixed: [Thing]
    later: [Thing!]
    grid: [[Int!]!]
    noList: [Int]
    badInt: Int
    badEnum: Colour
    search: [Found!]!
    nodes: [Node!]!
    stranger: Node
    coded: String
  }
  type Mutation { push(value: Int!): [Int!]! breaks: String breaksHard: String! }
  type Subscription { count(to: Int! = 2, word: String = "tick"): Count! breaks: Count! }
  type Count { n: Int! word: String! }
`;

const thing = (id: string) => ({
  id,
  name: `thing ${id}`,
  size: 3,
  ratio: 0.5,
  on: true,
  made: 'RED',
  at: new Date('2026-01-02T03:04:05.678Z'),
  tags: ['a', 'b'],
  blob: Uint8Array.of(1, 2, 3),
  any: { deep: [1, null] },
});
const box = { id: 'b', label: 'box', things: [thing('1'), thing('2')] };
const boom = (): never => {
  throw new Error('boom');
};

function resolversOf(pushed: number[]): object {
  return {
    Thing: {
      box: () => box,
      fails: boom,
      failsLater: () => turn().then(boom),
      failsAsValue: () => new Error('boom'),
      failsHard: boom,
      nullHard: () => null,
    },
    Found: { __resolveType: (value: object) => ('label' in value ? 'Box' : 'Thing') },
    Node: { __resolveType: (value: object) => ('odd' in value ? 'Odd' : 'label' in value ? 'Box' : 'Thing') },
    Query: {
      thing: (_: unknown, { id }: { id: string }) => turn().then(() => thing(id)),
      mustHave: () => thing('1'),
      echo: (_: unknown, args: { text?: string | null; times: number }) =>
        args.text === null ? 'null given' : `${args.text}`.repeat(args.times),
      find: (_: unknown, { filter }: { filter?: object }) => JSON.stringify(filter ?? null),
      by: (_: unknown, { by }: { by: object }) => JSON.stringify(by),
      day: (_: unknown, { at }: { at: Date }) => new Date(at.getTime() + 1),
      json: (_: unknown, { value }: { value: unknown }) => value,
      bytes: (_: unknown, { value }: { value: Uint8Array }) => value.toReversed(),
      wall: () => ({ rows: [{ cells: [{ value: 1 }] }, { cells: [{ value: 2 }, { value: null }] }] }),
      mixed: () => [thing('1'), new Error('boom'), null, turn().then(boom)],
      later: () => ['1', '2'].map((id) => turn().then(() => thing(id))),
      grid: () => [[1, 2], [3]],
      noList: () => 5,
      badInt: () => 'five',
      badEnum: () => 'BLACK',
      search: () => [thing('1'), box],
      nodes: () => [thing('1'), box],
      stranger: () => ({ id: '1', odd: true }),
      coded: () => {
        throw new GraphQLError('no', { extensions: { code: 'NO' } });
      },
    },
    Mutation: {
      push: async (_: unknown, { value }: { value: number }) => {
        await turn();
        pushed.push(value);
        return [...pushed];
      },
      breaks: () => turn().then(boom),
      breaksHard: () => turn().then(boom),
    },
    Subscription: {
      count: {
        subscribe: async function* (_: unknown, { to, word }: { to: number; word: string }) {
          for (let n = 1; n <= to; n++) yield { count: { n, word } };
        },
      },
      breaks: { subscribe: boom },
    },
  };
}

/** The same schema under both engines, with state of their own. */
export function openEngines(): { readonly jit: Engine; readonly reference: Engine } {
  const open = (name: 'graphql-jit' | 'graphql-js'): Engine => {
    const { schema, entities } = subgraphSchema('test', SDL);
    attachResolvers(schema, resolversOf([]), entities);
    return createEngine(name, schema);
  };
  return { jit: open('graphql-jit'), reference: open('graphql-js') };
}

/** A result as a client reads it. */
export const jsonOf = (result: ExecutionResult): FormattedExecutionResult => JSON.parse(JSON.stringify(result));
