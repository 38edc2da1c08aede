import { type KeyObject, sign } from 'node:crypto';
import { type JWTPayload, jwtVerify } from 'jose';
import type { Actor } from '../context/index.ts';
import type { KeySource } from './key-source.ts';

/** `typ` of the token's header (RFC 9068), so that no other kind of signed document passes for one. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
/** The only algorithm: Ed25519. */
const ALGORITHM = 'EdDSA';
/** Clocks of two machines may differ by this much, in seconds. */
const CLOCK_TOLERANCE_S = 30;
/** A token that claims to live longer was not made here, in seconds. */
const LIFETIME_MAX_S = 15 * 60;
/** Ours have about 600 characters; custom roles with many permissions more. */
const TOKEN_CHARS_MAX = 16_384;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an access token says. */
export interface AccessClaims {
  readonly id: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  /** Built-in role or the name of a custom one. */
  readonly role: string;
  /** Permissions of a custom role; null for a built-in one. */
  readonly permissions: readonly string[] | null;
  /** To the millisecond: a revocation a moment later must refuse it, a token of a moment later must pass. */
  readonly issuedAt: Date;
  /** At most 15 minutes after `issuedAt`. */
  readonly expiresAt: Date;
}

/** A private key and the id under which its public half is published. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** Whom tokens come from and are for. */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: string;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed access token (RFC 7515, compact form; Ed25519 as RFC 8037 has it). */
export function signAccessToken(key: SigningKey, parties: TokenParties, claims: AccessClaims): string {
  const issuedAtS = claims.issuedAt.getTime() / 1_000;
  const header = { alg: ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid: key.kid };
  const payload = {
    sid: claims.sessionId,
    tid: claims.tenantId,
    role: claims.role,
    ...(claims.permissions === null ? {} : { perms: claims.permissions }),
    // RFC 7519 allows fractions of seconds; order against revocations needs them.
    iat: issuedAtS,
    nbf: Math.floor(issuedAtS),
    exp: Math.floor(claims.expiresAt.getTime() / 1_000),
    iss: parties.issuer,
    aud: parties.audience,
    sub: claims.userId,
    jti: claims.id,
  };
  const signed = `${encoded(header)}.${encoded(payload)}`;
  // At once and here: the thread pool, through which jose would go, is where passwords are hashed.
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

/**
 * The actor of a token. The key comes from the published ones by its id alone: keys and addresses inside the token are
 * not looked at.
 * @throws Error when the token is not one of ours, not for us, or not valid now.
 */
export async function verifyAccessToken(
  token: string,
  parties: TokenParties,
  keys: KeySource,
  now: Date,
): Promise<Actor> {
  if (token.length > TOKEN_CHARS_MAX) throw new Error('the token is too long');
  const { payload } = await jwtVerify(
    token,
    async ({ kid }) => {
      const key = typeof kid === 'string' ? await keys.find(kid) : undefined;
      if (key === undefined) throw new Error('the token names no published key');
      return key;
    },
    {
      algorithms: [ALGORITHM],
      typ: ACCESS_TOKEN_TYPE,
      issuer: parties.issuer,
      audience: parties.audience,
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: now,
      maxTokenAge: LIFETIME_MAX_S,
      requiredClaims: ['sub', 'sid', 'tid', 'role', 'iat', 'nbf', 'exp', 'jti'],
    },
  );
  return actorOf(payload);
}

function actorOf(payload: JWTPayload): Actor {
  const { iat = 0, exp = 0, aud } = payload;
  if (exp - iat > LIFETIME_MAX_S) throw new Error('the token lives too long');
  if (typeof aud !== 'string') throw new Error('the token is for several audiences');
  const userId = uuidOf(payload.sub, 'sub');
  return {
    kind: 'user',
    id: userId,
    userId,
    tenantId: uuidOf(payload['tid'], 'tid'),
    role: textOf(payload['role'], 'role'),
    permissions: permissionsOf(payload['perms']),
    scopes: null,
    sessionId: uuidOf(payload['sid'], 'sid'),
    issuedAt: new Date(Math.round(iat * 1_000)),
    expiresAt: new Date(exp * 1_000),
  };
}

function textOf(value: unknown, claim: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`the claim ${claim} is not text`);
  return value;
}

function uuidOf(value: unknown, claim: string): string {
  const text = textOf(value, claim);
  if (!UUID.test(text)) throw new Error(`the claim ${claim} is not a UUID`);
  return text;
}

function permissionsOf(value: unknown): ReadonlySet<string> | null {
  if (value === undefined) return null;
  if (!Array.isArray(value)) throw new Error('the claim perms is not a list');
  return new Set(value.map((item: unknown) => textOf(item, 'perms')));
}
