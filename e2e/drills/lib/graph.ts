import type { ApiClient } from '@candlefish/testkit/api-client';
import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Levels of objects that a made selection goes into. */
const SELECTION_DEPTH = 2;

/** A root field of the API. */
export interface RootField {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly field: GraphQLField<unknown, unknown>;
}

/** The schema that the endpoint tells of itself. */
export async function readGraph(api: ApiClient): Promise<GraphQLSchema> {
  const answer = await api.graphql(getIntrospectionQuery());
  if (answer.data === null) throw new Error(`introspection answered ${answer.status}`);
  return buildClientSchema(answer.data as unknown as IntrospectionQuery);
}

/** Every root field. */
export function rootFields(schema: GraphQLSchema): readonly RootField[] {
  const of = (kind: RootField['kind'], type: ReturnType<GraphQLSchema['getQueryType']>) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field }));
  return [
    ...of('query', schema.getQueryType()),
    ...of('mutation', schema.getMutationType()),
    ...of('subscription', schema.getSubscriptionType()),
  ];
}

/** An operation on one root field with a variable per argument. */
export function documentOf({ kind, field }: RootField): string {
  const variables = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const args = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const head = variables === '' ? kind : `${kind} (${variables})`;
  return `${head} { ${field.name}${args === '' ? '' : `(${args})`} ${selectionOf(field.type, SELECTION_DEPTH)} }`;
}

function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename }';
  const fields = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some((arg) => isNonNullType(arg.type))) return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    return depth > 0 ? [`${field.name} ${selectionOf(field.type, depth - 1)}`] : [];
  });
  return `{ ${fields.length === 0 ? '__typename' : fields.join(' ')} }`;
}

/** A plain value for an input, optional parts left out; `known` answers by the name of the input first. */
export function sampleInput(
  name: string,
  type: GraphQLInputType,
  known: (name: string, typeName: string) => unknown,
): unknown {
  const given = known(name, getNamedType(type).name);
  if (given !== undefined) return given;
  if (isNonNullType(type)) return sampleInput(name, type.ofType, known);
  if (isListType(type)) return [sampleInput(name, type.ofType, known)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const taken = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
    return Object.fromEntries(taken.map((field) => [field.name, sampleInput(field.name, field.type, known)]));
  }
  const samples: Readonly<Record<string, unknown>> = { Int: 1, Float: 1, Boolean: true, JSON: {}, Base64: 'AAA=' };
  return samples[type.name] ?? 'sample';
}
