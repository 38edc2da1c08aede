import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
} from 'graphql';

/**
 * Directives of federation 2 that an SDL may import, with the definitions the specification gives them. Not `@requires`:
 * the planner fails on a field that requires another where its entity stands behind a second join.
 */
const FEDERATION_DIRECTIVES: ReadonlyMap<string, string> = new Map([
  [
    '@key',
    'directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE',
  ],
  ['@shareable', 'directive @shareable repeatable on FIELD_DEFINITION | OBJECT'],
  ['@override', 'directive @override(from: String!, label: String) on FIELD_DEFINITION'],
  [
    '@inaccessible',
    'directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION',
  ],
  [
    '@tag',
    'directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA',
  ],
]);

const COMMON_DEFINITIONS = `
  scalar link__Import
  scalar federation__FieldSet
  directive @link(url: String!, as: String, import: [link__Import]) repeatable on SCHEMA
`;

/** A subgraph's schema as it is executed: its own types, and what a gateway asks of every subgraph. */
export interface SubgraphSchema {
  readonly schema: GraphQLSchema;
  /** Types whose objects other subgraphs refer to and this one resolves. */
  readonly entities: readonly string[];
}

/**
 * Builds the executable schema of a federation 2 SDL: directive definitions, `_service` and `_entities` are added.
 * @throws GraphQLError when the SDL is not valid; Error when it imports a directive that is not supported.
 */
export function subgraphSchema(name: string, sdl: string): SubgraphSchema {
  const document = parse(sdl);
  const entities = document.definitions
    .filter(isObjectType)
    .filter(isResolvableEntity)
    .map((node) => node.name.value);
  const machinery = parse(
    [COMMON_DEFINITIONS, ...importedDirectives(name, document), machineryOf([...new Set(entities)])].join('\n'),
    { noLocation: true },
  );
  const definitions = standAlone([...document.definitions, ...machinery.definitions]);
  return { schema: buildASTSchema({ kind: Kind.DOCUMENT, definitions }), entities: [...new Set(entities)] };
}

function machineryOf(entities: readonly string[]): string {
  const entityField = '_entities(representations: [_Any!]!): [_Entity]!';
  return `
    type _Service { sdl: String }
    ${entities.length === 0 ? '' : `scalar _Any union _Entity = ${entities.join(' | ')}`}
    extend type Query { _service: _Service! ${entities.length === 0 ? '' : entityField} }
  `;
}

/** An extension of a type that no definition here begins becomes that definition, as federation reads it. */
function standAlone(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
  const defined = new Set(
    definitions.flatMap((node) => (node.kind === Kind.OBJECT_TYPE_DEFINITION ? [node.name.value] : [])),
  );
  return definitions.map((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_EXTENSION || defined.has(node.name.value)) return node;
    defined.add(node.name.value);
    return { ...node, kind: Kind.OBJECT_TYPE_DEFINITION };
  });
}

function importedDirectives(name: string, document: DocumentNode): readonly string[] {
  const links = document.definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_EXTENSION || node.kind === Kind.SCHEMA_DEFINITION ? (node.directives ?? []) : [],
    )
    .filter((directive) => directive.name.value === 'link');
  return links.flatMap(importsOf).map((imported) => {
    const definition = FEDERATION_DIRECTIVES.get(imported);
    if (definition === undefined) throw new Error(`subgraph ${name} imports ${imported}, which is not supported`);
    return definition;
  });
}

function importsOf(link: ConstDirectiveNode): readonly string[] {
  const list = link.arguments?.find((argument) => argument.name.value === 'import')?.value;
  if (list?.kind !== Kind.LIST) return [];
  return list.values.map((value) => (value.kind === Kind.STRING ? value.value : 'a renamed directive'));
}

type ObjectType = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

const isObjectType = (node: DefinitionNode): node is ObjectType =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;

const isResolvableEntity = (node: ObjectType): boolean =>
  (node.directives ?? []).some((directive) => directive.name.value === 'key' && isResolvable(directive));

function isResolvable(key: ConstDirectiveNode): boolean {
  const value = key.arguments?.find((argument) => argument.name.value === 'resolvable')?.value;
  return !(value?.kind === Kind.BOOLEAN && !value.value);
}
