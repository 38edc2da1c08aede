import { PAGE_SIZE_DEFAULT } from '@candlefish/base/page';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Work that changes something, or goes on, weighs as much as this many rows read. */
const ROOT_WEIGHT = 10;
/** Rows of a list that takes no `first`: such lists are short by design. */
const PLAIN_LIST_ROWS = 10;
/** A larger `first` is refused by the operation; it must not make the sum overflow. */
const FIRST_MAX = 10_000;

type Variables = Readonly<Record<string, unknown>>;
/** A cost that is known, or one that waits for variables. */
type Cost = number | ((variables: Variables) => number);

/**
 * What an operation costs at the most: 1 for each object it can give, lists by their `first`. Scalars are free.
 * @returns The cost for given variables; a constant when none of them matters.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (variables: Variables) => number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const root = schema.getRootType(operation.operation);
  const cost = root == null ? 0 : selectionCost(schema, fragments, operation.selectionSet, root, undefined);
  const base = operation.operation === 'query' ? 0 : ROOT_WEIGHT;
  return typeof cost === 'number' ? () => base + cost : (variables) => base + cost(variables);
}

/** @param pending Rows that the `first` of the field above promises to the lists directly inside (a connection). */
function selectionCost(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  selectionSet: SelectionSetNode,
  parent: GraphQLNamedType,
  pending: Cost | undefined,
): Cost {
  const inner = (set: SelectionSetNode, type: GraphQLNamedType, rows: Cost | undefined): Cost =>
    selectionCost(schema, fragments, set, type, rows);
  return sum(
    selectionSet.selections.map((selection): Cost => {
      if (selection.kind === Kind.FIELD) return fieldCost(selection, parent, pending, inner);
      const target = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (target === undefined) return 0;
      const type = target.typeCondition === undefined ? parent : schema.getType(target.typeCondition.name.value);
      return type === undefined ? 0 : inner(target.selectionSet, type, pending);
    }),
  );
}

function fieldCost(
  node: FieldNode,
  parent: GraphQLNamedType,
  pending: Cost | undefined,
  inner: (set: SelectionSetNode, type: GraphQLNamedType, rows: Cost | undefined) => Cost,
): Cost {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
  const field = parent.getFields()[node.name.value];
  const type = field === undefined ? undefined : getNamedType(field.type);
  if (field === undefined || type === undefined || isLeafType(type) || node.selectionSet === undefined) return 0;
  const first = firstOf(node, field);
  const isList = isListType(getNullableType(field.type));
  const one = sum([1, inner(node.selectionSet, type, isList ? undefined : first)]);
  return isList ? product(first ?? pending ?? PLAIN_LIST_ROWS, one) : one;
}

/** Rows that the field's `first` asks for; undefined for a field that takes none. */
function firstOf(node: FieldNode, field: GraphQLField<unknown, unknown>): Cost | undefined {
  const argument = field.args.find(({ name }) => name === 'first');
  if (argument === undefined) return undefined;
  const fallback = rowsOf(argument.defaultValue, PAGE_SIZE_DEFAULT);
  const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (value?.kind === Kind.INT) return rowsOf(Number(value.value), fallback);
  if (value?.kind !== Kind.VARIABLE) return fallback;
  return (variables) => rowsOf(variables[value.name.value], fallback);
}

const rowsOf = (value: unknown, fallback: number): number =>
  typeof value === 'number' && value >= 0 ? Math.min(value, FIRST_MAX) : fallback;

function sum(costs: readonly Cost[]): Cost {
  let known = 0;
  const waiting: ((variables: Variables) => number)[] = [];
  for (const cost of costs) {
    if (typeof cost === 'number') known += cost;
    else waiting.push(cost);
  }
  if (waiting.length === 0) return known;
  return (variables) => waiting.reduce((total, cost) => total + cost(variables), known);
}

function product(rows: Cost, each: Cost): Cost {
  if (typeof rows === 'number' && typeof each === 'number') return rows * each;
  const known = (cost: Cost, variables: Variables): number => (typeof cost === 'number' ? cost : cost(variables));
  return (variables) => known(rows, variables) * known(each, variables);
}
