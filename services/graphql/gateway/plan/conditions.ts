import { type DirectiveNode, type DocumentNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';

/** Names of the variables that decide, by `@skip` and `@include`, what a document asks for; sorted. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const value = conditionOf(node);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/**
 * The document that is left when its conditions are decided: selections that do not count are gone, directives of the
 * others too. Selection sets may be empty then. The planner never sees a condition: of random operations it failed on one in fifty.
 */
export function decideConditions(document: DocumentNode, variables: Readonly<Record<string, unknown>>): DocumentNode {
  const counts = (directive: DirectiveNode): boolean => {
    const value = conditionOf(directive);
    if (value === undefined) return true;
    const holds =
      value.kind === Kind.VARIABLE ? variables[value.name.value] === true : value.kind === Kind.BOOLEAN && value.value;
    return holds === (directive.name.value === 'include');
  };
  const decide = <Node extends SelectionNode>(node: Node): Node | null | undefined => {
    const { directives = [] } = node;
    if (!directives.some((directive) => conditionOf(directive) !== undefined)) return undefined;
    if (!directives.every(counts)) return null;
    return { ...node, directives: directives.filter((directive) => conditionOf(directive) === undefined) };
  };
  return visit(document, { Field: decide, InlineFragment: decide, FragmentSpread: decide });
}

/** The document with `__typename` in selection sets that are empty, which no grammar allows. */
export function fillEmpty(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave(node): SelectionSetNode | undefined {
        if (node.selections.length > 0) return undefined;
        return { ...node, selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }] };
      },
    },
  });
}

function conditionOf(directive: DirectiveNode) {
  if (directive.name.value !== 'skip' && directive.name.value !== 'include') return undefined;
  return directive.arguments?.find(({ name }) => name.value === 'if')?.value;
}
