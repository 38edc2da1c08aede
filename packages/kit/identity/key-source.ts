import { setTimeout as sleep } from 'node:timers/promises';
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
/** Until here a known key is used while the list is renewed beside it; from here on the new list is waited for. */
const REFRESH_BY_MS = 2 * REFRESH_MS;
/**
 * Lists are loaded at most this often, so that made-up ids cost little. Whoever asks for an unknown id in between waits
 * for the next list: a key that signs from now on is found, not refused.
 */
const LOAD_INTERVAL_MS = 500;
/** A list that could not be renewed for this long is not believed any more: 10 minutes. */
const STALE_MS = 600_000;
/** A platform has two or three keys at a time; more than this is a mistake. */
const KEYS_MAX = 32;

/** Keys loaded when they are needed and kept for a minute. */
export const createKeySource = (options: KeySourceOptions): KeySource => new LoadedKeys(options);

class LoadedKeys implements KeySource {
  readonly #options: KeySourceOptions;
  #keys: ReadonlyMap<string, CryptoKey> = new Map();
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | null = null;

  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  async find(kid: string): Promise<CryptoKey | undefined> {
    const known = this.#keys.get(kid);
    const ageMs = this.#ageMs();
    if (known === undefined || ageMs > REFRESH_BY_MS) {
      await this.#renew();
      return this.#keys.get(kid);
    }
    // A failure is told by `onRefreshError`: the list is not so old yet that it would be thrown.
    if (ageMs > REFRESH_MS) void this.#renew();
    return known;
  }

  #ageMs(): number {
    return this.#options.clock.now().getTime() - this.#loadedAtMs;
  }

  async #renew(): Promise<void> {
    try {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = null;
      });
      await this.#loading;
    } catch (error) {
      if (this.#ageMs() > STALE_MS) throw error;
      this.#options.onRefreshError(error);
    }
  }

  async #load(): Promise<void> {
    const waitMs = this.#triedAtMs + LOAD_INTERVAL_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    this.#triedAtMs = performance.now();
    this.#keys = await importAll(await this.#options.load());
    this.#loadedAtMs = this.#options.clock.now().getTime();
  }
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
