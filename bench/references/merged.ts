import { readFileSync } from 'node:fs';
import { type Actor, type Ctx, systemClock } from '@candlefish/kit/context';
import { SCALARS } from '@candlefish/kit/graphql';
import Fastify from 'fastify';
import { buildSchema, type GraphQLFieldResolver, getNamedType, isObjectType, isScalarType, parse } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { startPlatform } from '../../apps/server/platform.ts';
import { services } from '../../apps/server/registry.ts';
import { announce, settingsOf } from './graph.ts';

// The platform's own schema and resolvers as one schema without federation, compiled (graphql-jit), behind nothing but
// Fastify: no tokens, no limits, no log. A reference to a type of another service is looked up at once, where the gateway
// would plan a second fetch. This is the ceiling of what a gateway over the same services can reach.

interface Settings {
  readonly environment: Readonly<Record<string, string>>;
  readonly tenantId: string;
  readonly userId: string;
}

/** Contexts of one request by service, made when a service is first needed. */
type Contexts = Map<string, Ctx>;
type Resolver = GraphQLFieldResolver<unknown, unknown>;
type ResolverMap = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Body {
  readonly query: string;
  readonly variables?: object;
}

const { environment, tenantId, userId } = settingsOf<Settings>();
const platform = await startPlatform({ environment, target: 'all', listen: false, demo: false, migrate: false });
const owner: Actor = {
  kind: 'user',
  id: userId,
  userId,
  tenantId,
  role: 'owner',
  permissions: null,
  scopes: null,
  sessionId: null,
  issuedAt: systemClock.now(),
  expiresAt: null,
};

const schema = buildSchema(
  readFileSync(new URL('../../services/graphql/api.generated.graphql', import.meta.url), 'utf8'),
);
const maps = services.flatMap(({ name, graphql }) =>
  graphql === undefined ? [] : [{ service: name, map: graphql.resolvers as ResolverMap }],
);
attachResolvers();
attachScalars();

function contextOf(contexts: Contexts, service: string): Ctx {
  const known = contexts.get(service);
  if (known !== undefined) return known;
  const made = platform.system(service, tenantId).as(owner);
  contexts.set(service, made);
  return made;
}

function attachResolvers(): void {
  for (const { service, map } of maps) {
    for (const [typeName, entry] of Object.entries(map)) {
      const type = schema.getType(typeName);
      if (!isObjectType(type)) continue;
      for (const [name, field] of Object.entries(type.getFields())) {
        const resolver = entry[name];
        if (typeof resolver !== 'function') continue;
        field.resolve = resolverOf(resolver as Resolver, service, getNamedType(field.type).name);
      }
    }
  }
}

/** The service's resolver in its own context, followed by a look-up when what it gives is another service's entity. */
function resolverOf(resolver: Resolver, service: string, typeName: string): Resolver {
  const owning = maps.find(({ service: other, map }) => other !== service && map[typeName]?.['__resolveReference']);
  const lookUp = owning?.map[typeName]?.['__resolveReference'] as
    | ((reference: object, ctx: Ctx, info: unknown) => unknown)
    | undefined;
  if (owning === undefined || lookUp === undefined) {
    return (parent, args, contexts, info) => resolver(parent, args, contextOf(contexts as Contexts, service), info);
  }
  return async (parent, args, contexts, info) => {
    const own = contexts as Contexts;
    const reference: unknown = await resolver(parent, args, contextOf(own, service), info);
    if (typeof reference !== 'object' || reference === null) return null;
    return lookUp(reference, contextOf(own, owning.service), info);
  };
}

function attachScalars(): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const scalar = isScalarType(type) ? SCALARS.get(type.name) : undefined;
    if (scalar !== undefined) Object.assign(type, { serialize: scalar.serialize, parseValue: scalar.parseValue });
  }
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
  const contexts: Contexts = new Map();
  return programOf(request.body.query).query({}, contexts, request.body.variables ?? {});
});
announce(await app.listen({ port: 0, host: '127.0.0.1' }));
