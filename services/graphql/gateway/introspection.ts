import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Whether an operation asks for the schema: not at all, for nothing else, or beside other things. */
export type IntrospectionUse = 'none' | 'only' | 'mixed';

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);

/** How an operation uses introspection. `__typename` at the root counts as neither. */
export function introspectionUse(document: DocumentNode, operation: OperationDefinitionNode): IntrospectionUse {
  const seen = { schema: false, other: false };
  for (const field of rootFieldNames(document, operation.selectionSet)) {
    if (INTROSPECTION.has(field)) seen.schema = true;
    else if (field !== '__typename') seen.other = true;
  }
  if (!seen.schema) return 'none';
  return seen.other ? 'mixed' : 'only';
}

function* rootFieldNames(document: DocumentNode, selectionSet: SelectionSetNode): Generator<string> {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) yield selection.name.value;
    else {
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
      if (inner !== undefined) yield* rootFieldNames(document, inner.selectionSet);
    }
  }
}

const fragmentOf = (document: DocumentNode, name: string): FragmentDefinitionNode | undefined =>
  document.definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) as
    | FragmentDefinitionNode
    | undefined;

/** The part of an operation's root selections that asks for the schema, or the part that does not. */
export function splitDocument(
  document: DocumentNode,
  node: OperationDefinitionNode,
  part: 'schema' | 'rest',
): DocumentNode {
  const partOf = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD)
        return INTROSPECTION.has(selection.name.value) === (part === 'schema') ? [selection] : [];
      // A fragment on the query type is split too, so its parts stand where it was spread.
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentOf(document, selection.name.value);
      const selectionSet = inner === undefined ? undefined : partOf(inner.selectionSet);
      if (selectionSet === undefined || selectionSet.selections.length === 0) return [];
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          ...(selection.directives === undefined ? {} : { directives: selection.directives }),
          selectionSet,
        },
      ];
    }),
  });
  const operation = { ...node, selectionSet: partOf(node.selectionSet) };
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsUsed(document, operation.selectionSet)] };
}

function fragmentsUsed(document: DocumentNode, selectionSet: SelectionSetNode): readonly FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) walk(selection.selectionSet);
        continue;
      }
      const fragment = fragmentOf(document, selection.name.value);
      if (fragment === undefined || found.has(fragment)) continue;
      found.add(fragment);
      walk(fragment.selectionSet);
    }
  };
  walk(selectionSet);
  return [...found];
}

/** What a document asks of the schema itself. */
export const introspect = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): ExecutionResult =>
  // Nothing in introspection waits, so graphql-js answers at once.
  execute({ schema, document, operationName, variableValues: variables }) as ExecutionResult;
