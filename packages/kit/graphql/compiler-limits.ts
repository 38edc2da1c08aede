import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isScalarType,
  Kind,
  TypeInfo,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Whether the document says something that graphql-jit gets wrong: a variable inside a literal of a custom scalar. */
export function isBeyondCompiler(schema: GraphQLSchema, document: DocumentNode): boolean {
  const typeInfo = new TypeInfo(schema);
  let found = false;
  const Argument = (node: ArgumentNode): void => {
    const type = typeInfo.getArgument()?.type;
    if (type !== undefined) found ||= scalarHoldsVariable(type, node.value);
  };
  visit(document, visitWithTypeInfo(typeInfo, { Argument }));
  return found;
}

function scalarHoldsVariable(outer: GraphQLInputType, value: ValueNode): boolean {
  const type = getNullableType(outer);
  if (isListType(type)) {
    const items = value.kind === Kind.LIST ? value.values : [value];
    return items.some((item) => scalarHoldsVariable(type.ofType, item));
  }
  if (isInputObjectType(type) && value.kind === Kind.OBJECT) {
    const fields = type.getFields();
    return value.fields.some((field) => {
      const fieldType = fields[field.name.value]?.type;
      return fieldType !== undefined && scalarHoldsVariable(fieldType, field.value);
    });
  }
  return isScalarType(type) && value.kind !== Kind.VARIABLE && holdsVariable(value);
}

function holdsVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(holdsVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => holdsVariable(field.value));
}

/** Whether a variable can hold an input of which exactly one member is to be given: graphql-jit does not check that. */
export function takesOneOf(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): boolean {
  const seen = new Set<GraphQLNamedInputType>();
  const holdsOneOf = (outer: GraphQLInputType): boolean => {
    const type = getNamedType(outer);
    if (!isInputObjectType(type) || seen.has(type)) return false;
    seen.add(type);
    return type.isOneOf || Object.values(type.getFields()).some((field) => holdsOneOf(field.type));
  };
  return definitions.some((definition) => {
    const type = typeFromAST(schema, definition.type);
    return isInputType(type) && holdsOneOf(type);
  });
}
