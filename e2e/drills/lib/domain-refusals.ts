import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import { cardOf, type Furnished } from './furnish.ts';

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
