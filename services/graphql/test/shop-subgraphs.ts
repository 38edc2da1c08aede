import type { Ctx } from '@candlefish/kit/context';
import { defineErrors, platformErrors } from '@candlefish/kit/errors';
import { batched } from '@candlefish/kit/graphql';

/** Two small subgraphs that use every part of federation the platform's own schemas use. */

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible"])';

export const PEOPLE_SDL = `
  ${LINK}
  scalar DateTime
  scalar JSON
  type Query { me: User users(first: Int = 50): [User!]! explode: String slow(ms: Int!): String }
  type Mutation { rename(id: ID!, name: String!): RenameResult! }
  union RenameResult = User | NameTaken
  type NameTaken { message: String! }
  type User @key(fields: "id") {
    id: ID!
    name: String!
    joined: DateTime
    settings: JSON
    secret: String @inaccessible
    weight: Int!
    gone: String!
  }
  type PageInfo @shareable { hasNextPage: Boolean! }
`;

export const THINGS_SDL = `
  ${LINK}
  scalar Cursor
  scalar DateTime
  scalar JSON
  type Query {
    things(first: Int = 50, after: Cursor, filter: ThingFilter): [Thing!]!
    thingsConnection(first: Int = 50, after: Cursor): ThingConnection!
    thing(id: ID!): Thing
    found: [Found!]!
    nodes: [Node!]!
    by(by: ThingBy!): String
    at(time: DateTime!): DateTime
    json(value: JSON): JSON
    denied: String
    grumpy: Thing!
  }
  type Mutation { add(name: String!): Thing! addTwice(name: String!): Thing! }
  type Subscription {
    added(after: Cursor): Added!
    ticks(to: Int! = 3): Tick!
    refused: Tick!
    faulty: Tick!
  }
  type Tick { n: Int! owner: User }
  type Added { cursor: Cursor! thing: Thing! }
  input ThingFilter { colour: Colour names: [String!] }
  input ThingBy @oneOf { id: ID name: String }
  enum Colour { red green }
  interface Node { id: ID! }
  union Found = Thing | Box
  type Thing implements Node @key(fields: "id") {
    id: ID!
    name: String!
    colour: Colour!
    owner: User!
    maybeOwner: User
    owners: [User!]!
    parts: [Thing!]!
    made: DateTime!
    broken: String
    brokenHard: String!
  }
  type Box implements Node { id: ID! label: String! owner: User }
  type User @key(fields: "id") {
    id: ID!
    things(first: Int = 3): [Thing!]!
  }
  type ThingConnection { edges: [ThingEdge!]! pageInfo: PageInfo! }
  type ThingEdge { cursor: Cursor! node: Thing! }
  type PageInfo @shareable { hasNextPage: Boolean! }
`;

const shopErrors = defineErrors({
  userUnknown: { code: 'USER_UNKNOWN', status: 404, title: 'Nobody of this name.' },
});

const JOINED = new Date('2026-01-02T03:04:05.678Z');
const user = (id: string) => ({
  id,
  name: `user ${id}`,
  joined: JOINED,
  settings: { theme: 'dark' },
  secret: 'x',
  weight: Number(id.replace(/\D/g, '') || 0),
});

/** Statements that a people subgraph has run, to see batching. */
export const userLoads: (readonly string[])[] = [];

const userById = batched(
  async (_ctx: Ctx, ids: readonly string[]) => {
    userLoads.push(ids);
    return ids.filter((id) => !id.startsWith('absent')).map(user);
  },
  (row) => row.id,
);

export const peopleResolvers = {
  RenameResult: { __resolveType: (value: object) => ('message' in value ? 'NameTaken' : 'User') },
  User: {
    __resolveReference: ({ id }: { id: string }, ctx: Ctx) => {
      if (id.startsWith('forbidden')) throw platformErrors.forbidden();
      return userById(ctx, id);
    },
    gone: () => {
      throw shopErrors.userUnknown();
    },
  },
  Query: {
    me: (_: unknown, _args: unknown, ctx: Ctx) => (ctx.actor.userId === null ? null : user(ctx.actor.userId)),
    users: (_: unknown, { first }: { first: number }) =>
      Array.from({ length: first }, (_item, index) => user(`u${index}`)),
    explode: () => {
      throw new Error('invalid input syntax for type uuid: password=hunter2');
    },
    slow: async (_: unknown, { ms }: { ms: number }, ctx: Ctx) => {
      await new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        ctx.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(ctx.signal.reason);
        });
      });
      return 'done';
    },
  },
  Mutation: {
    rename: (_: unknown, { id, name }: { id: string; name: string }) =>
      name === 'taken' ? { message: 'There is one of this name.' } : { ...user(id), name },
  },
};

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  readonly ownerId: string;
  readonly made: Date;
}

const thing = (index: number): Thing => ({
  id: `t${index}`,
  name: `thing ${index}`,
  colour: index % 2 === 0 ? 'red' : 'green',
  ownerId: `u${index % 5}`,
  made: JOINED,
});

const range = (count: number): readonly Thing[] => Array.from({ length: count }, (_, index) => thing(index));

/** What the shop's subscriptions hear, with a log that resumes by cursor. */
export class Shop {
  readonly added: Thing[] = [];
  readonly #waiting = new Set<() => void>();
  /** Followers whose loop has not ended. */
  followers = 0;
  /** Events that followers have taken. */
  taken = 0;

  add(name: string): Thing {
    const made = { ...thing(this.added.length), name };
    this.added.push(made);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    return made;
  }

  async *follow(signal: AbortSignal, after: number): AsyncGenerator<{ added: { cursor: string; thing: Thing } }> {
    this.followers += 1;
    try {
      for (let seq = after; !signal.aborted; ) {
        const next = this.added[seq];
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            this.#waiting.add(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
          continue;
        }
        seq += 1;
        this.taken += 1;
        yield { added: { cursor: String(seq), thing: next } };
      }
    } finally {
      this.followers -= 1;
    }
  }
}

const boom = (): never => {
  throw new Error('boom');
};

export const thingsResolvers = (shop: Shop) => ({
  Found: { __resolveType: (value: object) => ('label' in value ? 'Box' : 'Thing') },
  Node: { __resolveType: (value: object) => ('label' in value ? 'Box' : 'Thing') },
  Thing: {
    __resolveReference: ({ id }: { id: string }) => thing(Number(id.slice(1))),
    owner: (one: Thing) => ({ id: one.ownerId }),
    maybeOwner: (one: Thing) => ({ id: one.colour === 'red' ? one.ownerId : `absent-${one.id}` }),
    owners: (one: Thing) => [{ id: one.ownerId }, { id: 'u9' }],
    parts: () => range(2),
    broken: boom,
    brokenHard: boom,
  },
  Box: { owner: () => ({ id: 'u1' }) },
  User: {
    __resolveReference: (reference: object) => reference,
    things: (_: unknown, { first }: { first: number }) => range(first),
  },
  Tick: { owner: ({ n }: { n: number }) => ({ id: `u${n}` }) },
  Query: {
    things: (_: unknown, { first, filter }: { first: number; filter?: { colour?: string } }) =>
      range(first).filter((one) => filter?.colour === undefined || one.colour === filter.colour),
    thingsConnection: (_: unknown, { first }: { first: number }) => ({
      edges: range(first).map((node) => ({ cursor: node.id, node })),
      pageInfo: { hasNextPage: true },
    }),
    thing: (_: unknown, { id }: { id: string }) => {
      if (id === 'absent') return null;
      return { ...thing(1), id, ...(id.startsWith('own-') ? { ownerId: id.slice('own-'.length) } : {}) };
    },
    found: () => [thing(1), { id: 'b1', label: 'box' }, thing(2)],
    nodes: () => [{ id: 'b1', label: 'box' }, thing(3)],
    by: (_: unknown, { by }: { by: object }) => JSON.stringify(by),
    at: (_: unknown, { time }: { time: Date }) => new Date(time.getTime() + 1),
    json: (_: unknown, { value }: { value: unknown }) => value,
    denied: (_: unknown, _args: unknown, ctx: Ctx) => {
      ctx.authorize('nobody:may');
    },
    grumpy: () => ({ ...thing(1), ownerId: 'absent-1' }),
  },
  Mutation: {
    add: (_: unknown, { name }: { name: string }) => shop.add(name),
    addTwice: (_: unknown, { name }: { name: string }) => {
      shop.add(name);
      return shop.add(name);
    },
  },
  Subscription: {
    added: {
      subscribe: (_: unknown, { after }: { after?: string | null }, ctx: Ctx) =>
        shop.follow(ctx.signal, after === undefined || after === null ? shop.added.length : Number(after)),
    },
    ticks: {
      subscribe: async function* (_: unknown, { to }: { to: number }) {
        for (let n = 1; n <= to; n++) yield { ticks: { n } };
      },
    },
    refused: {
      subscribe: () => {
        throw platformErrors.notFound();
      },
    },
    faulty: {
      subscribe: async function* () {
        yield { faulty: { n: 1 } };
        throw new Error('connection reset by peer');
      },
    },
  },
});
