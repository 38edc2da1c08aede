import Fastify from 'fastify';
import { buildSchema, isObjectType, parse } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import {
  agents,
  announce,
  creator,
  type GraphContext,
  type GraphSettings,
  MERGED,
  openDatabase,
  settingsOf,
} from './graph.ts';

// One schema without federation, compiled, behind nothing but Fastify: no tokens, no limits, no log. The ceiling.

const { databaseUrl, tenantId } = settingsOf<GraphSettings>();
const database = openDatabase(databaseUrl);
const schema = buildSchema(MERGED);
const fieldOf = (typeName: string, name: string) => {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`${typeName}.${name} is not in the schema`);
  return field;
};
fieldOf('Query', 'agents').resolve = agents as never;
fieldOf('Agent', 'createdBy').resolve = creator as never;

interface Body {
  readonly query: string;
  readonly variables?: object;
}

const compiled = new Map<string, CompiledQuery>();

function programOf(query: string): CompiledQuery {
  const known = compiled.get(query);
  if (known !== undefined) return known;
  const program = compileQuery(schema, parse(query));
  if (!isCompiledQuery(program)) throw new Error(JSON.stringify(program.errors));
  compiled.set(query, program);
  return program;
}

const app = Fastify();
app.post<{ Body: Body }>('/graphql', async (request) => {
  const context: GraphContext = { database, tenantId };
  return programOf(request.body.query).query({}, context, request.body.variables ?? {});
});
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
