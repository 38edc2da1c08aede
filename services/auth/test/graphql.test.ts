import { beforeAll, describe, expect, test } from 'vitest';
import { newEmail, PASSWORD, type Person, type RunningAuthNetwork, sharedAuthNetwork } from './auth-network.ts';

let network: RunningAuthNetwork;
let owner: Person;
let viewer: Person;
let stranger: Person;
beforeAll(async () => {
  network = await sharedAuthNetwork();
  owner = await network.signUp('Harbour Light');
  viewer = await network.addMember(owner, 'viewer');
  stranger = await network.signUp();
});

const codes = (answer: { readonly errors: readonly { readonly extensions: Record<string, unknown> }[] }): unknown[] =>
  answer.errors.map((error) => error.extensions['code']);

const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { token refreshToken expiresIn user { id email role tenantId tenant { name } } }
}`;

describe('GraphQL', () => {
  test('signs up and in, and tells who somebody is', async () => {
    const email = newEmail();
    const signUp = 'mutation ($input: SignupInput!) { signup(input: $input) { token user { role tenant { slug } } } }';
    const signedUp = await network.api.graphql(signUp, {
      input: { email, password: PASSWORD, tenantName: 'By Graph' },
    });
    expect(signedUp.data).toMatchObject({ signup: { user: { role: 'owner', tenant: { slug: 'by-graph' } } } });

    const signedIn = await network.api.graphql(LOGIN, { input: { email, password: PASSWORD } });
    expect(signedIn.errors).toEqual([]);
    const { login } = signedIn.data as { login: { token: string; user: { id: string } } };
    const me = await network.api.as(login.token).graphql('{ me { id email isDisabled tenant { name } } }');
    expect(me.data).toEqual({ me: { id: login.user.id, email, isDisabled: false, tenant: { name: 'By Graph' } } });
  });

  test('is nobody to itself without a credential', async () => {
    expect(await network.api.graphql('{ me { id } }')).toMatchObject({ data: { me: null }, errors: [] });
    expect(codes(await network.api.graphql('{ users { id } }'))).toEqual(['UNAUTHENTICATED']);
  });

  test('refuses a wrong password by its code', async () => {
    const answer = await network.api.graphql(LOGIN, { input: { email: owner.email, password: 'wrong' } });
    expect(codes(answer)).toEqual(['INVALID_CREDENTIALS']);
  });

  test('refreshes by argument and by cookie, the cookie with its header only', async () => {
    const person = await network.logIn(owner.email);
    const byArgument = 'mutation ($t: String) { refreshToken(refreshToken: $t) { refreshToken } }';
    const first = await network.api.graphql(byArgument, { t: person.refreshToken });
    const { refreshToken } = (first.data as { refreshToken: { refreshToken: string } }).refreshToken;

    const cookie = `cf_refresh=${refreshToken}`;
    const asWritten = 'mutation { refreshToken { token user { id } } }';
    expect(codes(await network.api.graphql(asWritten, {}, { cookie }))).toEqual(['CSRF_REFUSED']);
    const second = await network.api.graphql(asWritten, {}, { cookie, 'x-candlefish-csrf': '1' });
    expect(second.data).toMatchObject({ refreshToken: { user: { id: owner.id } } });
    expect(codes(await network.api.graphql(asWritten))).toEqual(['UNAUTHENTICATED']);
  });

  test('signs out', async () => {
    const person = await network.logIn(owner.email);
    expect((await person.api.graphql('mutation { logout }')).data).toEqual({ logout: true });
    const after = await person.api.graphql('{ me { id } }');
    expect([after.data, codes(after)]).toEqual([null, ['UNAUTHENTICATED']]);
  });

  test('lists members, filtered and as a connection, to members of the tenant only', async () => {
    const filtered = await viewer.api.graphql('{ users(filter: { role: "viewer" }, first: 10) { id role } }');
    expect(filtered.data).toEqual({ users: [{ id: viewer.id, role: 'viewer' }] });

    const page =
      'query ($after: Cursor) { usersConnection(first: 1, after: $after) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    const first = (await owner.api.graphql(page)).data as { usersConnection: { pageInfo: { endCursor: string } } };
    expect(first).toMatchObject({
      usersConnection: { edges: [{ node: { id: owner.id } }], pageInfo: { hasNextPage: true } },
    });
    const second = await owner.api.graphql(page, { after: first.usersConnection.pageInfo.endCursor });
    expect(second.data).toMatchObject({
      usersConnection: {
        edges: [{ node: { id: viewer.id } }],
        pageInfo: { hasNextPage: false, hasPreviousPage: true },
      },
    });

    const foreign = await stranger.api.graphql('query ($id: ID!) { user(id: $id) { email } users { id } }', {
      id: owner.id,
    });
    expect(foreign).toMatchObject({ data: { user: null, users: [{ id: stranger.id }] }, errors: [] });
  });

  test('adds, changes and removes members', async () => {
    const add = 'mutation ($input: AddUserInput!) { addUser(input: $input) { id role } }';
    const added = await owner.api.graphql(add, { input: { email: newEmail(), role: 'staff', password: PASSWORD } });
    const { id } = (added.data as { addUser: { id: string } }).addUser;
    const update =
      'mutation ($id: ID!) { updateUser(id: $id, input: { role: "manager", isDisabled: true }) { role isDisabled } }';
    expect((await owner.api.graphql(update, { id })).data).toEqual({
      updateUser: { role: 'manager', isDisabled: true },
    });
    const remove = 'mutation ($id: ID!) { removeUser(id: $id) }';
    expect(codes(await viewer.api.graphql(remove, { id }))).toEqual(['FORBIDDEN']);
    expect(codes(await stranger.api.graphql(remove, { id }))).toEqual(['NOT_FOUND']);
    expect((await owner.api.graphql(remove, { id })).data).toEqual({ removeUser: true });
    expect(codes(await owner.api.graphql(remove, { id: owner.id }))).toEqual(['LAST_OWNER']);
  });

  test('makes, changes and deletes roles', async () => {
    const create = 'mutation { createRole(input: { name: "reader", permissions: ["user:read"] }) { id isBuiltIn } }';
    expect(codes(await viewer.api.graphql(create))).toEqual(['FORBIDDEN']);
    const { id } = ((await owner.api.graphql(create)).data as { createRole: { id: string } }).createRole;
    const update =
      'mutation ($id: ID!) { updateRole(id: $id, input: { description: "Reads." }) { description permissions } }';
    expect((await owner.api.graphql(update, { id })).data).toEqual({
      updateRole: { description: 'Reads.', permissions: ['user:read'] },
    });
    const { roles } = (await viewer.api.graphql('{ roles { name permissions } }')).data as {
      roles: { name: string }[];
    };
    expect(roles.map((role) => role.name)).toEqual([
      ...['owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer'],
      'reader',
    ]);
    expect((await owner.api.graphql('mutation ($id: ID!) { deleteRole(id: $id) }', { id })).data).toEqual({
      deleteRole: true,
    });
  });

  test('makes, rerolls and ends API keys, whose owners come from one look-up', async () => {
    const create =
      'mutation { createApiKey(input: { name: "k", scopes: ["user:read"] }) { key apiKey { id rateLimit user { id } } } }';
    const made = (await owner.api.graphql(create)).data as { createApiKey: { key: string; apiKey: { id: string } } };
    expect(made).toMatchObject({ createApiKey: { apiKey: { rateLimit: 1_000, user: { id: owner.id } } } });
    const { key, apiKey } = made.createApiKey;
    expect((await network.api.withKey(key).graphql('{ users { id } }')).errors).toEqual([]);

    const reroll = 'mutation ($id: ID!) { rerollApiKey(id: $id, overlapSeconds: 0) { apiKey { id } } }';
    const next = (await owner.api.graphql(reroll, { id: apiKey.id })).data as {
      rerollApiKey: { apiKey: { id: string } };
    };
    expect(codes(await network.api.withKey(key).graphql('{ users { id } }'))).toEqual(['UNAUTHENTICATED']);
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';
    expect(codes(await stranger.api.graphql(revoke, { id: next.rerollApiKey.apiKey.id }))).toEqual(['NOT_FOUND']);
    expect((await owner.api.graphql(revoke, { id: next.rerollApiKey.apiKey.id })).data).toEqual({ revokeApiKey: true });
    expect((await owner.api.graphql('{ apiKeys { id } }')).data).toEqual({ apiKeys: [] });
    const connection =
      '{ apiKeysConnection(withRevoked: true, first: 1) { edges { node { revokedAt } } pageInfo { hasNextPage } } }';
    expect((await owner.api.graphql(connection)).data).toMatchObject({
      apiKeysConnection: { pageInfo: { hasNextPage: true } },
    });
  });

  test('lists sessions and memberships, makes a tenant and switches to it', async () => {
    const person = await network.logIn(stranger.email);
    const made = await person.api.graphql(
      'mutation { createTenant(input: { name: "Second" }) { tenantId isCurrent } }',
    );
    const { tenantId } = (made.data as { createTenant: { tenantId: string } }).createTenant;
    const own = await person.api.graphql('{ memberships { tenantName } sessions { id isCurrent } }');
    expect(own.data).toMatchObject({ memberships: [{ tenantName: 'Example Tenant' }, { tenantName: 'Second' }] });
    const { sessions } = own.data as { sessions: { id: string; isCurrent: boolean }[] };
    const other = sessions.find((session) => !session.isCurrent);
    const revoke = await person.api.graphql('mutation ($id: ID!) { revokeSession(id: $id) }', { id: other?.id });
    expect(revoke.data).toEqual({ revokeSession: true });

    const switched = await person.api.graphql(
      'mutation ($id: ID!) { switchTenant(tenantId: $id) { user { tenant { id } } } }',
      {
        id: tenantId,
      },
    );
    expect(switched.data).toEqual({ switchTenant: { user: { tenant: { id: tenantId } } } });
  });

  test.each([
    ['a NUL in an address', LOGIN, { input: { email: 'a\u0000@example.test', password: 'x' } }, 'BAD_REQUEST'],
    ['a NUL in a role', '{ users(filter: { role: "a\\u0000" }) { id } }', {}, 'VALIDATION_FAILED'],
    ['a list too long', '{ users(first: 201) { id } }', {}, 'VALIDATION_FAILED'],
    ['a made-up cursor', '{ users(after: "WyJ4Il0") { id } }', {}, 'VALIDATION_FAILED'],
  ])('refuses %s by a code', async (_what, query, variables, code) => {
    expect(codes(await owner.api.graphql(query, variables))).toEqual([code]);
  });
});
