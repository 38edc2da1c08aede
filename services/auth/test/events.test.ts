import { beforeAll, expect, test } from 'vitest';
import { newEmail, PASSWORD, type RunningAuthNetwork, sharedAuthNetwork } from './auth-network.ts';

let network: RunningAuthNetwork;
beforeAll(async () => {
  network = await sharedAuthNetwork();
});

test('every change leaves its event in the log of the tenant, with who did it and without addresses or secrets', async () => {
  const owner = await network.signUp();
  const email = newEmail();
  const added = await owner.api.post('/api/v1/users', { email, role: 'staff', password: PASSWORD });
  const { id } = added.body as { id: string };
  await owner.api.patch(`/api/v1/users/${id}`, { role: 'manager' });
  await owner.api.patch(`/api/v1/users/${id}`, { isDisabled: true });
  await owner.api.patch(`/api/v1/users/${id}`, { isDisabled: false });
  const role = (await owner.api.post('/api/v1/roles', { name: 'r', permissions: ['user:read'] })).body as {
    id: string;
  };
  await owner.api.patch(`/api/v1/roles/${role.id}`, { permissions: ['role:read'] });
  await owner.api.delete(`/api/v1/roles/${role.id}`);
  const key = (await owner.api.post('/api/v1/api-keys', { name: 'k', scopes: ['user:read'] })).body as {
    id: string;
    key: string;
  };
  const next = (await owner.api.post(`/api/v1/api-keys/${key.id}/reroll`, {})).body as { id: string; key: string };
  await owner.api.delete(`/api/v1/api-keys/${next.id}`);
  await owner.api.delete(`/api/v1/users/${id}`);
  await owner.api.post('/api/v1/auth/logout');

  const rows = await network.sql(
    'select seq, name, actor_kind, actor_id, payload::text from platform.events where tenant_id = $1 order by seq',
    [owner.tenantId],
  );
  expect(rows.map((row) => row['name'])).toEqual([
    'auth.tenant.created.v1',
    'auth.user.signed-up.v1',
    'auth.session.started.v1',
    'auth.user.added.v1',
    'auth.user.role-changed.v1',
    'auth.user.disabled.v1',
    'auth.user.enabled.v1',
    'auth.role.created.v1',
    'auth.role.updated.v1',
    'auth.role.deleted.v1',
    'auth.api-key.created.v1',
    'auth.api-key.rerolled.v1',
    'auth.api-key.revoked.v1',
    'auth.user.removed.v1',
    'auth.session.ended.v1',
  ]);
  expect(new Set(rows.map((row) => `${row['actor_kind']} ${row['actor_id']}`))).toEqual(new Set([`user ${owner.id}`]));
  const log = rows.map((row) => row['payload']).join('\n');
  for (const secret of [email, owner.email, key.key, next.key, owner.token, owner.refreshToken])
    expect(log).not.toContain(secret);
});

test('a change that fails leaves no event', async () => {
  const owner = await network.signUp();
  await owner.api.delete(`/api/v1/users/${owner.id}`);
  const rows = await network.sql('select name from platform.events where tenant_id = $1', [owner.tenantId]);
  expect(rows).toHaveLength(3);
});

test('a request repeated with its Idempotency-Key adds one member and answers the same bytes', async () => {
  const owner = await network.signUp();
  const body = { email: newEmail(), role: 'staff', password: PASSWORD };
  const headers = { 'idempotency-key': 'add-once' };

  const first = await owner.api.post('/api/v1/users', body, headers);
  const second = await owner.api.post('/api/v1/users', body, headers);

  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.text).toBe(first.text);
  const users = (await owner.api.get('/api/v1/users')).body as { data: unknown[] };
  expect(users.data).toHaveLength(2);
});
