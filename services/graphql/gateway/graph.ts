import type { RequestScope } from '@candlefish/kit/context';
import { type EventStream, SCALARS } from '@candlefish/kit/graphql';
import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  parse,
  specifiedDirectives,
  specifiedScalarTypes,
} from 'graphql';

/** An operation on the whole graph, validated, its variables coerced. */
export interface GraphOperation {
  /** The same object for the same text as long as the document is cached: plans are kept by it. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scope: RequestScope;
}

/** What an operation gives: one result, or a stream of them for a subscription. */
export type GraphAnswer = ExecutionResult | EventStream<ExecutionResult>;

/** Splits an operation over the subgraphs and joins their answers. */
export type GraphExecutor = (operation: GraphOperation) => GraphAnswer | Promise<GraphAnswer>;

/** Definitions that say how a supergraph is composed, or that every GraphQL schema has by itself. */
const MACHINERY = /^(?:__|join__|link__|core__)/;

/**
 * The schema that clients see, from the one the planner shows them. Scalars check what clients send and leave it as it
 * is: the subgraph that takes it makes a value of it.
 */
export function clientSchema(consumerSdl: string): GraphQLSchema {
  const document = parse(consumerSdl, { noLocation: true });
  const definitions = document.definitions.filter((node) => !isMachinery(node)).map(withoutIntrospection);
  const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
  for (const type of Object.values(schema.getTypeMap())) {
    const scalar = SCALARS.get(type.name);
    if (!isScalarType(type) || isSpecifiedScalarType(type) || scalar === undefined) continue;
    type.parseValue = (value) => {
      scalar.parseValue(value);
      return value;
    };
    type.parseLiteral = scalar.parseLiteral;
  }
  return schema;
}

function isMachinery(node: DefinitionNode): boolean {
  const name = 'name' in node ? (node.name?.value ?? '') : '';
  if (node.kind === Kind.DIRECTIVE_DEFINITION && specifiedDirectives.some((known) => known.name === name)) return true;
  if (node.kind === Kind.SCALAR_TYPE_DEFINITION && specifiedScalarTypes.some((known) => known.name === name))
    return true;
  return MACHINERY.test(name);
}

function withoutIntrospection(node: DefinitionNode): DefinitionNode {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
  return { ...node, fields: (node.fields ?? []).filter((field) => !MACHINERY.test(field.name.value)) };
}

/** Names of the subgraphs by the constant that plans call them. */
export function subgraphNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const graphs = supergraph.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) throw new Error('the supergraph names no subgraphs');
  return new Map(
    (graphs.values ?? []).map((value) => {
      const argument = value.directives?.[0]?.arguments?.find(({ name }) => name.value === 'name')?.value;
      return [value.name.value, argument?.kind === Kind.STRING ? argument.value : value.name.value];
    }),
  );
}
