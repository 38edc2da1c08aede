import { isApiKey } from '@candlefish/base/api-key';
import { beforeAll, describe, expect, test } from 'vitest';
import { authNetwork, codeOf, type Person, type RunningAuthNetwork, sharedAuthNetwork, until } from './auth-network.ts';

let network: RunningAuthNetwork;
let owner: Person;
let staff: Person;
let viewer: Person;
let stranger: Person;
beforeAll(async () => {
  network = await sharedAuthNetwork();
  owner = await network.signUp();
  stranger = await network.signUp();
  staff = await network.addMember(owner, 'staff');
  viewer = await network.addMember(owner, 'viewer');
});

interface MadeKey {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
  readonly expiresAt: string | null;
}

const make = async (person: Person, change: object = {}): Promise<MadeKey> => {
  const answer = await person.api.post('/api/v1/api-keys', { name: 'import', scopes: ['user:read'], ...change });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as MadeKey;
};

const statusWith = async (key: string, path = '/api/v1/users'): Promise<number> =>
  (await network.api.withKey(key).get(path)).status;

describe('an API key', () => {
  test('is shown once, kept as a hash, and speaks for its owner within its scopes', async () => {
    const made = await make(staff);

    expect(isApiKey(made.key)).toBe(true);
    expect(made.key.startsWith(made.prefix)).toBe(true);
    const shown = await staff.api.get(`/api/v1/api-keys/${made.id}`);
    expect(shown.body).toMatchObject({
      id: made.id,
      userId: staff.id,
      scopes: ['user:read'],
      rateLimit: 1_000,
      revokedAt: null,
    });
    expect(shown.text).not.toContain(made.key.slice(made.prefix.length));
    const stored = await network.sql('select row_to_json(k)::text as row from auth.api_keys k');
    expect(JSON.stringify(stored)).not.toContain(made.key.slice(made.prefix.length));
    expect((await network.api.withKey(made.key).get('/api/v1/users')).body).toMatchObject({
      data: [{ id: owner.id }, {}, {}],
    });
    expect(await statusWith(made.key, '/api/v1/api-keys')).toBe(403);
    expect((await network.api.as(made.key).get('/api/v1/users')).status).toBe(200);
  });

  test('may be made by staff, not by viewers, and only of what they may do', async () => {
    expect((await viewer.api.post('/api/v1/api-keys', { name: 'k', scopes: ['user:read'] })).status).toBe(403);
    for (const scopes of [['user:remove'], ['*'], ['user:*']]) {
      const answer = await staff.api.post('/api/v1/api-keys', { name: 'k', scopes });
      expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    }
    expect((await owner.api.post('/api/v1/api-keys', { name: 'k', scopes: ['*'] })).status).toBe(201);
  });

  test('cannot make a key that may do more than itself', async () => {
    const { key } = await make(owner, { scopes: ['api-key:create', 'user:read'] });
    const byKey = network.api.withKey(key);

    expect((await byKey.post('/api/v1/api-keys', { name: 'wider', scopes: ['user:remove'] })).status).toBe(403);
    expect((await byKey.post('/api/v1/api-keys', { name: 'wildcard', scopes: ['user:*'] })).status).toBe(403);
    expect((await byKey.post('/api/v1/api-keys', { name: 'narrower', scopes: ['user:read'] })).status).toBe(201);
  });

  test('cannot reroll a key of its owner that may do more than itself', async () => {
    const { key } = await make(owner, { scopes: ['api-key:reroll'] });
    const wide = await make(owner, { scopes: ['user:remove'] });

    expect((await network.api.withKey(key).post(`/api/v1/api-keys/${wide.id}/reroll`, {})).status).toBe(403);
  });

  test('loses with its owner’s role what the role loses, within a second', async () => {
    const member = await network.addMember(owner, 'admin');
    const { key } = await make(member, { scopes: ['role:create', 'user:read'] });
    let made = 0;
    const createRole = async (): Promise<number> => {
      made += 1;
      const body = { name: `by-key-${made}`, permissions: ['user:read'] };
      return (await network.api.withKey(key).post('/api/v1/roles', body)).status;
    };
    expect(await createRole()).toBe(201);

    await owner.api.patch(`/api/v1/users/${member.id}`, { role: 'viewer' });

    expect(await createRole()).toBe(403);
    expect(await statusWith(key)).toBe(200);
  });

  test('is listed to its owner and to those who manage keys, not to others', async () => {
    const made = await make(staff, { name: 'mine' });
    const path = `/api/v1/api-keys/${made.id}`;
    const colleague = await network.addMember(owner, 'staff');

    const idsOf = async (person: Person): Promise<string[]> =>
      ((await person.api.get('/api/v1/api-keys')).body as { data: MadeKey[] }).data.map((key) => key.id);
    expect(await idsOf(staff)).toContain(made.id);
    expect(await idsOf(owner)).toContain(made.id);
    expect(await idsOf(colleague)).toEqual([]);
    expect(await idsOf(stranger)).toEqual([]);
    for (const other of [colleague, stranger]) {
      expect((await other.api.get(path)).status).toBe(404);
      expect((await other.api.delete(path)).status).toBe(404);
      expect((await other.api.post(`${path}/reroll`, {})).status).toBe(404);
    }
    expect((await owner.api.post(`${path}/reroll`, {})).status).toBe(404);
    expect((await owner.api.delete(path)).status).toBe(204);
  });

  test('that is revoked is refused on every node within a second, for good', async () => {
    const elsewhere = await authNetwork({ database: network.database });
    try {
      const made = await make(staff);
      const there = async (): Promise<number> => (await elsewhere.api.withKey(made.key).get('/api/v1/users')).status;
      expect(await there()).toBe(200);

      await staff.api.delete(`/api/v1/api-keys/${made.id}`);

      expect(await statusWith(made.key)).toBe(401);
      await until('the other node refuses it', 1_000, async () => (await there()) === 401);
      expect((await staff.api.delete(`/api/v1/api-keys/${made.id}`)).status).toBe(204);
      expect((await staff.api.get('/api/v1/api-keys?withRevoked=true')).text).toContain(made.id);
    } finally {
      await elsewhere.close();
    }
  });

  test('works beside its successor for the overlap, and not a moment longer when there is none', async () => {
    const old = await make(staff);
    const answer = await staff.api.post(`/api/v1/api-keys/${old.id}/reroll`, { overlapSeconds: 60 });
    const successor = answer.body as MadeKey;
    expect([await statusWith(old.key), await statusWith(successor.key)]).toEqual([200, 200]);
    const { expiresAt } = (await staff.api.get(`/api/v1/api-keys/${old.id}`)).body as MadeKey;
    expect(Date.parse(expiresAt ?? '') - Date.now()).toBeLessThanOrEqual(60_000);

    await staff.api.post(`/api/v1/api-keys/${successor.id}/reroll`, { overlapSeconds: 0 });
    expect(await statusWith(successor.key)).toBe(401);
    const ended = await staff.api.post(`/api/v1/api-keys/${successor.id}/reroll`, {});
    expect([ended.status, codeOf(ended)]).toEqual([409, 'API_KEY_ENDED']);
  });

  test('ends at its time', async () => {
    const made = await make(staff, { expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect(await statusWith(made.key)).toBe(200);

    await until('it is refused', 3_000, async () => (await statusWith(made.key)) === 401);
  });

  test.each([
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ name: '  ' }, '/name'],
    [{ rateLimit: 0 }, '/rateLimit'],
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['everything'] }, '/scopes/0'],
  ])('is refused with %j', async (change, pointer) => {
    const answer = await staff.api.post('/api/v1/api-keys', { name: 'k', scopes: ['user:read'], ...change });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });

  test.each(['userId', 'tenantId', 'key', 'prefix', 'id', 'revokedAt'])('cannot be given a %s', async (name) => {
    const answer = await staff.api.post('/api/v1/api-keys', { name: 'k', scopes: ['user:read'], [name]: owner.id });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('has no session to end and no tenant to switch', async () => {
    const { key } = await make(owner, { scopes: ['*'] });
    const byKey = network.api.withKey(key);

    expect((await byKey.post('/api/v1/auth/logout')).status).toBe(403);
    expect((await byKey.get('/api/v1/sessions')).status).toBe(403);
    expect((await byKey.post('/api/v1/auth/switch', { tenantId: owner.tenantId })).status).toBe(403);
    expect((await byKey.get('/api/v1/auth/me')).body).toMatchObject({ id: owner.id });
  });

  test('remembers when it was last used', async () => {
    const node = await authNetwork({ database: network.database });
    const made = await make(staff);
    expect((await node.api.withKey(made.key).get('/api/v1/users')).status).toBe(200);
    await node.close();

    const [row] = await network.sql('select last_used_at from auth.api_keys where id = $1', [made.id]);
    expect(row?.['last_used_at']).toBeInstanceOf(Date);
  });

  test('of a removed member is refused', async () => {
    const member = await network.addMember(owner, 'staff');
    const { key } = await make(member);
    expect(await statusWith(key)).toBe(200);

    await owner.api.delete(`/api/v1/users/${member.id}`);

    expect(await statusWith(key)).toBe(401);
  });
});
