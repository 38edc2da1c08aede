import { ANONYMOUS } from '@candlefish/kit/context';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rotateKeysCall } from '../contract.ts';
import { type AuthNetwork, authNetwork } from './auth-network.ts';

let network: AuthNetwork;
beforeAll(async () => {
  network = await authNetwork();
});
afterAll(() => network.close());

interface KeyList {
  readonly keys: readonly { readonly kid: string; readonly kty: string; readonly crv: string }[];
}

const publishedKeys = async (on: AuthNetwork = network): Promise<readonly string[]> =>
  ((await on.api.get('/.well-known/jwks.json')).body as KeyList).keys.map((key) => key.kid);

const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;

describe('signing keys', () => {
  test('are published with their public part only, for five minutes', async () => {
    const answer = await network.api.get('/.well-known/jwks.json');

    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = answer.body as KeyList;
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
  });

  test('are sealed in the database, each to its own id', async () => {
    const [row] = await network.sql('select sealed_private_key, public_jwk from auth.signing_keys');
    const sealed = row?.['sealed_private_key'] as Buffer;
    expect(sealed.includes('PRIVATE KEY')).toBe(false);
    expect(row?.['public_jwk']).not.toHaveProperty('d');
  });

  test('of nodes that start at once on a new platform are one', async () => {
    const fresh = await authNetwork();
    try {
      await fresh.sql('delete from auth.signing_keys');
      const nodes = await Promise.all(Array.from({ length: 3 }, () => authNetwork({ database: fresh.database })));
      expect(await fresh.sql('select kid from auth.signing_keys')).toHaveLength(1);
      const person = await nodes[0]?.signUp();
      expect((await nodes[1]?.api.as(person?.token ?? '').get('/api/v1/auth/me'))?.status).toBe(200);
      await Promise.all(nodes.map((node) => node.close()));
    } finally {
      await fresh.close();
    }
  });

  test('rotate with an overlap: published first, signing later, and nobody is signed out', async () => {
    const before = await network.signUp();
    const [oldKid] = await publishedKeys();

    const { keyId, activatesAt } = await network.system(null).call(rotateKeysCall, {});

    expect([...(await publishedKeys())].sort()).toEqual([oldKid, keyId].sort());
    expect(Date.parse(activatesAt) - Date.now()).toBeGreaterThan(300_000);
    expect(kidOf((await network.signUp()).token)).toBe(oldKid);
    expect((await before.api.get('/api/v1/auth/me')).status).toBe(200);

    // A moment after the old one began, which may be less than a second ago.
    await network.sql(
      "update auth.signing_keys set activates_at = (select activates_at + interval '1 ms' from auth.signing_keys where kid = $2) where kid = $1",
      [keyId, oldKid],
    );
    const later = await authNetwork({ database: network.database });
    try {
      const after = await later.signUp();
      expect(kidOf(after.token)).toBe(keyId);
      expect((await later.api.as(before.token).get('/api/v1/auth/me')).status).toBe(200);
      expect((await network.api.as(after.token).get('/api/v1/auth/me')).status).toBe(200);
    } finally {
      await later.close();
    }
  });

  test('rotate in an emergency: the old key is out at once, sessions go on by their next refresh', async () => {
    const before = await network.signUp();

    const { keyId } = await network.system(null).call(rotateKeysCall, { emergency: true });

    expect(await publishedKeys()).toEqual([keyId]);
    const restarted = await authNetwork({ database: network.database });
    try {
      expect((await restarted.api.as(before.token).get('/api/v1/auth/me')).status).toBe(401);
      const next = await restarted.api.post('/api/v1/auth/refresh', { refreshToken: before.refreshToken });
      expect(kidOf((next.body as { token: string }).token)).toBe(keyId);
    } finally {
      await restarted.close();
    }
  });

  test('are not for people, whatever their role', async () => {
    const owner = { ...ANONYMOUS, kind: 'user', role: 'owner', permissions: null } as const;
    await expect(network.system(null).as(owner).call(rotateKeysCall, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
