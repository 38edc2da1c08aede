import { beforeAll, describe, expect, test } from 'vitest';
import { authNetwork, codeOf, type Person, type RunningAuthNetwork, sharedAuthNetwork, until } from './auth-network.ts';

let network: RunningAuthNetwork;
beforeAll(async () => {
  network = await sharedAuthNetwork();
});

interface Tokens {
  readonly token: string;
  readonly refreshToken: string;
}

const refresh = (refreshToken: string, on: RunningAuthNetwork = network) =>
  on.api.post('/api/v1/auth/refresh', { refreshToken });

const refreshed = async (refreshToken: string): Promise<Tokens> => {
  const answer = await refresh(refreshToken);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Tokens;
};

/** Moves the last rotation of a person's sessions into the past. */
const age = (person: Person, seconds: number) =>
  network.sql("update auth.sessions set rotated_at = rotated_at - $2 * interval '1 second' where user_id = $1", [
    person.id,
    seconds,
  ]);

const meStatus = async (token: string, on: RunningAuthNetwork = network): Promise<number> =>
  (await on.api.as(token).get('/api/v1/auth/me')).status;

const liveSessions = async (person: Person): Promise<number> => {
  const rows = await network.sql('select id from auth.sessions where user_id = $1 and revoked_at is null', [person.id]);
  return rows.length;
};

describe('a refresh', () => {
  test('gives a new pair of tokens for the same session', async () => {
    const person = await network.signUp();

    const next = await refreshed(person.refreshToken);

    expect(next.refreshToken).not.toBe(person.refreshToken);
    expect(await meStatus(next.token)).toBe(200);
    expect(await liveSessions(person)).toBe(1);
  });

  test('by twelve tabs at once gives all of them the same successor and leaves one live session', async () => {
    const person = await network.signUp();

    const tabs = await Promise.all(Array.from({ length: 12 }, () => refreshed(person.refreshToken)));

    expect(new Set(tabs.map((tab) => tab.refreshToken)).size).toBe(1);
    expect(await Promise.all(tabs.map((tab) => meStatus(tab.token)))).toEqual(Array(12).fill(200));
    expect(await liveSessions(person)).toBe(1);
    const [row] = await network.sql('select generation from auth.sessions where user_id = $1', [person.id]);
    expect(row?.['generation']).toBe(1);
  });

  test('with a token replaced more than ten seconds ago ends the session for everybody who holds it', async () => {
    const person = await network.signUp();
    const owner = await refreshed(person.refreshToken);
    await age(person, 11);

    const thief = await refresh(person.refreshToken);

    expect([thief.status, codeOf(thief)]).toEqual([401, 'SESSION_ENDED']);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    await until('the access token is refused', 1_000, async () => (await meStatus(owner.token)) === 401);
    expect(await liveSessions(person)).toBe(0);
  });

  test('with a token two generations old ends the session at once, within the grace window too', async () => {
    const person = await network.signUp();
    const second = await refreshed(person.refreshToken);
    await refreshed(second.refreshToken);

    expect((await refresh(person.refreshToken)).status).toBe(401);

    expect(await liveSessions(person)).toBe(0);
  });

  test('with a forged token of a real session is refused and ends nothing', async () => {
    const person = await network.signUp();
    const bytes = Buffer.from(person.refreshToken.slice(4), 'base64url');
    const forge = (change: (copy: Buffer) => void): string => {
      const copy = Buffer.from(bytes);
      change(copy);
      return `cfr_${copy.toString('base64url')}`;
    };
    const forgeries = [
      forge((copy) => copy.writeUInt32BE(7, 16)),
      forge((copy) => copy.writeUInt8(copy.readUInt8(51) ^ 1, 51)),
      forge((copy) => copy.fill(0, 20)),
      'cfr_',
      'cfr_%00',
      `${person.refreshToken}x`,
    ];

    for (const forgery of forgeries) expect((await refresh(forgery)).status).toBe(401);

    expect(await liveSessions(person)).toBe(1);
    expect((await refresh(person.refreshToken)).status).toBe(200);
  });

  test('is refused after thirty days without one', async () => {
    const person = await network.signUp();
    await network.sql("update auth.sessions set expires_at = now() - interval '1 second' where user_id = $1", [
      person.id,
    ]);

    expect((await refresh(person.refreshToken)).status).toBe(401);
  });

  test('takes the cookie when the request shows that no other site sent it', async () => {
    const person = await network.signUp();
    const login = await network.api.post('/api/v1/auth/login', {
      email: person.email,
      password: 'violet tractor sonnet',
    });
    const cookies = login.headers.getSetCookie();
    expect(cookies.map((cookie) => /Path=([^;]+)/i.exec(cookie)?.[1]).sort()).toEqual(['/api/v1/auth', '/graphql']);
    for (const cookie of cookies) expect(cookie).toMatch(/^cf_refresh=cfr_[^;]+;.*HttpOnly.*SameSite=Strict/i);
    const cookie = cookies[0]?.split(';')[0] ?? '';

    const plain = await network.api.post('/api/v1/auth/refresh', {}, { cookie });
    expect([plain.status, codeOf(plain)]).toEqual([403, 'CSRF_REFUSED']);
    const shown = await network.api.post('/api/v1/auth/refresh', {}, { cookie, 'x-candlefish-csrf': '1' });
    expect(shown.status).toBe(200);
    expect(shown.headers.getSetCookie()[0]).not.toContain(cookie.slice('cf_refresh='.length));
  });

  test('without any token is refused', async () => {
    const answer = await network.api.post('/api/v1/auth/refresh', {});
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

describe('signing out', () => {
  test('ends the session on every node within a second', async () => {
    const elsewhere = await authNetwork({ database: network.database });
    try {
      const person = await network.signUp();
      expect(await meStatus(person.token, elsewhere)).toBe(200);

      expect((await person.api.post('/api/v1/auth/logout')).status).toBe(204);

      expect(await meStatus(person.token)).toBe(401);
      await until('the other node refuses it', 1_000, async () => (await meStatus(person.token, elsewhere)) === 401);
      expect((await refresh(person.refreshToken, elsewhere)).status).toBe(401);
    } finally {
      await elsewhere.close();
    }
  });

  test('leaves the other sessions of the person alone', async () => {
    const person = await network.signUp();
    const phone = await network.logIn(person.email);

    await person.api.post('/api/v1/auth/logout');

    expect(await meStatus(phone.token)).toBe(200);
  });

  test('racing a refresh leaves no token that works', async () => {
    for (let round = 0; round < 8; round += 1) {
      const person = await network.signUp();
      const [answer] = await Promise.all([refresh(person.refreshToken), person.api.post('/api/v1/auth/logout')]);
      const tokens = [person.token, ...(answer.status === 200 ? [(answer.body as Tokens).token] : [])];
      for (const token of tokens) expect(await meStatus(token)).toBe(401);
      if (answer.status === 200) expect((await refresh((answer.body as Tokens).refreshToken)).status).toBe(401);
    }
  });
});

describe('sessions', () => {
  test('are listed newest first, page by page, with the present one marked', async () => {
    const person = await network.signUp();
    const second = await network.logIn(person.email);

    const first = await second.api.get('/api/v1/sessions?limit=1');
    const { data, pagination } = first.body as { data: { isCurrent: boolean }[]; pagination: { nextCursor: string } };
    const rest = await second.api.get(`/api/v1/sessions?limit=1&cursor=${pagination.nextCursor}`);

    expect(data).toMatchObject([{ isCurrent: true, address: '127.0.0.0/24' }]);
    expect(rest.body).toMatchObject({ data: [{ isCurrent: false }], pagination: { nextCursor: null, limit: 1 } });
  });

  test('can be ended one by one by their owner and by nobody else', async () => {
    const person = await network.signUp();
    const phone = await network.logIn(person.email);
    const colleague = await network.addMember(person, 'admin');
    const stranger = await network.signUp();
    const list = (await phone.api.get('/api/v1/sessions')).body as { data: { id: string; isCurrent: boolean }[] };
    const laptop = list.data.find((session) => !session.isCurrent);

    const path = `/api/v1/sessions/${laptop?.id}`;
    for (const other of [colleague, stranger]) {
      const answer = await other.api.delete(path);
      expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    }
    expect((await phone.api.delete(path)).status).toBe(204);

    expect(await meStatus(person.token)).toBe(401);
    expect(await meStatus(phone.token)).toBe(200);
  });
});

describe('switching the tenant', () => {
  test('gives tokens for the other tenant and ends the session that asked', async () => {
    const person = await network.signUp();
    const made = await person.api.post('/api/v1/tenants', { name: 'Second Shop' });
    const { tenantId } = made.body as { tenantId: string };

    const answer = await person.api.post('/api/v1/auth/switch', { tenantId });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ user: { id: person.id, tenantId, role: 'owner' } });
    const { token } = answer.body as Tokens;
    const memberships = await network.api.as(token).get('/api/v1/memberships');
    expect(memberships.body).toMatchObject({
      data: [
        { tenantId: person.tenantId, isCurrent: false },
        { tenantId, tenantName: 'Second Shop', isCurrent: true },
      ],
    });
    expect(await meStatus(person.token)).toBe(401);
    expect((await refresh(person.refreshToken)).status).toBe(401);
  });

  test('is refused where the person does not belong, as if there were no such tenant', async () => {
    const [person, stranger] = [await network.signUp(), await network.signUp()];

    for (const tenantId of [stranger.tenantId, '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234']) {
      const answer = await person.api.post('/api/v1/auth/switch', { tenantId });
      expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    }
    expect(await meStatus(person.token)).toBe(200);
  });

  test('takes the role of the other tenant, not the one at home', async () => {
    const [boss, guest] = [await network.signUp(), await network.signUp()];
    await boss.api.post('/api/v1/users', { email: guest.email, role: 'viewer', password: 'amber canoe thursday' });

    const answer = await guest.api.post('/api/v1/auth/switch', { tenantId: boss.tenantId });

    expect(answer.body).toMatchObject({ user: { role: 'viewer' } });
    const there = network.api.as((answer.body as Tokens).token);
    expect((await there.post('/api/v1/roles', { name: 'mine', permissions: ['user:read'] })).status).toBe(403);
    expect((await there.get('/api/v1/users')).body).toMatchObject({ data: [{ id: boss.id }, { id: guest.id }] });
  });
});
