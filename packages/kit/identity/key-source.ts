import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Clock } from '../context/index.ts';

/** Public keys as they are published (RFC 7517). */
export interface PublicKeys {
  readonly keys: readonly JWK[];
}

/** Public keys by id. */
export interface KeySource {
  /** @returns undefined for an id that is not published. @throws what the load throws, when there is no list at all. */
  find(kid: string): Promise<CryptoKey | undefined>;
  /** Forgets the list, so that the next question loads it anew. */
  forget(): void;
}

/** Where the keys come from. */
export interface KeySourceOptions {
  /** Gives the published list; may ask another process. */
  readonly load: () => Promise<PublicKeys>;
  readonly clock: Clock;
  /** Called when a renewal failed and the list at hand is used on. */
  readonly onRefreshError: (error: unknown) => void;
}

/** A list is renewed after this time, so that a retired key is refused soon: 1 minute. */
const REFRESH_MS = 60_000;
/** An unknown id asks for a new list at most this often, so that made-up ids cost nothing. */
const MISS_COOLDOWN_MS = 5_000;
/** A list that could not be renewed for this long is not believed any more: 10 minutes. */
const STALE_MS = 600_000;
/** A platform has two or three keys at a time; more than this is a mistake. */
const KEYS_MAX = 32;

/** Keys loaded when they are needed and kept for a minute. */
export function createKeySource(options: KeySourceOptions): KeySource {
  let keys: ReadonlyMap<string, CryptoKey> = new Map();
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | null = null;

  const nowMs = (): number => options.clock.now().getTime();

  const load = (): Promise<void> => {
    loading ??= (async () => {
      triedAtMs = nowMs();
      keys = await importAll(await options.load());
      loadedAtMs = nowMs();
    })().finally(() => {
      loading = null;
    });
    return loading;
  };

  const renew = async (): Promise<void> => {
    try {
      await load();
    } catch (error) {
      if (nowMs() - loadedAtMs > STALE_MS) throw error;
      options.onRefreshError(error);
    }
  };

  return {
    async find(kid) {
      if (
        nowMs() - loadedAtMs > REFRESH_MS &&
        (nowMs() - triedAtMs > MISS_COOLDOWN_MS || loading !== null || keys.size === 0)
      ) {
        await renew();
      }
      const known = keys.get(kid);
      if (known !== undefined || nowMs() - triedAtMs < MISS_COOLDOWN_MS) return known;
      await renew();
      return keys.get(kid);
    },
    forget() {
      loadedAtMs = Number.NEGATIVE_INFINITY;
      triedAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Only Ed25519 keys for signatures are taken, whatever else a list holds. */
async function importAll(list: PublicKeys): Promise<ReadonlyMap<string, CryptoKey>> {
  const imported = new Map<string, CryptoKey>();
  for (const jwk of list.keys.slice(0, KEYS_MAX)) {
    const { kid, kty, crv, x } = jwk;
    if (kid === undefined || kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) continue;
    const key = await importJWK({ kty, crv, x }, 'EdDSA');
    if (!(key instanceof Uint8Array)) imported.set(kid, key);
  }
  return imported;
}
