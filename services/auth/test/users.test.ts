import { ANONYMOUS } from '@candlefish/kit/context';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  authNetwork,
  codeOf,
  newEmail,
  PASSWORD,
  type Person,
  type RunningAuthNetwork,
  sharedAuthNetwork,
  until,
} from './auth-network.ts';

let network: RunningAuthNetwork;
let owner: Person;
let admin: Person;
let viewer: Person;
let stranger: Person;
beforeAll(async () => {
  network = await sharedAuthNetwork();
  owner = await network.signUp();
  stranger = await network.signUp();
  admin = await network.addMember(owner, 'admin');
  viewer = await network.addMember(owner, 'viewer');
});

const ABSENT = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
const meStatus = async (person: Person): Promise<number> => (await person.api.get('/api/v1/auth/me')).status;

describe('members', () => {
  test('are listed to every member, filtered and page by page', async () => {
    const all = await viewer.api.get('/api/v1/users');
    expect((all.body as { data: { id: string }[] }).data.map((user) => user.id)).toEqual([
      owner.id,
      admin.id,
      viewer.id,
    ]);

    const filtered = await viewer.api.get(
      `/api/v1/users?role=admin&email=${encodeURIComponent(admin.email.toUpperCase())}`,
    );
    expect(filtered.body).toMatchObject({ data: [{ id: admin.id, role: 'admin', tenantId: owner.tenantId }] });

    const first = (await viewer.api.get('/api/v1/users?limit=2')).body as { pagination: { nextCursor: string } };
    const second = await viewer.api.get(`/api/v1/users?limit=2&cursor=${first.pagination.nextCursor}`);
    expect(second.body).toMatchObject({ data: [{ id: viewer.id }], pagination: { nextCursor: null } });
  });

  test('of another tenant are not found, exactly as if they did not exist', async () => {
    const foreign = await stranger.api.get(`/api/v1/users/${owner.id}`);
    const absent = await stranger.api.get(`/api/v1/users/${ABSENT}`);

    expect([foreign.status, codeOf(foreign)]).toEqual([404, 'NOT_FOUND']);
    expect(foreign.text.length).toBe(absent.text.length);
    expect((await stranger.api.get('/api/v1/users')).body).toMatchObject({ data: [{ id: stranger.id }] });
  });

  test.each(['owner.api', 'viewer.api', 'stranger.api'] as const)('of nobody are changed by %s', async (who) => {
    const person = { 'owner.api': owner, 'viewer.api': viewer, 'stranger.api': stranger }[who];
    const answer = await person.api.patch(`/api/v1/users/${ABSENT}`, { role: 'staff' });
    expect(answer.status).toBe(who === 'viewer.api' ? 403 : 404);
  });

  test('are added, changed and removed by owners and admins only', async () => {
    const body = { email: newEmail(), role: 'staff', password: PASSWORD };
    const refused = await viewer.api.post('/api/v1/users', body);
    expect([refused.status, codeOf(refused)]).toEqual([403, 'FORBIDDEN']);

    const added = await admin.api.post('/api/v1/users', body);
    expect(added.status).toBe(201);
    const { id } = added.body as { id: string };
    expect(added.headers.get('location')).toBe(`/api/v1/users/${id}`);
    expect((await stranger.api.delete(`/api/v1/users/${id}`)).status).toBe(404);
    expect((await viewer.api.delete(`/api/v1/users/${id}`)).status).toBe(403);
    expect((await admin.api.delete(`/api/v1/users/${id}`)).status).toBe(204);
    expect((await admin.api.get(`/api/v1/users/${id}`)).status).toBe(404);
    const answer = await network.api.post('/api/v1/auth/login', { email: body.email, password: PASSWORD });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'ACCOUNT_DISABLED']);
  });

  test('who have an account keep their password, and the answer does not tell that they have one', async () => {
    const body = { email: stranger.email, role: 'staff', password: 'another pass phrase' };
    const known = await owner.api.post('/api/v1/users', body);
    const unknown = await owner.api.post('/api/v1/users', { ...body, email: newEmail() });

    expect(known.status).toBe(201);
    const shape = (answer: { body: unknown }) =>
      Object.entries(answer.body as object).map(([key, value]) => [key, typeof value]);
    expect(shape(known)).toEqual(shape(unknown));
    const login = await network.api.post('/api/v1/auth/login', {
      email: stranger.email,
      password: 'another pass phrase',
    });
    expect(login.status).toBe(401);
    expect((await network.logIn(stranger.email)).tenantId).toBe(stranger.tenantId);
    const again = await owner.api.post('/api/v1/users', body);
    expect([again.status, codeOf(again)]).toEqual([409, 'ALREADY_MEMBER']);
    await owner.api.delete(`/api/v1/users/${stranger.id}`);
    stranger = await network.logIn(stranger.email);
  });

  test.each([
    ['tenantId', ABSENT],
    ['id', ABSENT],
    ['createdAt', '2020-01-01T00:00:00Z'],
    ['passwordHash', 'x'],
  ])('cannot be given a %s of the caller’s choosing', async (name, value) => {
    const body = { email: newEmail(), role: 'staff', password: PASSWORD, [name]: value };
    expect((await owner.api.post('/api/v1/users', body)).status).toBe(400);
    expect((await owner.api.patch(`/api/v1/users/${viewer.id}`, { role: 'viewer', [name]: value })).status).toBe(400);
  });
});

describe('roles of members', () => {
  test('nobody makes an owner but an owner, and nobody touches one who stands above them', async () => {
    const body = { email: newEmail(), role: 'owner', password: PASSWORD };
    expect((await admin.api.post('/api/v1/users', body)).status).toBe(403);
    expect((await admin.api.patch(`/api/v1/users/${viewer.id}`, { role: 'owner' })).status).toBe(403);
    expect((await admin.api.patch(`/api/v1/users/${owner.id}`, { role: 'viewer' })).status).toBe(403);
    expect((await admin.api.delete(`/api/v1/users/${owner.id}`)).status).toBe(403);
    expect((await admin.api.patch(`/api/v1/users/${admin.id}`, { role: 'owner' })).status).toBe(403);
  });

  test('a changed role refuses the old token within a second and comes with the next refresh', async () => {
    const member = await network.addMember(owner, 'viewer');

    expect((await owner.api.patch(`/api/v1/users/${member.id}`, { role: 'manager' })).body).toMatchObject({
      role: 'manager',
    });

    expect(await meStatus(member)).toBe(401);
    const next = await network.api.post('/api/v1/auth/refresh', { refreshToken: member.refreshToken });
    expect(next.body).toMatchObject({ user: { role: 'manager' } });
    expect((await network.api.as((next.body as { token: string }).token).get('/api/v1/api-keys')).status).toBe(200);
    const [row] = await network.sql('select role from auth.users where id = $1', [member.id]);
    expect(row?.['role']).toBe('manager');
  });

  test('racing a refresh never leaves a token with the old role', async () => {
    const member = await network.addMember(owner, 'viewer');
    let { refreshToken } = member;
    for (const role of ['manager', 'viewer', 'manager', 'viewer', 'manager', 'viewer']) {
      const [next] = await Promise.all([
        network.api.post('/api/v1/auth/refresh', { refreshToken }),
        owner.api.patch(`/api/v1/users/${member.id}`, { role }),
      ]);
      const issued = next.body as { token: string; refreshToken: string; user: { role: string } };
      refreshToken = issued.refreshToken;
      const status = (await network.api.as(issued.token).get('/api/v1/auth/me')).status;
      expect([issued.user.role === role, status]).toEqual(issued.user.role === role ? [true, 200] : [false, 401]);
    }
  });

  test('racing a sign-in never leaves a token with the old role', async () => {
    const member = await network.addMember(owner, 'viewer');
    for (const role of ['manager', 'viewer', 'manager', 'viewer', 'manager', 'viewer']) {
      const [next] = await Promise.all([
        network.logIn(member.email),
        owner.api.patch(`/api/v1/users/${member.id}`, { role }),
      ]);
      const me = await next.api.get('/api/v1/auth/me');
      if (me.status === 200) expect(me.body).toMatchObject({ role });
      const canMakeKeys = (await next.api.get('/api/v1/api-keys')).status === 200;
      expect(canMakeKeys).toBe(me.status === 200 && role === 'manager');
    }
  });

  test('an unknown role is refused', async () => {
    const answer = await owner.api.patch(`/api/v1/users/${viewer.id}`, { role: 'captain' });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION_FAILED']);
  });
});

describe('the last owner', () => {
  test('can neither be demoted, disabled nor removed', async () => {
    const person = await network.signUp();
    const path = `/api/v1/users/${person.id}`;

    const answers = [
      await person.api.patch(path, { role: 'admin' }),
      await person.api.patch(path, { isDisabled: true }),
      await person.api.delete(path),
    ];

    for (const answer of answers) expect([answer.status, codeOf(answer)]).toEqual([409, 'LAST_OWNER']);
    expect(await meStatus(person)).toBe(200);
  });

  test('remains when two owners demote each other at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await network.signUp();
      const second = await network.addMember(first, 'owner');

      await Promise.all([
        first.api.patch(`/api/v1/users/${second.id}`, { role: 'viewer' }),
        second.api.patch(`/api/v1/users/${first.id}`, { role: 'viewer' }),
      ]);

      const sql = "select user_id from auth.memberships where tenant_id = $1 and role = 'owner'";
      expect(await network.sql(sql, [first.tenantId])).toHaveLength(1);
    }
  });
});

describe('a disabled member', () => {
  test('is out within a second, on every node and by every credential, and can be let in again', async () => {
    const elsewhere = await authNetwork({ database: network.database });
    try {
      const member = await network.addMember(owner, 'staff');
      const made = await member.api.post('/api/v1/api-keys', { name: 'k', scopes: ['user:read'] });
      const { key } = made.body as { key: string };
      const byKey = async (): Promise<number> => (await elsewhere.api.withKey(key).get('/api/v1/users')).status;
      expect(await byKey()).toBe(200);

      await owner.api.patch(`/api/v1/users/${member.id}`, { isDisabled: true });

      expect(await meStatus(member)).toBe(401);
      await until('the token is refused elsewhere', 1_000, async () => {
        return (await elsewhere.api.as(member.token).get('/api/v1/auth/me')).status === 401;
      });
      await until('the key is refused elsewhere', 1_000, async () => (await byKey()) === 401);
      expect((await network.api.post('/api/v1/auth/refresh', { refreshToken: member.refreshToken })).status).toBe(401);
      const login = await network.api.post('/api/v1/auth/login', { email: member.email, password: PASSWORD });
      expect([login.status, codeOf(login)]).toEqual([403, 'ACCOUNT_DISABLED']);

      await owner.api.patch(`/api/v1/users/${member.id}`, { isDisabled: false });
      expect(await meStatus(await network.logIn(member.email))).toBe(200);
    } finally {
      await elsewhere.close();
    }
  });
});

describe('roles of a tenant', () => {
  test('permit what they are made of and what everybody may do for themselves', async () => {
    const made = await owner.api.post('/api/v1/roles', { name: 'key-keeper', permissions: ['api-key:*'] });
    expect(made.status).toBe(201);
    const member = await network.addMember(owner, 'key-keeper');

    expect((await member.api.get('/api/v1/api-keys')).status).toBe(200);
    expect(await meStatus(member)).toBe(200);
    expect((await member.api.get('/api/v1/users')).status).toBe(403);
  });

  test('are made, changed and deleted by owners and admins of their own tenant only', async () => {
    const body = { name: 'looker', permissions: ['user:read'] };
    expect((await viewer.api.post('/api/v1/roles', body)).status).toBe(403);
    const made = await admin.api.post('/api/v1/roles', body);
    const { id } = made.body as { id: string };
    const path = `/api/v1/roles/${id}`;

    expect((await stranger.api.get(path)).status).toBe(404);
    expect((await stranger.api.patch(path, { permissions: ['user:read'] })).status).toBe(404);
    expect((await stranger.api.delete(path)).status).toBe(404);
    expect((await viewer.api.patch(path, { permissions: ['user:read'] })).status).toBe(403);
    expect((await viewer.api.get(path)).body).toMatchObject(body);
    expect(codeOf(await admin.api.post('/api/v1/roles', body))).toBe('ROLE_NAME_TAKEN');
    expect((await stranger.api.post('/api/v1/roles', body)).status).toBe(201);
    expect((await admin.api.delete(path)).status).toBe(204);
    expect((await admin.api.get(path)).status).toBe(404);
  });

  test('never grant more than their maker has, whatever the words', async () => {
    const made = await owner.api.post('/api/v1/roles', { name: 'role-maker', permissions: ['role:*', 'user:read'] });
    expect(made.status).toBe(201);
    const maker = await network.addMember(owner, 'role-maker');
    const tryWith = async (permissions: readonly string[]) =>
      maker.api.post('/api/v1/roles', { name: 'more', permissions });

    for (const permissions of [['user:remove'], ['*'], ['user:*'], ['user:read', 'api-key:create']]) {
      const answer = await tryWith(permissions);
      expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    }
    for (const permissions of [['signing-key:rotate'], ['auth:sweep'], ['no:such']]) {
      const answer = await tryWith(permissions);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION_FAILED']);
    }
    expect((await tryWith(['user:read'])).status).toBe(201);
  });

  test('made of everything do not reach what belongs to the platform', async () => {
    const made = await owner.api.post('/api/v1/roles', { name: 'everything', permissions: ['*'] });
    expect(made.status).toBe(201);

    const ctx = network
      .system(null)
      .as({ ...ANONYMOUS, kind: 'user', role: 'everything', permissions: new Set(['*']) });

    expect(ctx.may('user:remove')).toBe(true);
    for (const action of ['signing-key:rotate', 'api-key:verify', 'auth:sweep'] as const)
      expect(ctx.may(action)).toBe(false);
  });

  test('change for those who hold them within a second, and cannot be deleted under them', async () => {
    const made = await owner.api.post('/api/v1/roles', { name: 'changing', permissions: ['user:read'] });
    const { id } = made.body as { id: string };
    const member = await network.addMember(owner, 'changing');
    const inUse = await owner.api.delete(`/api/v1/roles/${id}`);
    expect([inUse.status, codeOf(inUse)]).toEqual([409, 'ROLE_IN_USE']);

    await owner.api.patch(`/api/v1/roles/${id}`, { permissions: ['role:read'] });

    expect(await meStatus(member)).toBe(401);
    const next = await network.api.post('/api/v1/auth/refresh', { refreshToken: member.refreshToken });
    const api = network.api.as((next.body as { token: string }).token);
    expect((await api.get('/api/v1/users')).status).toBe(403);
    expect((await api.get('/api/v1/roles')).status).toBe(200);
  });

  test.each(['owner', 'user', 'system', 'anonymous'])('cannot be called %s', async (name) => {
    const answer = await owner.api.post('/api/v1/roles', { name, permissions: ['user:read'] });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'ROLE_NAME_TAKEN']);
  });
});
