import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Clock } from '@candlefish/kit/context';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import type { PublicJwk, SigningKeys, StoredSigningKey } from '../ctx.ts';
import { isPublished, signerOf } from '../domain/signing-keys.ts';
import { seal, unseal } from './seal.ts';

const ALGORITHM = 'EdDSA';
/** A rotation on another node is seen within this time. */
const RELOAD_MS = 10_000;

/** What the keys are made from. */
export interface SigningKeysOptions {
  /** 32 bytes; seals private keys at rest. */
  readonly sealingKey: Uint8Array;
  readonly clock: Clock;
  /** Reads the keys of the database. */
  readonly load: () => Promise<readonly StoredSigningKey[]>;
  /** Called when a renewal failed and the keys at hand are used on. */
  readonly onReloadError: (error: unknown) => void;
}

interface OpenedKey extends StoredSigningKey {
  readonly privateKey: KeyObject;
}

/** The signing keys of a process. Call `reload` once before use. */
export function createSigningKeys(options: SigningKeysOptions): SigningKeys {
  const { sealingKey } = options;
  let opened: readonly OpenedKey[] = [];
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  let reloading: Promise<void> | null = null;

  const open = (stored: StoredSigningKey): OpenedKey => {
    const known = opened.find((key) => key.kid === stored.kid);
    return { ...stored, privateKey: known?.privateKey ?? createPrivateKey(unsealKey(sealingKey, stored)) };
  };

  const reload = (): Promise<void> => {
    reloading ??= (async () => {
      const stored = await options.load();
      opened = stored.map(open);
      loadedAtMs = performance.now();
    })().finally(() => {
      reloading = null;
    });
    return reloading;
  };

  const renew = async (): Promise<void> => {
    if (performance.now() - loadedAtMs < RELOAD_MS) return;
    try {
      await reload();
    } catch (error) {
      if (opened.length === 0) throw error;
      options.onReloadError(error);
    }
  };

  return {
    reload,
    async signer() {
      await renew();
      const signer = signerOf(opened, options.clock.now());
      if (signer === undefined) throw new Error('there is no key to sign access tokens with');
      return { kid: signer.kid, privateKey: signer.privateKey };
    },
    async published() {
      await renew();
      const now = options.clock.now();
      // Only `make` below writes this column.
      return opened.filter((key) => isPublished(key, now)).map((key) => key.publicJwk as PublicJwk);
    },
    async make() {
      const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
      const { kty, crv, x } = await exportJWK(publicKey);
      if (kty === undefined || crv === undefined || x === undefined)
        throw new Error('the new key is not an Ed25519 key');
      const kid = await calculateJwkThumbprint({ kty, crv, x });
      const pem = await exportPKCS8(privateKey);
      return {
        kid,
        publicJwk: { kty, crv, x, kid, use: 'sig', alg: ALGORITHM },
        sealedPrivateKey: seal(sealingKey, Buffer.from(pem), kid),
      };
    },
  };
}

function unsealKey(sealingKey: Uint8Array, { kid, sealedPrivateKey }: StoredSigningKey): string {
  try {
    return unseal(sealingKey, sealedPrivateKey, kid).toString();
  } catch (error) {
    throw new Error(`the signing key ${kid} was sealed with another CANDLEFISH_SECRET than this process has`, {
      cause: error,
    });
  }
}
