import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { agentCard } from '../agent-card.ts';
import { TEXT_ROOT } from '../writers.ts';
import type { Belongings } from './belongings.ts';

type Variables = Readonly<Record<string, unknown>>;
type Requests = readonly ((of: Belongings) => Variables)[];

const insertion = [{ textInsert: { path: [TEXT_ROOT], at: { index: 0 }, text: 'x' } }];
const key = ({ apiKeyId }: Belongings) => ({ id: apiKeyId });
const role = ({ roleId }: Belongings) => ({ id: roleId });
const member = ({ memberId }: Belongings) => ({ id: memberId });
const agent = ({ agentId }: Belongings) => ({ id: agentId });
const document = ({ documentId }: Belongings) => ({ id: documentId });
const ofDocument = ({ documentId }: Belongings) => ({ documentId });
const version = ({ documentVersionId }: Belongings) => ({ id: documentVersionId });
const thread = ({ documentId, threadId }: Belongings) => ({ documentId, threadId });
const comment = ({ documentId, threadId, commentId }: Belongings) => ({ documentId, threadId, commentId });
const filtered = [({ userId }: Belongings) => ({ filter: { createdBy: userId }, first: 5 })];
const byEmail = [({ memberEmail }: Belongings) => ({ filter: { email: memberEmail }, first: 5 })];

/**
 * By field of a root type: arguments that name a thing by each id that the field takes. A field that takes an id and is
 * missing here fails the test.
 */
export const GRAPHQL_REQUESTS: Readonly<Record<string, Requests>> = {
  'Query.user': [member],
  'Query.users': byEmail,
  'Query.usersConnection': byEmail,
  'Query.agent': [agent],
  'Query.document': [document],
  'Query.documentVersion': [version],
  'Query.documentDiff': [
    (of) => ({ ...document(of), from: of.documentVersionId }),
    (of) => ({ ...document(of), from: '0' }),
  ],
  'Query.documentMergePreview': [({ branchId }) => ({ branchId })],
  'Query.documents': filtered,
  'Query.documentsConnection': filtered,
  'Query.auditEntriesConnection': [({ userId }) => ({ filter: { actorId: userId }, first: 5 })],

  'Mutation.switchTenant': [({ tenantId }) => ({ tenantId })],
  'Mutation.updateUser': [(of) => ({ ...member(of), input: { role: 'viewer' } })],
  'Mutation.removeUser': [member],
  'Mutation.updateRole': [(of) => ({ ...role(of), input: { description: 'changed' } })],
  'Mutation.deleteRole': [role],
  'Mutation.rerollApiKey': [key],
  'Mutation.revokeApiKey': [key],
  'Mutation.revokeSession': [({ sessionId }) => ({ id: sessionId })],
  'Mutation.updateAgent': [
    (of) => ({ ...agent(of), input: { description: 'changed' } }),
    (of) => ({ ...agent(of), input: { status: 'active', expectedRevision: 1 } }),
    (of) => ({ ...agent(of), input: { version: '3.0.0', spec: { ...agentCard, version: '3.0.0' } } }),
  ],
  'Mutation.deleteAgent': [agent],
  'Mutation.checkAgent': [agent],
  'Mutation.updateDocument': [
    (of) => ({ ...document(of), operations: insertion }),
    (of) => ({ ...document(of), operations: insertion, options: { expectedVersion: 1 } }),
  ],
  'Mutation.renameDocument': [(of) => ({ ...document(of), title: 'changed' })],
  'Mutation.deleteDocument': [document],
  'Mutation.setDocumentSchema': [(of) => ({ ...document(of), schema: null })],
  'Mutation.createDocumentVersion': [(of) => ({ ...ofDocument(of), name: 'x' })],
  'Mutation.renameDocumentVersion': [(of) => ({ ...version(of), name: 'x' })],
  'Mutation.deleteDocumentVersion': [version],
  'Mutation.restoreDocumentVersion': [
    ({ documentId, documentVersionId }) => ({ documentId, versionId: documentVersionId }),
  ],
  'Mutation.createDocumentBranch': [(of) => ({ ...ofDocument(of), title: 'x' })],
  'Mutation.mergeDocument': [({ branchId }) => ({ branchId })],
  'Mutation.eraseDocumentHistory': [document],
  'Mutation.undoDocumentUpdate': [(of) => ({ ...document(of), sequence: 1 })],
  'Mutation.setDocumentVisibility': [(of) => ({ ...document(of), visibility: 'private' })],
  'Mutation.setDocumentMember': [({ documentId, memberId }) => ({ documentId, memberId, level: 'manage' })],
  'Mutation.removeDocumentMember': [({ documentId, memberId }) => ({ documentId, memberId })],
  'Mutation.beginCommentThread': [(of) => ({ ...ofDocument(of), input: { body: 'x' } })],
  'Mutation.setCommentThreadStatus': [(of) => ({ ...thread(of), status: 'resolved' })],
  'Mutation.deleteCommentThread': [thread],
  'Mutation.replyToCommentThread': [(of) => ({ ...thread(of), body: 'x' })],
  'Mutation.editComment': [(of) => ({ ...comment(of), body: 'x' })],
  'Mutation.deleteComment': [comment],

  'Subscription.commentChanged': [ofDocument],
  'Subscription.documentUpdated': [document, (of) => ({ ...document(of), after: of.documentCursor })],
  'Subscription.agentStatusChanged': [({ tenantId }) => ({ tenantId })],
};

/** A field of a root type, and the operation that asks for everything it gives. */
export interface RootField {
  /** `Query.agent` */
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly document: string;
  /** Where its arguments hold ids: `id`, `filter.createdBy`. */
  readonly idPlaces: readonly string[];
  /** Whether it can be asked without arguments. */
  readonly needsNothing: boolean;
  /** Whether it is a connection, which gives cursors. */
  readonly isConnection: boolean;
}

/** An item of a list and what it refers to; deeper, a document asks for more fields than an operation may have. */
const SELECTION_DEPTH = 3;
/** Items of lists inside of items, to stay within the cost of an operation. */
const INNER_ITEMS = 2;

/** Every field of the root types. */
export function rootFields(schema: GraphQLSchema): readonly RootField[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      name: `${type?.name}.${field.name}`,
      kind,
      document: documentOf(kind, field),
      idPlaces: field.args.flatMap((argument) => idPlaces(argument.type, argument.name)),
      needsNothing: field.args.every((argument) => !isRequired(argument)),
      isConnection: field.name.endsWith('Connection'),
    })),
  );
}

const isRequired = ({ type, defaultValue }: GraphQLArgument): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** What has a default may be left out, and so may its variable. */
const variableType = ({ type, defaultValue }: GraphQLArgument): string =>
  defaultValue === undefined ? String(type) : String(type).replace(/!$/, '');

function documentOf(kind: string, field: GraphQLField<unknown, unknown>): string {
  const declared = field.args.map((argument) => `$${argument.name}: ${variableType(argument)}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const [head, args] = declared === '' ? [kind, ''] : [`${kind}(${declared})`, `(${passed})`];
  return `${head} { ${field.name}${args}${selectionOf(field.type, SELECTION_DEPTH)} }`;
}

/**
 * Everything that can be asked of a type without arguments of one's own. A type inside of itself gives its leaves: a document
 * whose branches are documents would else be asked for in whole again.
 */
function selectionOf(type: GraphQLOutputType, depthMax: number, within: readonly string[] = []): string {
  const named = getNamedType(type);
  const depth = within.includes(named.name) ? 1 : depthMax;
  if (isLeafType(named) || !isObjectType(named)) return '';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some(isRequired)) return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    if (depth === 1) return [];
    const few = field.args.some(({ name }) => name === 'first') ? `(first: ${INNER_ITEMS})` : '';
    const inner = selectionOf(field.type, depth - 1, [...within, named.name]);
    return inner === '' ? [] : [`${field.name}${few}${inner}`];
  });
  return parts.length === 0 ? '' : ` { ${parts.join(' ')} }`;
}

function idPlaces(type: GraphQLInputType, place: string, seen: readonly string[] = []): readonly string[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [place];
  if (!isInputObjectType(named) || seen.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    idPlaces(field.type, `${place}.${field.name}`, [...seen, named.name]),
  );
}

/** Whether variables give an id at a place. */
export function gives(variables: Variables, place: string): boolean {
  const value = place
    .split('.')
    .reduce<unknown>((within, name) => (within as Variables | undefined)?.[name], variables);
  return typeof value === 'string';
}
