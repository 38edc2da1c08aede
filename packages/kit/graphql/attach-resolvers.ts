import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  isEnumType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { SCALARS } from './scalars.ts';

/** Gives an entity of this subgraph for the key that another one holds; null when there is none. */
export type ReferenceResolver = (reference: object, ctx: unknown, info: unknown) => unknown;

type FieldEntry = GraphQLFieldResolver<unknown, unknown> | SubscriptionEntry;

interface SubscriptionEntry {
  readonly subscribe: GraphQLFieldResolver<unknown, unknown>;
  readonly resolve?: GraphQLFieldResolver<unknown, unknown>;
}

/**
 * Puts the resolver map of a service onto its schema. A field without a resolver reads the property of its name, which
 * holds data: no promise, no function.
 * @returns The reference resolvers by entity name.
 * @throws Error that names each entry the schema does not know, each scalar without an implementation, each root field
 *   and each entity without a resolver.
 */
export function attachResolvers(
  schema: GraphQLSchema,
  resolvers: object,
  entities: readonly string[],
): ReadonlyMap<string, ReferenceResolver> {
  const problems: string[] = [];
  const references = new Map<string, ReferenceResolver>();
  for (const [typeName, entry] of Object.entries<Readonly<Record<string, unknown>>>(resolvers as never)) {
    const type = schema.getType(typeName);
    if (isObjectType(type)) attachObject(type, entry, references, problems);
    else if (isInterfaceType(type) || isUnionType(type)) attachTypeResolver(type, entry, problems);
    else if (!isScalarType(type) && !isEnumType(type)) problems.push(`${typeName} is not in the schema`);
  }
  attachScalars(schema, problems);
  for (const field of rootFields(schema)) {
    if (field.resolve === undefined && field.subscribe === undefined) problems.push(`${field.name} has no resolver`);
  }
  for (const entity of entities) {
    if (!references.has(entity)) problems.push(`${entity} has no __resolveReference`);
  }
  if (problems.length > 0) throw new Error(`resolvers: ${problems.join('; ')}`);
  return references;
}

function attachObject(
  type: GraphQLObjectType,
  entry: Readonly<Record<string, unknown>>,
  references: Map<string, ReferenceResolver>,
  problems: string[],
): void {
  const fields = type.getFields();
  for (const [name, value] of Object.entries(entry)) {
    if (name === '__resolveReference') {
      references.set(type.name, value as ReferenceResolver);
      continue;
    }
    if (name === '__isTypeOf') {
      type.isTypeOf = value as NonNullable<GraphQLObjectType['isTypeOf']>;
      continue;
    }
    const field = fields[name];
    if (field === undefined) problems.push(`${type.name}.${name} is not in the schema`);
    else attachField(field, value as FieldEntry);
  }
}

function attachField(field: GraphQLField<unknown, unknown>, entry: FieldEntry): void {
  if (typeof entry === 'function') {
    field.resolve = entry;
    return;
  }
  field.subscribe = entry.subscribe;
  // The stream of a subscription yields `{ [field]: payload }` unless the map says otherwise.
  if (entry.resolve !== undefined) field.resolve = entry.resolve;
}

function attachTypeResolver(
  type: { readonly name: string; resolveType?: GraphQLTypeResolver<unknown, unknown> | null | undefined },
  entry: Readonly<Record<string, unknown>>,
  problems: string[],
): void {
  const resolveType = entry['__resolveType'];
  if (typeof resolveType !== 'function') problems.push(`${type.name} has no __resolveType`);
  else type.resolveType = resolveType as GraphQLTypeResolver<unknown, unknown>;
}

/** Scalars that the specification of GraphQL or of federation defines. */
const BUILT_IN_SCALARS: ReadonlySet<string> = new Set([
  'ID',
  'Int',
  'Float',
  'String',
  'Boolean',
  '_Any',
  'federation__FieldSet',
  'link__Import',
]);

function attachScalars(schema: GraphQLSchema, problems: string[]): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type) || BUILT_IN_SCALARS.has(type.name)) continue;
    const scalar = SCALARS.get(type.name);
    if (scalar === undefined) {
      problems.push(`the scalar ${type.name} has no implementation`);
      continue;
    }
    type.serialize = scalar.serialize;
    type.parseValue = scalar.parseValue;
    type.parseLiteral = scalar.parseLiteral;
  }
}

const rootFields = (schema: GraphQLSchema): readonly GraphQLField<unknown, unknown>[] =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .flatMap((type) => Object.values(type?.getFields() ?? {}))
    .filter((field) => field.name !== '_service' && field.name !== '_entities');
