import { createHash, createHmac, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { formatApiKey } from '@candlefish/base/api-key';
import type { Clock } from '@candlefish/kit/context';
import { AppError } from '@candlefish/kit/errors';
import {
  type AccessClaims,
  createAuthenticator,
  createKeySource,
  signAccessToken,
  subjects,
  type VerifiedApiKey,
} from '@candlefish/kit/identity';
import { RevocationsStaleError } from '@candlefish/kit/revocation';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

const PARTIES = { issuer: 'urn:test', audience: 'urn:test:api' };
const USER = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
const TENANT = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f905678';
const SESSION = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f909abc';
const NOW = new Date('2026-05-04T10:00:00.500Z');

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let pair: KeyPair;
let attacker: KeyPair;
let published: JWK;
let now = NOW;
const clock: Clock = { now: () => now };

beforeAll(async () => {
  pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  attacker = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  published = { ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig', alg: 'EdDSA' };
});
beforeEach(() => {
  now = NOW;
});

const claims = (change: Partial<AccessClaims> = {}): AccessClaims => ({
  id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f90def0',
  userId: USER,
  sessionId: SESSION,
  tenantId: TENANT,
  role: 'manager',
  permissions: null,
  issuedAt: NOW,
  expiresAt: new Date(NOW.getTime() + 900_000),
  ...change,
});

const token = (change: Partial<AccessClaims> = {}, kid = 'k1'): string =>
  signAccessToken({ kid, privateKey: KeyObject.from(pair.privateKey) }, PARTIES, claims(change));

interface World {
  readonly marks: Map<string, Date>;
  readonly keys: Map<string, VerifiedApiKey>;
  isStale: boolean;
  keyQuestions: number;
  listLoads: number;
  list: readonly JWK[];
}

const world = (): World => ({
  marks: new Map(),
  keys: new Map(),
  isStale: false,
  keyQuestions: 0,
  listLoads: 0,
  list: [published],
});

const authenticatorOf = (of: World) =>
  createAuthenticator({
    ...PARTIES,
    clock,
    keys: createKeySource({
      load: async () => {
        of.listLoads += 1;
        return { keys: of.list };
      },
      clock,
      onRefreshError: (error) => {
        throw error;
      },
    }),
    verifyApiKey: async (sha256) => {
      of.keyQuestions += 1;
      return of.keys.get(Buffer.from(sha256).toString('hex')) ?? null;
    },
    revocations: {
      isRevoked(names, issuedAt) {
        if (of.isStale) throw new RevocationsStaleError('test');
        return names.some((name) => issuedAt <= (of.marks.get(name) ?? new Date(0)));
      },
    },
  });

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** The code that a credential is refused with, or the actor's id. */
async function outcome(of: World, presented: { authorization?: string; apiKey?: string }): Promise<string> {
  try {
    return (await authenticatorOf(of).authenticate(presented)).actor.id;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('a token', () => {
  test('gives the actor it was signed for', async () => {
    const permissions = ['agent:read', 'agent:create'];
    const { actor, credential } = await authenticatorOf(world()).authenticate(
      bearer(token({ role: 'own', permissions })),
    );

    expect(actor).toEqual({
      kind: 'user',
      id: USER,
      userId: USER,
      tenantId: TENANT,
      role: 'own',
      permissions: new Set(permissions),
      scopes: null,
      sessionId: SESSION,
      issuedAt: NOW,
      expiresAt: new Date('2026-05-04T10:15:00Z'),
    });
    expect(credential?.kind).toBe('bearer');
  });

  test('is nobody’s when none is sent', async () => {
    const { actor, credential } = await authenticatorOf(world()).authenticate({});
    expect([actor.kind, credential]).toEqual(['anonymous', null]);
  });

  test('is verified once and believed until it expires, give or take thirty seconds of clock', async () => {
    const authenticator = authenticatorOf(world());
    const presented = bearer(token());
    const first = await authenticator.authenticate(presented);
    expect(await authenticator.authenticate(presented)).toBe(first);

    now = new Date(NOW.getTime() + 925_000);
    expect((await authenticator.authenticate(presented)).actor.id).toBe(USER);
    now = new Date(NOW.getTime() + 931_000);
    await expect(authenticator.authenticate(presented)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test.each(['session', 'user', 'tenant', 'membership'] as const)(
    'is refused when its %s was revoked, though verified before',
    async (what) => {
      const of = world();
      const authenticator = authenticatorOf(of);
      const presented = bearer(token());
      await authenticator.authenticate(presented);
      const subject = {
        session: subjects.session(SESSION),
        user: subjects.user(USER),
        tenant: subjects.tenant(TENANT),
        membership: subjects.membership(USER, TENANT),
      }[what];

      of.marks.set(subject, NOW);
      await expect(authenticator.authenticate(presented)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      of.marks.set(subject, new Date(NOW.getTime() - 1));
      expect((await authenticator.authenticate(presented)).actor.id).toBe(USER);
    },
  );

  test('is neither believed nor refused while revocations cannot be known', async () => {
    const of = world();
    of.isStale = true;
    expect(await outcome(of, bearer(token()))).toBe('UNAVAILABLE');
  });

  test('of a key that was published a moment ago is found', async () => {
    const of = world();
    const next = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const authenticator = authenticatorOf(of);
    await authenticator.authenticate(bearer(token()));
    of.list = [published, { ...(await exportJWK(next.publicKey)), kid: 'k2' }];

    const signed = signAccessToken({ kid: 'k2', privateKey: KeyObject.from(next.privateKey) }, PARTIES, claims());

    expect((await authenticator.authenticate(bearer(signed))).actor.id).toBe(USER);
  });

  test('of a key that is published no more is refused within two minutes', async () => {
    const of = world();
    const keys = createKeySource({ load: async () => ({ keys: of.list }), clock, onRefreshError: () => undefined });
    expect(await keys.find('k1')).toBeDefined();
    of.list = [];
    expect(await keys.find('k1')).toBeDefined();
    now = new Date(NOW.getTime() + 121_000);
    expect(await keys.find('k1')).toBeUndefined();
  });

  test('with made-up key ids makes the list load no more than twice a second', async () => {
    const of = world();
    const authenticator = authenticatorOf(of);
    const guesses = await Promise.all(Array.from({ length: 50 }, (_, index) => token({}, `guess${index}`)));
    await Promise.allSettled(guesses.map((guess) => authenticator.authenticate(bearer(guess))));
    expect(of.listLoads).toBeLessThanOrEqual(2);
  });

  test('is verified with the keys at hand while the list cannot be renewed, for ten minutes', async () => {
    let fails = false;
    const problems: unknown[] = [];
    const keys = createKeySource({
      load: async () => {
        if (fails) throw new Error('away');
        return { keys: [published] };
      },
      clock,
      onRefreshError: (error) => problems.push(error),
    });
    await keys.find('k1');
    fails = true;
    now = new Date(NOW.getTime() + 599_000);
    expect(await keys.find('k1')).toBeDefined();
    expect(problems).toHaveLength(1);
    now = new Date(NOW.getTime() + 601_000);
    await expect(keys.find('k1')).rejects.toThrow('away');
  });
});

describe('a forged token', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const goodHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: 'k1' };
  const goodPayload = () => ({
    iss: PARTIES.issuer,
    aud: PARTIES.audience,
    sub: USER,
    sid: SESSION,
    tid: TENANT,
    role: 'owner',
    jti: 'x',
    iat: NOW.getTime() / 1_000,
    nbf: Math.floor(NOW.getTime() / 1_000),
    exp: Math.floor(NOW.getTime() / 1_000) + 900,
  });
  const signedBy = (key: KeyPair, header: object, payload: object): Promise<string> =>
    new SignJWT(payload as Record<string, unknown>)
      .setProtectedHeader({ ...goodHeader, ...header } as never)
      .sign(key.privateKey);
  /** Signs whatever the header says with Ed25519, past the library's own checks. */
  const rawSigned = async (header: object, payload: object): Promise<string> => {
    const jwk = await exportJWK(pair.privateKey);
    const input = `${part(header)}.${part(payload)}`;
    const key = (await import('node:crypto')).createPrivateKey({ key: jwk as never, format: 'jwk' });
    return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
  };

  test('is the only kind refused: the same one signed right is taken', async () => {
    expect(await outcome(world(), bearer(await signedBy(pair, {}, goodPayload())))).toBe(USER);
    expect(await outcome(world(), bearer(await rawSigned(goodHeader, goodPayload())))).toBe(USER);
  });

  const times = (change: object) => () => signedBy(pair, {}, { ...goodPayload(), ...change });
  const nowS = Math.floor(NOW.getTime() / 1_000);
  const without = (claim: string) => async () => {
    const payload: Record<string, unknown> = goodPayload();
    delete payload[claim];
    return rawSigned(goodHeader, payload);
  };
  const forgeries: readonly (readonly [string, () => Promise<string>])[] = [
    ['alg none', async () => `${part({ ...goodHeader, alg: 'none' })}.${part(goodPayload())}.`],
    ['alg None', async () => `${part({ ...goodHeader, alg: 'None' })}.${part(goodPayload())}.`],
    ['no signature', async () => token().replace(/[^.]*$/, '')],
    ['another signature', async () => token().replace(/[^.]*$/, token({ role: 'owner' }).split('.')[2] ?? '')],
    [
      'HS256 with the public key as its secret',
      async () => {
        const input = `${part({ ...goodHeader, alg: 'HS256' })}.${part(goodPayload())}`;
        return `${input}.${createHmac('sha256', published.x ?? '')
          .update(input)
          .digest('base64url')}`;
      },
    ],
    [
      'HS256 with the published key as JSON',
      async () => {
        const input = `${part({ ...goodHeader, alg: 'HS256' })}.${part(goodPayload())}`;
        return `${input}.${createHmac('sha256', JSON.stringify(published)).update(input).digest('base64url')}`;
      },
    ],
    [
      'RS256 of its own key',
      async () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
        const input = `${part({ ...goodHeader, alg: 'RS256' })}.${part(goodPayload())}`;
        return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
      },
    ],
    ['a key of the attacker', () => signedBy(attacker, {}, goodPayload())],
    ['jwk in the header', async () => signedBy(attacker, { jwk: await exportJWK(attacker.publicKey) }, goodPayload())],
    [
      'jwk and no kid',
      async () => signedBy(attacker, { jwk: await exportJWK(attacker.publicKey), kid: undefined }, goodPayload()),
    ],
    ['jku in the header', () => signedBy(attacker, { jku: 'http://127.0.0.1:9/jwks.json' }, goodPayload())],
    ['x5u in the header', () => signedBy(attacker, { x5u: 'http://127.0.0.1:9/cert.pem' }, goodPayload())],
    ['x5c in the header', () => signedBy(attacker, { x5c: ['MIIB'] }, goodPayload())],
    ['crit that nobody understands', () => rawSigned({ ...goodHeader, crit: ['exp2'], exp2: 1 }, goodPayload())],
    ['b64 false', () => rawSigned({ ...goodHeader, crit: ['b64'], b64: false }, goodPayload())],
    ['kid as a path', () => signedBy(attacker, { kid: '../../../../dev/null' }, goodPayload())],
    ['kid as SQL', () => signedBy(attacker, { kid: "k1' or '1'='1" }, goodPayload())],
    ['kid __proto__', () => rawSigned({ ...goodHeader, kid: '__proto__' }, goodPayload())],
    ['kid as a number', () => rawSigned({ ...goodHeader, kid: 1 }, goodPayload())],
    ['no kid', () => rawSigned({ alg: 'EdDSA', typ: 'at+jwt' }, goodPayload())],
    ['another issuer', times({ iss: 'urn:other' })],
    ['another audience', times({ aud: 'urn:other:api' })],
    ['several audiences', times({ aud: [PARTIES.audience, 'urn:other'] })],
    ['typ JWT', () => rawSigned({ ...goodHeader, typ: 'JWT' }, goodPayload())],
    ['no typ', () => rawSigned({ alg: 'EdDSA', kid: 'k1' }, goodPayload())],
    ['typ of a refresh token', () => rawSigned({ ...goodHeader, typ: 'rt+jwt' }, goodPayload())],
    ['expired', times({ iat: nowS - 1_000, nbf: nowS - 1_000, exp: nowS - 100 })],
    ['not valid yet', times({ nbf: nowS + 60 })],
    ['issued in the future', times({ iat: nowS + 60, exp: nowS + 900 })],
    ['living a day', times({ exp: nowS + 86_400 })],
    ['exp as text', times({ exp: String(nowS + 900) })],
    ['exp beyond all numbers', async () => rawSigned(goodHeader, { ...goodPayload(), exp: 1e308 })],
    ['sub that is no UUID', times({ sub: 'admin' })],
    ['tid as a list', times({ tid: [TENANT] })],
    ['role as an object', times({ role: { name: 'owner' } })],
    ['perms as text', times({ perms: '*' })],
    ...['sub', 'sid', 'tid', 'role', 'iat', 'nbf', 'exp', 'jti', 'iss', 'aud'].map(
      (claim) => [`no ${claim}`, without(claim)] as const,
    ),
    [
      'another payload under the signature',
      async () => {
        const [header, , signature] = token().split('.');
        return `${header}.${part(goodPayload())}.${signature}`;
      },
    ],
    ['nothing but dots', async () => '..'],
    ['five parts', async () => `${token()}.a.b`],
    ['twenty thousand characters', async () => `${token()}${'A'.repeat(20_000)}`],
  ];

  test.each(forgeries)('with %s is refused', async (_what, forge) => {
    expect(await outcome(world(), bearer(await forge()))).toBe('UNAUTHENTICATED');
  });

  test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer  ', 'Token abc', 'bearer a b', ''])(
    'in the header "%s" is refused',
    async (authorization) => {
      expect(await outcome(world(), { authorization })).toBe('UNAUTHENTICATED');
    },
  );

  test('of a key that is no Ed25519 key is refused, though the key is published', async () => {
    const of = world();
    const secret = Buffer.alloc(32, 7);
    of.list = [{ kty: 'oct', k: secret.toString('base64url'), kid: 'k1' }];
    const input = `${part({ ...goodHeader, alg: 'HS256' })}.${part(goodPayload())}`;
    const forged = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    expect(await outcome(of, bearer(forged))).toBe('UNAUTHENTICATED');
    await expect(importJWK(published, 'EdDSA')).resolves.toBeDefined();
  });
});

describe('an API key', () => {
  const apiKey = formatApiKey(new Uint8Array(128).fill(5));
  const record: VerifiedApiKey = {
    id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f90aaaa',
    tenantId: TENANT,
    userId: USER,
    role: 'staff',
    permissions: null,
    scopes: ['agent:read'],
    requestsPerHourMax: 500,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    expiresAt: null,
  };
  const withKey = (change: Partial<VerifiedApiKey> = {}): World => {
    const of = world();
    of.keys.set(createHash('sha256').update(apiKey).digest('hex'), { ...record, ...change });
    return of;
  };

  test('speaks for its owner within its scopes, by either header', async () => {
    for (const presented of [{ apiKey }, bearer(apiKey)]) {
      const { actor, credential, requestsPerHourMax } = await authenticatorOf(withKey()).authenticate(presented);
      expect(actor).toMatchObject({ kind: 'api_key', id: record.id, userId: USER, tenantId: TENANT, role: 'staff' });
      expect(actor.scopes).toEqual(new Set(['agent:read']));
      expect([credential?.kind, requestsPerHourMax]).toEqual(['api_key', 500]);
    }
  });

  test('with a token beside it is refused', async () => {
    expect(await outcome(withKey(), { apiKey, ...bearer(token()) })).toBe('UNAUTHENTICATED');
  });

  test.each(['', 'x', 'cf_live_', `${apiKey}0`, apiKey.slice(0, -1), apiKey.replace('cf_live_', 'cf_test_')])(
    'of the wrong form "%s" is refused without a question to anybody',
    async (wrong) => {
      const of = withKey();
      expect(await outcome(of, { apiKey: wrong })).toBe('UNAUTHENTICATED');
      expect(of.keyQuestions).toBe(0);
    },
  );

  test('with one character changed is refused without a question to anybody', async () => {
    const of = withKey();
    for (let index = 8; index < apiKey.length; index += 1) {
      const other = apiKey.charAt(index) === 'a' ? 'b' : 'a';
      const wrong = apiKey.slice(0, index) + other + apiKey.slice(index + 1);
      expect(await outcome(of, { apiKey: wrong })).toBe('UNAUTHENTICATED');
    }
    expect(of.keyQuestions).toBe(0);
  });

  test('is asked for once while many requests wait, unknown ones too', async () => {
    for (const of of [withKey(), world()]) {
      const authenticator = authenticatorOf(of);
      await Promise.allSettled(Array.from({ length: 50 }, () => authenticator.authenticate({ apiKey })));
      expect(of.keyQuestions).toBe(1);
    }
  });

  test('that is revoked is refused at once, however the database answers', async () => {
    const of = withKey();
    const authenticator = authenticatorOf(of);
    await authenticator.authenticate({ apiKey });

    of.marks.set(subjects.key(record.id), NOW);

    await expect(authenticator.authenticate({ apiKey })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('whose owner has changed is asked for anew', async () => {
    const of = withKey();
    const authenticator = authenticatorOf(of);
    await authenticator.authenticate({ apiKey });
    of.keys.set(createHash('sha256').update(apiKey).digest('hex'), { ...record, role: 'viewer' });
    of.marks.set(subjects.membership(USER, TENANT), NOW);
    now = new Date(NOW.getTime() + 10);

    expect((await authenticator.authenticate({ apiKey })).actor.role).toBe('viewer');
  });

  test('ends at its time though it was verified before', async () => {
    const of = withKey({ expiresAt: new Date(NOW.getTime() + 500) });
    const authenticator = authenticatorOf(of);
    await authenticator.authenticate({ apiKey });
    now = new Date(NOW.getTime() + 500);
    await expect(authenticator.authenticate({ apiKey })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('is not remembered as wrong when the question failed', async () => {
    const of = withKey();
    let fails = true;
    const authenticator = createAuthenticator({
      ...PARTIES,
      clock,
      keys: createKeySource({ load: async () => ({ keys: [] }), clock, onRefreshError: () => undefined }),
      verifyApiKey: async (sha256) => {
        if (fails) throw new Error('the database is away');
        return of.keys.get(Buffer.from(sha256).toString('hex')) ?? null;
      },
      revocations: { isRevoked: () => false },
    });
    await expect(authenticator.authenticate({ apiKey })).rejects.toThrow('the database is away');
    fails = false;
    expect((await authenticator.authenticate({ apiKey })).actor.id).toBe(record.id);
  });
});
