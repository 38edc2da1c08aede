import { agentCard } from '../agent-card.ts';
import { TEXT_ROOT } from '../writers.ts';
import type { Belongings } from './belongings.ts';

/** A request for one thing of a tenant. */
export interface RestRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Requests = readonly ((of: Belongings) => RestRequest)[];

const key = ({ apiKeyId }: Belongings) => ({ params: { id: apiKeyId } });
const role = ({ roleId }: Belongings) => ({ params: { id: roleId } });
const member = ({ memberId }: Belongings) => ({ params: { id: memberId } });
const agent = ({ agentId }: Belongings) => ({ params: { id: agentId } });
const document = ({ documentId }: Belongings) => ({ params: { id: documentId } });
const documentMember = ({ documentId, memberId }: Belongings) => ({ params: { id: documentId, userId: memberId } });
const documentVersion = ({ documentId, documentVersionId }: Belongings) => ({
  params: { id: documentId, versionId: documentVersionId },
});
const branch = ({ branchId }: Belongings) => ({ params: { id: branchId } });
const shareLink = ({ documentId, shareLinkId }: Belongings) => ({ params: { id: documentId, linkId: shareLinkId } });
const thread = ({ documentId, threadId }: Belongings) => ({ params: { id: documentId, threadId } });
const comment = ({ documentId, threadId, commentId }: Belongings) => ({
  params: { id: documentId, threadId, commentId },
});

/**
 * By operation id: requests that name a thing by each id that the operation takes. An operation that takes an id and is
 * missing here fails the test.
 */
export const REST_REQUESTS: Readonly<Record<string, Requests>> = {
  switchTenant: [({ tenantId }) => ({ body: { tenantId } })],
  getApiKey: [key],
  revokeApiKey: [key],
  rerollApiKey: [(of) => ({ ...key(of), body: { overlapSeconds: 60 } })],
  getRole: [role],
  updateRole: [(of) => ({ ...role(of), body: { description: 'changed' } })],
  deleteRole: [role],
  revokeSession: [({ sessionId }) => ({ params: { id: sessionId } })],
  getUser: [member],
  updateUser: [
    (of) => ({ ...member(of), body: { role: 'viewer' } }),
    (of) => ({ ...member(of), body: { isDisabled: true } }),
  ],
  removeUser: [member],
  listUsers: [({ memberEmail }) => ({ query: { email: memberEmail } })],

  listAgents: [({ tenantId }) => ({ query: { tenant_id: tenantId } })],
  findAgent: [agent, (of) => ({ ...agent(of), headers: { 'if-none-match': '*' } })],
  updateAgent: [
    (of) => ({ ...agent(of), body: { description: 'changed' } }),
    (of) => ({ ...agent(of), body: { description: 'changed' }, headers: { 'if-match': '"v1"' } }),
    (of) => ({ ...agent(of), body: { version: '3.0.0', spec: { ...agentCard, version: '3.0.0' } } }),
  ],
  deleteAgent: [agent],
  changeAgentStatus: [(of) => ({ ...agent(of), body: { status: 'active' } })],
  checkAgent: [agent],
  listAgentVersions: [agent],
  findAgentVersion: [({ agentId, agentVersion }) => ({ params: { id: agentId, version: agentVersion } })],

  listDocuments: [
    ({ tenantId }) => ({ query: { tenant_id: tenantId } }),
    ({ userId }) => ({ query: { createdBy: userId } }),
  ],
  findDocument: [document, (of) => ({ ...document(of), headers: { 'if-none-match': '*' } })],
  changeDocument: [
    (of) => ({ ...document(of), body: { title: 'changed' } }),
    (of) => ({ ...document(of), body: { visibility: 'private' } }),
  ],
  deleteDocument: [document],
  collaborate: [
    (of) => ({
      ...document(of),
      body: { operations: [{ textInsert: { path: [TEXT_ROOT], at: { index: 0 }, text: 'x' } }] },
    }),
    // Would be refused for what the document holds, if it were looked at.
    (of) => ({
      ...document(of),
      headers: { 'if-match': '"v1"' },
      body: { operations: [{ textDelete: { path: [TEXT_ROOT], at: { index: 0 }, length: 1, expect: 'u' } }] },
    }),
  ],
  listDocumentMembers: [document],
  setDocumentMember: [(of) => ({ ...documentMember(of), body: { level: 'manage' } })],
  removeDocumentMember: [documentMember],
  createShareLink: [(of) => ({ ...document(of), body: { level: 'view' } })],
  listShareLinks: [document],
  revokeShareLink: [shareLink],
  listCommentThreads: [document],
  listMentionablePeople: [document],
  beginCommentThread: [
    (of) => ({ ...document(of), body: { body: 'x', anchor: { root: TEXT_ROOT, start: 0, end: 1 } } }),
  ],
  findCommentThread: [thread],
  setCommentThreadStatus: [(of) => ({ ...thread(of), body: { status: 'resolved' } })],
  deleteCommentThread: [thread],
  listComments: [thread],
  replyToCommentThread: [(of) => ({ ...thread(of), body: { body: `@[x](user:${of.memberId})` } })],
  editComment: [(of) => ({ ...comment(of), body: { body: 'x' } })],
  deleteComment: [comment],
  exportDocument: [(of) => ({ ...document(of), query: { format: 'text' } })],
  readDocumentSchema: [document],
  setDocumentSchema: [(of) => ({ ...document(of), body: { schema: null } })],
  createDocumentVersion: [(of) => ({ ...document(of), body: { name: 'x' } })],
  listDocumentVersions: [document],
  readDocumentVersion: [documentVersion],
  renameDocumentVersion: [(of) => ({ ...documentVersion(of), body: { name: 'x' } })],
  deleteDocumentVersion: [documentVersion],
  restoreDocumentVersion: [(of) => ({ ...documentVersion(of), body: {} })],
  diffDocument: [
    (of) => ({ ...document(of), query: { from: of.documentVersionId } }),
    (of) => ({ ...document(of), query: { from: '0' } }),
  ],
  createDocumentBranch: [(of) => ({ ...document(of), body: { title: 'x' } })],
  listDocumentBranches: [document],
  previewDocumentMerge: [branch],
  mergeDocument: [(of) => ({ ...branch(of), body: {} })],
  listDocumentHistory: [document],
  readDocumentAttribution: [document],
  eraseDocumentHistory: [(of) => ({ ...document(of), body: {} })],
  undoDocumentUpdate: [(of) => ({ ...document(of), body: { sequence: 1 } })],
  readDocumentState: [document],
  listDocumentUpdates: [document],

  listAuditEntries: [({ userId }) => ({ query: { actor_id: userId } })],
  getAuditEntry: [({ auditEntryId }) => ({ params: { id: auditEntryId } })],
};

/** Writes a request as method, path and body. */
export function requestLine(path: string, { params = {}, query = {} }: RestRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? filled : `${filled}?${search}`;
}

/** Where schemas of a route say that an id may stand: `params.id`, `query.tenant_id`, `body.tenantId`. */
export function idPlaces(route: {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}): readonly string[] {
  return [
    ...uuidPlaces(route.params, 'params'),
    ...uuidPlaces(route.query, 'query'),
    ...uuidPlaces(route.body, 'body'),
  ];
}

function uuidPlaces(schema: unknown, place: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { format, properties, items, anyOf } = schema as {
    readonly format?: string;
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly items?: unknown;
    readonly anyOf?: readonly unknown[];
  };
  if (format === 'uuid') return [place];
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, property]) => uuidPlaces(property, `${place}.${name}`)),
    ...uuidPlaces(items, `${place}[]`),
    ...(anyOf ?? []).flatMap((option) => uuidPlaces(option, place)),
  ];
}

/** Whether a request gives an id at a place. */
export function fills(request: RestRequest, place: string): boolean {
  const value = place
    .replaceAll('[]', '.0')
    .split('.')
    .reduce<unknown>((within, name) => (within as Record<string, unknown> | undefined)?.[name], request);
  return typeof value === 'string';
}
