import Fastify from 'fastify';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
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

// The subgraphs over HTTP, compiled, for the gateways that reach them so: `/nanda` and `/auth` of one process.

interface ApolloSubgraph {
  buildSubgraphSchema(
    modules: readonly { readonly typeDefs: DocumentNode; readonly resolvers: object }[],
  ): GraphQLSchema;
}

interface Body {
  readonly query: string;
  readonly variables?: object;
  readonly operationName?: string;
}

const { databaseUrl, tenantId } = settingsOf<GraphSettings>();
const database = openDatabase(databaseUrl);
const { buildSubgraphSchema } = await importPeer<ApolloSubgraph>('@apollo/subgraph');
const app = Fastify();

for (const name of Object.keys(SUBGRAPHS) as SubgraphName[]) {
  const schema = buildSubgraphSchema([{ typeDefs: parse(SUBGRAPHS[name]), resolvers: SUBGRAPH_RESOLVERS[name] }]);
  const compiled = new Map<string, CompiledQuery>();
  const programOf = ({ query, operationName }: Body): CompiledQuery => {
    const known = compiled.get(query);
    if (known !== undefined) return known;
    const program = compileQuery(schema, parse(query), operationName);
    if (!isCompiledQuery(program)) throw new Error(JSON.stringify(program.errors));
    compiled.set(query, program);
    return program;
  };
  app.post<{ Body: Body }>(`/${name}`, async (request) => {
    const context: GraphContext = { database, tenantId };
    return programOf(request.body).query({}, context, request.body.variables ?? {});
  });
}
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
