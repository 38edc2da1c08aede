import Fastify, { type FastifyInstance } from 'fastify';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { importPeer } from '../lib/peers.ts';
import {
  announce,
  type GraphContext,
  type GraphSettings,
  openDatabase,
  SUBGRAPH_RESOLVERS,
  SUBGRAPHS,
  type SubgraphName,
  settingsOf,
} from './graph.ts';
import { supergraphOf } from './supergraph.ts';

// Apollo Gateway behind Apollo Server and Fastify. With `subgraphsUrl` it reaches the subgraphs over HTTP, otherwise it
// runs them in its own process.

interface Settings extends GraphSettings {
  readonly subgraphsUrl?: string;
}

interface ApolloGatewayPackage {
  readonly ApolloGateway: new (options: {
    readonly supergraphSdl: string;
    readonly buildService?: (definition: { readonly name: string }) => object;
  }) => object;
  readonly LocalGraphQLDataSource: new (schema: GraphQLSchema) => object;
}

interface ApolloServerPackage {
  readonly ApolloServer: new (options: object) => { start(): Promise<void> };
}

interface ApolloSubgraphPackage {
  buildSubgraphSchema(
    modules: readonly { readonly typeDefs: DocumentNode; readonly resolvers: object }[],
  ): GraphQLSchema;
}

interface FastifyIntegration {
  readonly default: (
    server: object,
  ) => (app: FastifyInstance, options: { readonly context: () => Promise<GraphContext> }) => Promise<void>;
  fastifyApolloDrainPlugin(app: FastifyInstance): object;
}

const { databaseUrl, tenantId, subgraphsUrl } = settingsOf<Settings>();
const database = openDatabase(databaseUrl);
const { ApolloGateway, LocalGraphQLDataSource } = await importPeer<ApolloGatewayPackage>('@apollo/gateway');
const { ApolloServer } = await importPeer<ApolloServerPackage>('@apollo/server');
const { buildSubgraphSchema } = await importPeer<ApolloSubgraphPackage>('@apollo/subgraph');
const integration = await importPeer<FastifyIntegration>('@as-integrations/fastify');

const inProcess = ({ name }: { readonly name: string }): object => {
  const known = name as SubgraphName;
  const modules = [{ typeDefs: parse(SUBGRAPHS[known]), resolvers: SUBGRAPH_RESOLVERS[known] }];
  return new LocalGraphQLDataSource(buildSubgraphSchema(modules));
};

const supergraphSdl = supergraphOf((name) => `${subgraphsUrl ?? 'http://in-process.invalid'}/${name}`);
const gateway = new ApolloGateway({
  supergraphSdl,
  ...(subgraphsUrl === undefined ? { buildService: inProcess } : {}),
});
const app = Fastify();
const server = new ApolloServer({
  gateway,
  introspection: false,
  includeStacktraceInErrorResponses: false,
  plugins: [integration.fastifyApolloDrainPlugin(app)],
});
await server.start();
await app.register(integration.default(server), { context: async () => ({ database, tenantId }) });
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
