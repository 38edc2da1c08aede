import type { Allowed, Ctx } from '@candlefish/kit/context';
import type { SigningKey } from '@candlefish/kit/identity';
import type { RateLimiter } from '@candlefish/kit/limits';
import type { Revocations } from '@candlefish/kit/revocation';

/** Hashes passwords in processes of their own, a few at a time. */
export interface Passwords {
  /** @throws AppError UNAVAILABLE when too many wait; the signal's reason when the caller has left the queue. */
  hash(password: string, signal: AbortSignal): Promise<string>;
  /**
   * Whether the password is the one of the hash. Takes as long for `null`, which matches nothing.
   * @returns `needsRehash` when it matches and the hash was made with other parameters than today's.
   */
  verify(
    hash: string | null,
    password: string,
    signal: AbortSignal,
  ): Promise<{ readonly matches: boolean; readonly needsRehash: boolean }>;
}

/** A refresh token as it came: what it says, not yet believed. */
export interface PresentedRefreshToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly mac: Uint8Array;
}

/** Makes and recognises refresh tokens. They are computed, never stored: the same generation gives the same text. */
export interface RefreshTokens {
  make(sessionId: string, seed: Uint8Array, generation: number): string;
  /** @returns null when the text has another form. */
  read(text: string): PresentedRefreshToken | null;
  /** Whether this platform made the token for the session with this seed. */
  isGenuine(token: PresentedRefreshToken, seed: Uint8Array): boolean;
}

/** The public part of a signing key, as it is published (RFC 8037). */
export type PublicJwk = {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly kid: string;
  readonly use: string;
  readonly alg: string;
};

/** A signing key as the database keeps it. */
export interface StoredSigningKey {
  readonly kid: string;
  readonly publicJwk: unknown;
  readonly sealedPrivateKey: Uint8Array;
  readonly activatesAt: Date;
  readonly retiresAt: Date | null;
}

/** A signing key before it is stored. */
export type NewSigningKey = Pick<StoredSigningKey, 'kid' | 'sealedPrivateKey'> & { readonly publicJwk: PublicJwk };

/** The keys of access tokens in this process, renewed from the database every few seconds. */
export interface SigningKeys {
  /** The key that signs now. @throws Error when there is none. */
  signer(): Promise<SigningKey>;
  /** Public parts of all keys whose tokens are believed. */
  published(): Promise<readonly PublicJwk[]>;
  /** A fresh pair, its private part sealed. */
  make(): Promise<NewSigningKey>;
  /** Reads the keys from the database now. */
  reload(): Promise<void>;
}

/** Collects when API keys were used, to be written once a minute. */
export interface KeyUses {
  note(keyId: string, usedAt: Date): void;
  /** Writes what was collected. */
  flush(): Promise<void>;
}

/** Settings that operations look at. */
export interface AuthSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly loginTriesPerMinute: number;
  readonly loginTriesPerAddressPerMinute: number;
  readonly signupsPerAddressPerHour: number;
}

/** What the service holds as long as the process runs. */
export interface AuthService {
  readonly settings: AuthSettings;
  readonly limits: RateLimiter;
  readonly revocations: Revocations;
  readonly passwords: Passwords;
  readonly refreshTokens: RefreshTokens;
  readonly signingKeys: SigningKeys;
  readonly keyUses: KeyUses;
  /** The role × action tables of all services of the platform. */
  readonly policy: ReadonlyMap<string, Allowed>;
  /** Cryptographically random bytes; fixed in tests. */
  randomBytes(count: number): Uint8Array;
}

/** The context of this service's operations. */
export type AuthCtx = Ctx<AuthService>;
