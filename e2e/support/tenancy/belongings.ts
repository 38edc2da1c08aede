import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@candlefish/testkit/api-client';
import { agentCard } from '../agent-card.ts';
import { eventually } from '../wait.ts';
import { TEXT_ROOT } from '../writers.ts';

/** Ids of things of one tenant: one of each kind that an operation can name. */
export interface Belongings {
  readonly tenantId: string;
  readonly userId: string;
  readonly memberId: string;
  readonly memberEmail: string;
  readonly roleId: string;
  readonly apiKeyId: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly documentId: string;
  readonly documentCursor: string;
  readonly documentVersionId: string;
  /** A document that began as a copy of the other one. */
  readonly branchId: string;
  readonly shareLinkId: string;
  readonly threadId: string;
  readonly commentId: string;
  readonly auditEntryId: string;
}

/** Whoever owns belongings. */
export interface Owner {
  readonly api: ApiClient;
  readonly tenantId: string;
  readonly userId: string;
  readonly email: string;
  readonly password: string;
}

/** Stands in every name and text of the tenant that must stay closed, and nowhere else. */
export const MARKER = 'umbra';

const created = async (api: ApiClient, path: string, body: object): Promise<Record<string, unknown>> => {
  const answer = await api.post(path, body);
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.body as Record<string, unknown>;
};

/** A reader of the event log is at most this late. */
const READ_MAX_MS = 10_000;

/** The first item of a list, as soon as there is one. @throws Error when the list stays empty or is refused. */
const firstOf = (api: ApiClient, path: string): Promise<Record<string, unknown>> =>
  eventually(`${path} has something`, READ_MAX_MS, async () => {
    const { status, text, body } = await api.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
    return (body as { data: readonly Record<string, unknown>[] }).data[0] ?? null;
  });

/** Makes one thing of each kind in the owner's tenant. */
export async function makeBelongings({ api, tenantId, userId, email, password }: Owner): Promise<Belongings> {
  const tag = randomUUID().slice(-12);
  const name = `${MARKER} ${tag}`;
  const memberEmail = `${MARKER}.${tag}@example.test`;
  const [member, role, key, session, agent, document] = await Promise.all([
    created(api, '/api/v1/users', { email: memberEmail, role: 'staff', password: `${name} pass` }),
    created(api, '/api/v1/roles', { name: `${MARKER}-${tag}`, permissions: ['agent:read'] }),
    created(api, '/api/v1/api-keys', { name, scopes: ['agent:read'] }),
    newSession(api, { email, password }),
    created(api, '/api/v1/agents', { name, version: agentCard.version, spec: agentCard }),
    writtenDocument(api, name),
  ]);
  const documentPath = `/api/v1/documents/${String(document['id'])}`;
  const [version, branch, link, [thread, reply], entry] = await Promise.all([
    created(api, `${documentPath}/versions`, { name }),
    created(api, `${documentPath}/branches`, { title: name }),
    created(api, `${documentPath}/share-links`, { level: 'view' }),
    answeredThread(api, documentPath, name),
    firstOf(api, '/api/v1/audit/entries?limit=1'),
    api.put(`${documentPath}/members/${String(member['id'])}`, { level: 'comment' }),
  ]);
  return {
    tenantId,
    userId,
    memberId: String(member['id']),
    memberEmail,
    roleId: String(role['id']),
    apiKeyId: String(key['id']),
    sessionId: String(session['id']),
    agentId: String(agent['id']),
    agentVersion: agentCard.version,
    documentId: String(document['id']),
    documentCursor: String(document['cursor']),
    documentVersionId: String(version['id']),
    branchId: String(branch['id']),
    shareLinkId: String(link['id']),
    threadId: String(thread['id']),
    commentId: String(reply['id']),
    auditEntryId: String(entry['id']),
  };
}

async function newSession(api: ApiClient, credentials: object): Promise<Record<string, unknown>> {
  await api.post('/api/v1/auth/login', credentials);
  return firstOf(api, '/api/v1/sessions?limit=1');
}

/** A document as it was made, with one update since. */
async function writtenDocument(api: ApiClient, text: string): Promise<Record<string, unknown>> {
  const document = await created(api, '/api/v1/documents', { title: text, contentType: 'text/plain' });
  const operations = [{ textInsert: { path: [TEXT_ROOT], at: { index: 0 }, text } }];
  await api.post(`/api/v1/documents/${String(document['id'])}/collaborate`, { operations });
  return document;
}

async function answeredThread(api: ApiClient, documentPath: string, body: string) {
  const thread = await created(api, `${documentPath}/comments`, { body });
  const path = `${documentPath}/comments/${String(thread['id'])}/replies`;
  return [thread, await created(api, path, { body: `${MARKER} too` })] as const;
}

/** What nobody has, written as belongings are: an answer about these is what an answer about another tenant's must look like. */
export function absentLike({ documentCursor, agentVersion }: Belongings): Belongings {
  return {
    tenantId: randomUUID(),
    userId: randomUUID(),
    memberId: randomUUID(),
    memberEmail: `absnt.${randomUUID().slice(-12)}@example.test`,
    roleId: randomUUID(),
    apiKeyId: randomUUID(),
    sessionId: randomUUID(),
    agentId: randomUUID(),
    agentVersion,
    documentId: randomUUID(),
    documentCursor,
    documentVersionId: randomUUID(),
    branchId: randomUUID(),
    shareLinkId: randomUUID(),
    threadId: randomUUID(),
    commentId: randomUUID(),
    auditEntryId: randomUUID(),
  };
}

/** Everything an owner can read of belongings: the same text as long as nothing of them has changed. */
export async function stateOf(api: ApiClient, of: Belongings): Promise<string> {
  const paths = [
    `/api/v1/users/${of.memberId}`,
    `/api/v1/users/${of.userId}`,
    `/api/v1/roles/${of.roleId}`,
    `/api/v1/api-keys/${of.apiKeyId}`,
    `/api/v1/agents/${of.agentId}`,
    `/api/v1/agents/${of.agentId}/versions`,
    `/api/v1/documents/${of.documentId}`,
    `/api/v1/documents/${of.documentId}/updates`,
    `/api/v1/documents/${of.documentId}/versions`,
    `/api/v1/documents/${of.documentId}/branches`,
    `/api/v1/documents/${of.branchId}`,
    `/api/v1/documents/${of.documentId}/members`,
    `/api/v1/documents/${of.documentId}/share-links`,
    `/api/v1/documents/${of.documentId}/comments`,
    `/api/v1/audit/entries/${of.auditEntryId}`,
  ];
  const answers = await Promise.all(paths.map((path) => api.get(path)));
  const sessions = (await api.get('/api/v1/sessions?limit=200')).body as { data: readonly { id: string }[] };
  const has = sessions.data.some(({ id }) => id === of.sessionId);
  return [...answers.map(({ status, text }) => `${status} ${text}`), `session ${has}`].join('\n');
}
