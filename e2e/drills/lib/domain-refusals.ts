import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import { cardOf, type Furnished } from './furnish.ts';
import { untilTrue } from './wait.ts';

/** A refusal that only the state of things brings about. */
export interface DomainRefusal {
  readonly operationId: string;
  readonly code: string;
  readonly answer: ApiAnswer;
}

const PASSWORD = 'violet tractor sonnet';

/** Provokes the refusals that services know of themselves: names taken, last owners, stale versions, wrong moves. */
export async function domainRefusals(api: ApiClient, { owner, ids }: Furnished): Promise<readonly DomainRefusal[]> {
  const refusals: DomainRefusal[] = [];
  const expect = async (operationId: string, code: string, answer: Promise<ApiAnswer>): Promise<void> => {
    refusals.push({ operationId, code, answer: await answer });
  };
  await ofIdentities(expect, api, owner, ids);
  await ofAgents(expect, owner.api, ids.get('agents') ?? '');
  await ofDocuments(expect, owner.api, ids.get('documents') ?? '');
  await ofPeople(expect, api, owner.api, ids.get('documents') ?? '');
  return refusals;
}

type Expect = (operationId: string, code: string, answer: Promise<ApiAnswer>) => Promise<void>;

async function ofIdentities(
  expect: Expect,
  api: ApiClient,
  owner: Furnished['owner'],
  ids: Furnished['ids'],
): Promise<void> {
  const { email, userId } = owner;
  const by = owner.api;
  await expect(
    'signUp',
    'EMAIL_TAKEN',
    api.post('/api/v1/auth/signup', { email, password: PASSWORD, tenantName: 'x' }),
  );
  await expect('logIn', 'INVALID_CREDENTIALS', api.post('/api/v1/auth/login', { email, password: 'not this one' }));
  await expect('refreshSession', 'SESSION_ENDED', api.post('/api/v1/auth/refresh', { refreshToken: 'cfr_none' }));
  await expect('addUser', 'ALREADY_MEMBER', by.post('/api/v1/users', { email, role: 'staff', password: PASSWORD }));
  await expect('updateUser', 'LAST_OWNER', by.patch(`/api/v1/users/${userId}`, { role: 'staff' }));
  await expect('removeUser', 'LAST_OWNER', by.delete(`/api/v1/users/${userId}`));
  const role = { name: 'drilled-role', permissions: ['user:read'] };
  const made = await by.post('/api/v1/roles', role);
  await expect('createRole', 'ROLE_NAME_TAKEN', by.post('/api/v1/roles', role));
  await by.patch(`/api/v1/users/${ids.get('users')}`, { role: role.name });
  await expect('deleteRole', 'ROLE_IN_USE', by.delete(`/api/v1/roles/${(made.body as { id: string }).id}`));
  const key = (await by.post('/api/v1/api-keys', { name: 'drill', scopes: ['user:read'] })).body as { id: string };
  await by.delete(`/api/v1/api-keys/${key.id}`);
  await expect('rerollApiKey', 'API_KEY_ENDED', by.post(`/api/v1/api-keys/${key.id}/reroll`, { overlapSeconds: 60 }));
}

async function ofAgents(expect: Expect, by: ApiClient, id: string): Promise<void> {
  const path = `/api/v1/agents/${id}`;
  const body = { name: 'x', version: '1', spec: cardOf('x') };
  await expect('createAgent', 'AGENT_SPEC_INVALID', by.post('/api/v1/agents', { ...body, spec: { name: 'x' } }));
  await expect('createAgent', 'AGENT_STATUS_MOVE', by.post('/api/v1/agents', { ...body, status: 'active' }));
  await expect('updateAgent', 'AGENT_VERSION_TAKEN', by.patch(path, { spec: cardOf('changed') }));
  await expect('updateAgent', 'PRECONDITION_FAILED', by.patch(path, { name: 'x' }, { 'if-match': '"v999"' }));
  await expect('changeAgentStatus', 'AGENT_STATUS_MOVE', by.post(`${path}/status`, { status: 'degraded' }));
  const key = { 'idempotency-key': 'drilled' };
  await by.post('/api/v1/agents', body, key);
  await expect('createAgent', 'IDEMPOTENCY_KEY_REUSED', by.post('/api/v1/agents', { ...body, name: 'y' }, key));
}

async function ofDocuments(expect: Expect, by: ApiClient, id: string): Promise<void> {
  const path = `/api/v1/documents/${id}/collaborate`;
  const insert = (index: number) => ({ textInsert: { path: ['content'], at: { index }, text: 'x' } });
  await expect('collaborate', 'INVALID_OPERATION', by.post(path, { operations: [insert(999)] }));
  await by.post(path, { operations: [insert(0)] });
  await expect('collaborate', 'CONFLICT', by.post(path, { operations: [insert(0)] }, { 'if-match': '"v0"' }));
}

/** Share links and comments. */
async function ofPeople(expect: Expect, api: ApiClient, by: ApiClient, id: string): Promise<void> {
  const path = `/api/v1/documents/${id}`;
  const far = { root: 'content', start: 0, end: 9_999 };
  await expect('beginCommentThread', 'ANCHOR_NOT_FOUND', by.post(`${path}/comments`, { body: 'x', anchor: far }));
  const stale = { body: 'x', anchor: { root: 'content', start: 0, end: 1 } };
  await expect('beginCommentThread', 'CONFLICT', by.post(`${path}/comments`, stale, { 'if-match': '"v0"' }));
  const link = async (more: object): Promise<Record<string, unknown>> =>
    (await by.post(`${path}/share-links`, { level: 'view', ...more })).body as Record<string, unknown>;
  const open = (body: object) => api.post('/api/v1/share-links/open', body);
  const { token } = await link({ password: 'right', maxUses: 1 });
  await expect('openShareLink', 'SHARE_LINK_UNKNOWN', open({ token: 'cfs_none' }));
  await expect('openShareLink', 'SHARE_PASSWORD_NEEDED', open({ token }));
  await expect('openShareLink', 'SHARE_PASSWORD_WRONG', open({ token, password: 'wrong' }));
  const opened = (await open({ token, password: 'right' })).body as { shareToken: string };
  await expect('openShareLink', 'SHARE_LINK_USED_UP', open({ token, password: 'right' }));
  const brief = await link({ expiresAt: new Date(Date.now() + BRIEF_MS).toISOString() });
  await untilTrue(async () => (await open({ token: brief['token'] })).status === 410, ENDED_MAX_MS);
  await expect('openShareLink', 'SHARE_LINK_EXPIRED', open({ token: brief['token'] }));
  const read = (shareToken: string) => api.get('/api/v1/shared-document', { 'x-share-token': shareToken });
  await expect('readSharedDocument', 'SHARE_TOKEN_INVALID', read('none'));
  const [first] = (
    (await by.get(`${path}/share-links`)).body as { data: { id: string; hasPassword: boolean }[] }
  ).data.filter(({ hasPassword }) => hasPassword);
  await by.delete(`${path}/share-links/${first?.id}`);
  await expect('readSharedDocument', 'SHARE_LINK_UNKNOWN', read(opened.shareToken));
}

/** How long a link lives that is to be seen ending. */
const BRIEF_MS = 500;
/** It is seen to be over by then. */
const ENDED_MAX_MS = 5_000;
