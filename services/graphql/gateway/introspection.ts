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

/** The part of a document's root selections that asks for the schema, or the part that does not. */
export function splitDocument(document: DocumentNode, part: 'schema' | 'rest'): DocumentNode {
  const keeps = (selection: SelectionNode): boolean =>
    selection.kind !== Kind.FIELD || INTROSPECTION.has(selection.name.value) === (part === 'schema');
  const roots = rootFragments(document);
  const filter = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections
      .filter(keeps)
      .map((selection) =>
        selection.kind === Kind.INLINE_FRAGMENT
          ? { ...selection, selectionSet: filter(selection.selectionSet) }
          : selection,
      ),
  });
  return {
    ...document,
    definitions: document.definitions.map((node) => {
      const isRoot =
        node.kind === Kind.OPERATION_DEFINITION ||
        (node.kind === Kind.FRAGMENT_DEFINITION && roots.has(node.name.value));
      return isRoot && 'selectionSet' in node ? { ...node, selectionSet: filter(node.selectionSet) } : node;
    }),
  };
}

/** Fragments that root selections spread: those on the query type. */
function rootFragments(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD || found.has(selection.name.value)) continue;
      found.add(selection.name.value);
      const fragment = fragmentOf(document, selection.name.value);
      if (fragment !== undefined) walk(fragment.selectionSet);
    }
  };
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) walk(node.selectionSet);
  return found;
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
