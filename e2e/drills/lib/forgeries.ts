import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';

/** A token that nobody issued, and why it must be refused. */
export interface Forgery {
  readonly name: string;
  readonly token: string;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Header and payload of a token, unverified. */
function partsOf(token: string): { readonly header: Record<string, unknown>; readonly payload: JWTPayload } {
  const [header = '', payload = ''] = token.split('.');
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { header: parse(header), payload: parse(payload) as JWTPayload };
}

/**
 * Tokens that somebody makes who has seen a genuine one and the published keys, but holds no private key.
 * @param published The platform's key set, as it stands under `/.well-known/jwks.json`.
 */
export async function forgeriesOf(genuine: string, published: readonly object[]): Promise<readonly Forgery[]> {
  const { header, payload } = partsOf(genuine);
  return [
    ...unsigned(genuine, header, payload),
    ...confused(header, payload, published),
    ...(await ownKeys(header, payload)),
    ...(await tampered(genuine, header, payload)),
  ];
}

function unsigned(genuine: string, header: object, payload: object): readonly Forgery[] {
  const signature = genuine.split('.')[2] ?? '';
  return ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => {
    const head = encode({ ...header, alg });
    return [
      { name: `alg ${alg || 'empty'} without signature`, token: `${head}.${encode(payload)}.` },
      { name: `alg ${alg || 'empty'} with the genuine signature`, token: `${head}.${encode(payload)}.${signature}` },
    ];
  });
}

/** The public key taken for a shared secret. */
function confused(header: object, payload: object, published: readonly object[]): readonly Forgery[] {
  return published.flatMap((key) => {
    const x = 'x' in key && typeof key.x === 'string' ? Buffer.from(key.x, 'base64url') : Buffer.alloc(0);
    const secrets: readonly (readonly [string, Buffer])[] = [
      ['raw key', x],
      ['key as JSON', Buffer.from(JSON.stringify(key))],
      ['empty', Buffer.alloc(0)],
    ];
    return (['HS256', 'HS384', 'HS512'] as const).flatMap((alg) =>
      secrets.map(([what, secret]) => {
        const signed = `${encode({ ...header, alg })}.${encode(payload)}`;
        const mac = createHmac(`sha${alg.slice(2)}`, secret)
          .update(signed)
          .digest('base64url');
        return { name: `${alg} with the ${what} as secret`, token: `${signed}.${mac}` };
      }),
    );
  });
}

/** A key of the forger's own, offered in every way a header can offer one. */
async function ownKeys(header: Readonly<Record<string, unknown>>, payload: JWTPayload): Promise<readonly Forgery[]> {
  const made: Forgery[] = [];
  for (const alg of ['EdDSA', 'ES256', 'RS256', 'PS256'] as const) {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: header['kid'], alg, use: 'sig' };
    const offers: Readonly<Record<string, Record<string, unknown>>> = {
      'under the genuine kid': {},
      'embedded as jwk': { jwk },
      'at a jku': { jku: 'https://evil.example/jwks.json' },
      'at an x5u': { x5u: 'https://evil.example/cert.pem' },
      'under an unknown kid': { kid: 'another' },
      'under a kid that is a path': { kid: '../../../../dev/null' },
      'under a kid that is SQL': { kid: "x' union select public_jwk from auth.signing_keys --" },
      'under a kid of 100 kB': { kid: 'k'.repeat(4_000) },
      'without a kid': { kid: undefined },
    };
    for (const [what, offer] of Object.entries(offers)) {
      const protectedHeader = { ...header, ...offer, alg };
      const token = await new SignJWT(payload).setProtectedHeader(protectedHeader as never).sign(pair.privateKey);
      made.push({ name: `${alg} key of one's own ${what}`, token });
    }
  }
  return made;
}

async function tampered(genuine: string, header: object, payload: JWTPayload): Promise<readonly Forgery[]> {
  const [head = '', body = '', signature = ''] = genuine.split('.');
  const changes: Readonly<Record<string, object>> = {
    'another tenant': { tid: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234' },
    'another user': { sub: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234' },
    'a later end': { exp: (payload.exp ?? 0) + 86_400 },
    'another role': { role: 'owner', perms: ['*'] },
  };
  const flipped = Buffer.from(signature, 'base64url');
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  const secret = await importJWK({ kty: 'oct', k: Buffer.from('secret').toString('base64url') }, 'HS256');
  return [
    ...Object.entries(changes).map(([what, change]) => ({
      name: `payload changed to ${what}`,
      token: `${head}.${encode({ ...payload, ...change })}.${signature}`,
    })),
    { name: 'one bit of the signature', token: `${head}.${body}.${flipped.toString('base64url')}` },
    { name: 'no signature', token: `${head}.${body}.` },
    { name: 'two parts', token: `${head}.${body}` },
    { name: 'four parts', token: `${genuine}.${signature}` },
    { name: 'an empty token', token: '..' },
    {
      name: 'crit that nobody knows',
      token: `${encode({ ...header, crit: ['b64'], b64: false })}.${body}.${signature}`,
    },
    {
      name: 'a guessed secret',
      token: await new SignJWT(payload).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret),
    },
  ];
}
