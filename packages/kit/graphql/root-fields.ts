import { type DocumentNode, type FieldNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql';

/** The fields that an operation asks of the root type, those in fragments among them, in the order of the document. */
export function rootFieldsOf(document: DocumentNode, operationName: string | undefined): readonly FieldNode[] {
  const operation = getOperationAST(document, operationName);
  if (operation == null) return [];
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const fieldsOf = ({ selections }: SelectionSetNode): readonly FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet);
      // A validated document has no fragment that holds itself.
      const spread = fragments.get(selection.name.value);
      return spread === undefined ? [] : fieldsOf(spread);
    });
  return fieldsOf(operation.selectionSet);
}
