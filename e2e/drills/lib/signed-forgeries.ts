import type { Clock } from '@candlefish/kit/context';
import { createAuthenticator, createKeySource } from '@candlefish/kit/identity';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

const KID = 'genuine';
const ISSUER = 'https://platform.example';
const AUDIENCE = 'candlefish';
const TENANT = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** A token that the genuine key signed, and what is wrong with it. */
export interface SignedForgery {
  readonly name: string;
  readonly isRefused: boolean;
}

const clock: Clock = { now: () => new Date() };

/**
 * Gives tokens with wrong claims, signed by a genuine key, to the verifier that stands at the platform's edge; the right
 * one is the first. (No drill holds a private key of a running platform.)
 */
export async function trySignedForgeries(): Promise<{
  readonly isRightAccepted: boolean;
  readonly forgeries: readonly SignedForgery[];
}> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: KID, alg: 'EdDSA', use: 'sig' };
  const authenticator = createAuthenticator({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: createKeySource({ load: async () => ({ keys: [jwk] }), clock, onRefreshError: () => undefined }),
    verifyApiKey: async () => null,
    revocations: { isRevoked: () => false },
    clock,
  });
  const isAccepted = async (claims: JWTPayload, header: Record<string, unknown>): Promise<boolean> => {
    const protectedHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: KID, ...header };
    const token = await new SignJWT(claims).setProtectedHeader(protectedHeader).sign(pair.privateKey);
    return authenticator.authenticate({ authorization: `Bearer ${token}` }).then(
      () => true,
      () => false,
    );
  };
  const right = rightClaims();
  const forgeries: SignedForgery[] = [];
  for (const [name, change] of Object.entries(wrongClaims(right))) {
    forgeries.push({ name, isRefused: !(await isAccepted({ ...right, ...change }, {})) });
  }
  for (const [name, header] of Object.entries(WRONG_HEADERS)) {
    forgeries.push({ name, isRefused: !(await isAccepted(right, header)) });
  }
  return { isRightAccepted: await isAccepted(right, {}), forgeries };
}

function rightClaims(): JWTPayload {
  const nowS = Math.floor(Date.now() / 1_000);
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: TENANT,
    sid: TENANT,
    tid: TENANT,
    role: 'viewer',
    jti: 'one',
    iat: nowS,
    nbf: nowS,
    exp: nowS + 600,
  };
}

const MINUTE_S = 60;

/** Beyond the tolerance of 30 s in each direction. */
function wrongClaims({ iat = 0, exp = 0 }: JWTPayload): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    'another issuer': { iss: 'https://evil.example' },
    'an issuer with a slash': { iss: `${ISSUER}/` },
    'no issuer': { iss: undefined },
    'another audience': { aud: 'another' },
    'several audiences': { aud: [AUDIENCE, 'another'] },
    'no audience': { aud: undefined },
    'past its end': { iat: iat - 10 * MINUTE_S, nbf: iat - 10 * MINUTE_S, exp: iat - MINUTE_S },
    'no end': { exp: undefined },
    'too long a life': { exp: exp + 60 * MINUTE_S },
    'not yet valid': { nbf: iat + 2 * MINUTE_S },
    'issued in the future': { iat: iat + 5 * MINUTE_S },
    'issued long ago': { iat: iat - 60 * MINUTE_S },
    'no moment of issue': { iat: undefined },
    'no tenant': { tid: undefined },
    'a tenant that is no id': { tid: "' or true --" },
    'no session': { sid: undefined },
    'no role': { role: undefined },
    'a role that is a list': { role: ['owner'] },
    'permissions that are text': { perms: '*' },
    'no subject': { sub: undefined },
    'no token id': { jti: undefined },
  };
}

const WRONG_HEADERS: Readonly<Record<string, Record<string, unknown>>> = {
  'typ of an id token': { typ: 'JWT' },
  'typ of a logout token': { typ: 'logout+jwt' },
  'no typ': { typ: undefined },
  'another kid': { kid: 'other' },
  'no kid': { kid: undefined },
};
