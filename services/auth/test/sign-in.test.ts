import { hash } from '@node-rs/argon2';
import { beforeAll, describe, expect, test } from 'vitest';
import { authNetwork, codeOf, newEmail, PASSWORD, type RunningAuthNetwork, sharedAuthNetwork } from './auth-network.ts';

let network: RunningAuthNetwork;
beforeAll(async () => {
  network = await sharedAuthNetwork();
});

describe('signing up', () => {
  test('makes a tenant and its owner, signed in', async () => {
    const email = newEmail();
    const answer = await network.api.post('/api/v1/auth/signup', {
      email,
      password: PASSWORD,
      tenantName: 'Färben & Söhne',
    });

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ expiresIn: 900, user: { email, role: 'owner' } });
    const { token } = answer.body as { token: string };
    const me = await network.api.as(token).get('/api/v1/auth/me');
    expect(me.body).toMatchObject({ email, role: 'owner', isDisabled: false });
    const memberships = await network.api.as(token).get('/api/v1/memberships');
    expect(memberships.body).toMatchObject({
      data: [{ tenantName: 'Färben & Söhne', tenantSlug: 'farben-sohne', isCurrent: true }],
    });
  });

  test('gives tenants of one name slugs of their own', async () => {
    const [first, second] = [await network.signUp('Twin Signs'), await network.signUp('Twin Signs')];

    const slugs = await network.sql('select slug from auth.tenants where id = any ($1) order by created_at', [
      [first.tenantId, second.tenantId],
    ]);
    expect(slugs[0]?.['slug']).toBe('twin-signs');
    expect(slugs[1]?.['slug']).toBe(`twin-signs-${second.tenantId.slice(-8)}`);
  });

  test('refuses an address that is taken, however it is spelled, and leaves no tenant behind', async () => {
    const person = await network.signUp();
    const before = await network.sql('select count(*) as n from auth.tenants');

    const body = { email: person.email.toUpperCase(), password: PASSWORD, tenantName: 'Again' };
    const answer = await network.api.post('/api/v1/auth/signup', body);

    expect([answer.status, codeOf(answer)]).toEqual([409, 'EMAIL_TAKEN']);
    expect(await network.sql('select count(*) as n from auth.tenants')).toEqual(before);
  });

  test.each([
    [{ email: 'no address' }, '/email'],
    [{ password: 'short' }, '/password'],
    [{ password: 'password123' }, '/password'],
    [{ password: 'aaaaaaaaaaaa' }, '/password'],
    [{ tenantName: '   ' }, '/tenantName'],
  ])('refuses %j and names the field', async (change, pointer) => {
    const body = { email: newEmail(), password: PASSWORD, tenantName: 'A', ...change };
    const answer = await network.api.post('/api/v1/auth/signup', body);

    expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION_FAILED']);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });

  test.each(['role', 'tenantId', 'tenant_id', 'id', 'userId', 'plan', 'createdAt'])(
    'refuses to be told the %s of the new account',
    async (name) => {
      const body = { email: newEmail(), password: PASSWORD, tenantName: 'A', [name]: 'owner' };
      const answer = await network.api.post('/api/v1/auth/signup', body);

      expect([answer.status, codeOf(answer)]).toEqual([400, 'VALIDATION_FAILED']);
    },
  );

  test('is refused to a network that signs up too often', async () => {
    const strict = await authNetwork({ environment: { AUTH_SIGNUPS_PER_ADDRESS_PER_HOUR: '2' } });
    try {
      await strict.signUp();
      await strict.signUp();
      const answer = await strict.api.post('/api/v1/auth/signup', {
        email: newEmail(),
        password: PASSWORD,
        tenantName: 'A',
      });
      expect([answer.status, codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60);
    } finally {
      await strict.close();
    }
  });
});

describe('signing in', () => {
  test('takes the address in any case and answers what sign-up answered', async () => {
    const person = await network.signUp();

    const answer = await network.api.post('/api/v1/auth/login', {
      email: ` ${person.email.toUpperCase()} `,
      password: PASSWORD,
    });

    expect(answer.status).toBe(200);
    const { id, email, tenantId } = person;
    expect(answer.body).toEqual({
      token: expect.any(String),
      refreshToken: expect.stringMatching(/^cfr_/),
      expiresIn: 900,
      user: { id, email, role: 'owner', tenantId },
    });
    const [row] = await network.sql('select last_login from auth.users where id = $1', [id]);
    expect(row?.['last_login']).toBeInstanceOf(Date);
  });

  test('answers a wrong password and an unknown address alike', async () => {
    const person = await network.signUp();

    const wrong = await network.api.post('/api/v1/auth/login', { email: person.email, password: 'not the password' });
    const unknown = await network.api.post('/api/v1/auth/login', { email: newEmail(), password: 'not the password' });

    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'INVALID_CREDENTIALS']);
    const bare = (body: unknown) => ({ ...(body as object), requestId: '', instance: '' });
    expect(bare(unknown.body)).toEqual(bare(wrong.body));
  });

  test('hashes anew when the stored hash was made with other parameters', async () => {
    const person = await network.signUp();
    await network.sql('update auth.users set password_hash = $1 where id = $2', [
      await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 }),
      person.id,
    ]);

    await network.logIn(person.email);

    const [row] = await network.sql('select password_hash from auth.users where id = $1', [person.id]);
    expect(row?.['password_hash']).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$/);
    await network.logIn(person.email);
  });

  test('lets at most ten tries a minute at an account through, from wherever they come', async () => {
    const strict = await authNetwork({ environment: { AUTH_LOGIN_TRIES_PER_MINUTE: '10' } });
    try {
      const email = newEmail();
      const tries = await Promise.all(
        Array.from({ length: 30 }, () => strict.api.post('/api/v1/auth/login', { email, password: 'guess' })),
      );
      expect(tries.filter((answer) => answer.status === 401)).toHaveLength(10);
      expect(tries.filter((answer) => answer.status === 429)).toHaveLength(20);
    } finally {
      await strict.close();
    }
  });

  test('keeps the owner’s own network apart from guesses elsewhere', async () => {
    const strict = await authNetwork({
      environment: { AUTH_LOGIN_TRIES_PER_MINUTE: '10', TRUSTED_PROXIES: '127.0.0.1' },
    });
    try {
      const person = await strict.signUp();
      const from = (address: string) => ({ 'x-forwarded-for': address });
      await strict.sql("update auth.sessions set address = '192.0.2.0/24' where user_id = $1", [person.id]);
      for (let attempt = 0; attempt < 12; attempt += 1) {
        const body = { email: person.email, password: 'guess' };
        await strict.api.post('/api/v1/auth/login', body, from(`203.0.113.${attempt}`));
      }

      const good = { email: person.email, password: PASSWORD };
      expect((await strict.api.post('/api/v1/auth/login', good, from('203.0.113.99'))).status).toBe(429);
      expect((await strict.api.post('/api/v1/auth/login', good, from('192.0.2.7'))).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe('what nobody may have', () => {
  test.each([
    '/api/v1/auth/me',
    '/api/v1/users',
    '/api/v1/roles',
    '/api/v1/api-keys',
    '/api/v1/sessions',
    '/api/v1/memberships',
  ])('GET %s without a credential is refused', async (path) => {
    const answer = await network.api.get(path);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  });
});
