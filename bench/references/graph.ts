import { Database } from '@candlefish/kit/db';
import { batched } from '@candlefish/kit/graphql';
import { findUsers } from '../../services/auth/store/users.ts';
import { listAgents } from '../../services/nanda/store/agents.ts';

/** The query that all gateways are measured with: twenty agents, each joined with the user who made it. */
export const LIST_QUERY = '{ agents(first: 20) { id name status version createdBy { id email } } }';

/** How a reference server reaches the data. It reads as the application does: same role, same policies, same statements. */
export interface GraphSettings {
  readonly databaseUrl: string;
  readonly tenantId: string;
}

/** The context of one request. */
export interface GraphContext {
  readonly database: Database;
  readonly tenantId: string;
}

/** The two parts of the graph as Federation 2 subgraphs. */
export const SUBGRAPHS = {
  nanda: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { agents(first: Int = 50): [Agent!]! }
    type Agent @key(fields: "id") { id: ID! name: String! status: String! version: String! createdBy: User }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  auth: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    type Query { me: User }
    type User @key(fields: "id") { id: ID! email: String! role: String! }`,
} as const;

export type SubgraphName = keyof typeof SUBGRAPHS;

/** Later than any agent. */
const LATEST = { beforeCreatedAt: new Date('9999-01-01'), beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

interface AgentData {
  readonly createdBy: string | null;
}

type UserData = { readonly id: string } & object;

const queryOf = ({ database, tenantId }: GraphContext, runnable: Parameters<Database['query']>[1]) =>
  database.query({ tenantId }, runnable);

/** The page of agents, by the platform's own statement. */
const agents = (_root: unknown, { first }: { readonly first: number }, ctx: GraphContext) =>
  queryOf(
    ctx,
    listAgents({
      ...LATEST,
      tenantId: ctx.tenantId,
      limit: first,
    }),
  );

/** A user by id; those that one request asks for at once come by one statement. */
const userById = batched<GraphContext, UserData>(
  async (ctx, ids) => (await queryOf(ctx, findUsers({ tenantId: ctx.tenantId, ids }))) as readonly UserData[],
  (user) => user.id,
);

/** The creator's key, for the gateway to look up. */
const creatorReference = ({ createdBy }: AgentData) =>
  createdBy === null ? null : { __typename: 'User', id: createdBy };

/** Resolvers of each subgraph, in the form of @apollo/subgraph. */
export const SUBGRAPH_RESOLVERS = {
  nanda: { Query: { agents }, Agent: { createdBy: creatorReference } },
  auth: {
    Query: { me: () => null },
    User: { __resolveReference: ({ id }: { readonly id: string }, ctx: GraphContext) => userById(ctx, id) },
  },
} as const;

/** Connections of a reference server: as many as the platform's. */
const CONNECTIONS_MAX = 16;

/** Opens the database as the application does. */
export const openDatabase = (url: string): Database =>
  new Database({
    url,
    connectionsMax: CONNECTIONS_MAX,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    prepared: true,
    applicationName: 'bench-reference',
    onIdleError: (error) => console.error(error),
  });

/** The settings that the bench gave this process. */
export const settingsOf = <Settings>(): Settings => JSON.parse(process.argv[2] ?? '{}') as Settings;

/** Tells the bench where this server listens. */
export const announce = (url: string): void => console.log(JSON.stringify({ url }));
