import { createHash } from 'node:crypto';
import { isApiKey, looksLikeApiKey } from '@candlefish/base/api-key';
import { LRUCache } from 'lru-cache';
import { type Actor, ANONYMOUS, type Clock, type Credential } from '../context/index.ts';
import { isAppError, platformErrors } from '../errors/index.ts';
import { type Revocations, RevocationsStaleError } from '../revocation/index.ts';
import { verifyAccessToken } from './access-token.ts';
import type { KeySource } from './key-source.ts';
import { revocationSubjects, subjects } from './subjects.ts';

/** The credentials of a request as they came. */
export interface Presented {
  /** Value of the `Authorization` header. */
  readonly authorization?: string | undefined;
  /** Value of the `X-API-Key` header. */
  readonly apiKey?: string | undefined;
}

/** Who sent the request. */
export interface Authenticated {
  readonly actor: Actor;
  /** What to send along to other processes, which verify it again; null for nobody. */
  readonly credential: Credential | null;
  /** The key's own limit; null for everybody else. */
  readonly requestsPerHourMax: number | null;
}

/** Finds out who sends a request. */
export interface Authenticator {
  /**
   * The sender: anonymous when nothing was sent.
   * @throws AppError UNAUTHENTICATED when what was sent is not valid now; UNAVAILABLE when that cannot be known.
   */
  authenticate(presented: Presented): Promise<Authenticated>;
}

/** What is known of a key that may be used now. */
export interface VerifiedApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly userId: string;
  /** Role of the key's owner at this moment, and the permissions when it is a custom one. */
  readonly role: string;
  readonly permissions: readonly string[] | null;
  readonly scopes: readonly string[];
  readonly requestsPerHourMax: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** What the authenticator works with. */
export interface AuthenticatorOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: KeySource;
  /** The key with this SHA-256, when it may be used now; the key itself travels no further than here. */
  readonly verifyApiKey: (sha256: Uint8Array) => Promise<VerifiedApiKey | null>;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly clock: Clock;
}

/** Tokens held at the most, by the header they come in: about 10 MB. The oldest in use makes room. */
const TOKENS_MAX = 10_000;
/** A token is verified anew after this time, so that the end of its signing key is felt: 1 minute. */
const TOKEN_TTL_MS = 60_000;
/** API keys held at the most, right and wrong ones together. */
const API_KEYS_MAX = 10_000;
/** A key's rights are asked for again after this time: what was taken away is gone within it. */
const API_KEY_TTL_MS = 1_000;
const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;
const RETRY_AFTER_MS = 1_000;

/** Makes the authenticator of a process. */
export const createAuthenticator = (options: AuthenticatorOptions): Authenticator => new CachingAuthenticator(options);

const NOBODY: Authenticated = Object.freeze({ actor: ANONYMOUS, credential: null, requestsPerHourMax: null });

interface KnownToken {
  readonly authenticated: Authenticated;
  /** What may be revoked. */
  readonly subjects: readonly string[];
  /** When it was verified; before that the clock has been set back. */
  readonly sinceMs: number;
  /** When it must be verified anew. */
  readonly untilMs: number;
}

function knownToken(actor: Actor, token: string, now: Date): KnownToken {
  const sinceMs = now.getTime();
  const expiresAtMs = actor.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    authenticated: { actor, credential: { kind: 'bearer', value: token }, requestsPerHourMax: null },
    subjects: revocationSubjects(actor),
    sinceMs,
    untilMs: Math.min(sinceMs + TOKEN_TTL_MS, expiresAtMs),
  };
}

interface KnownKey {
  /** Null for a key that may not be used. */
  readonly key: VerifiedApiKey | null;
  readonly authenticated: Authenticated;
}

class CachingAuthenticator implements Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #tokens = new LRUCache<string, KnownToken>({ max: TOKENS_MAX });
  readonly #apiKeys = new LRUCache<string, Promise<KnownKey>>({ max: API_KEYS_MAX, ttl: API_KEY_TTL_MS });

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  async authenticate({ authorization, apiKey }: Presented): Promise<Authenticated> {
    if (authorization === undefined && apiKey === undefined) return NOBODY;
    if (authorization !== undefined && apiKey !== undefined) {
      throw platformErrors.unauthenticated({ detail: 'Send a token or an API key, not both.' });
    }
    try {
      if (apiKey !== undefined) return await this.#byApiKey(apiKey);
      const known = this.#tokens.get(authorization ?? '');
      if (known !== undefined && this.#holds(known)) return this.#unlessRevoked(known);
      const credential = BEARER.exec(authorization ?? '')?.[1];
      if (credential === undefined) {
        throw platformErrors.unauthenticated({ detail: 'The Authorization header holds no Bearer token.' });
      }
      return looksLikeApiKey(credential)
        ? await this.#byApiKey(credential)
        : await this.#byToken(credential, authorization ?? '');
    } catch (error) {
      if (!(error instanceof RevocationsStaleError)) throw error;
      // Whether the credential still holds is unknown: neither yes nor no is an answer.
      throw platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause: error });
    }
  }

  /** @param header the whole value that it came in, by which it is known from then on: that need not be taken apart. */
  async #byToken(token: string, header: string): Promise<Authenticated> {
    const now = this.#options.clock.now();
    const known = knownToken(await this.#verify(token, now), token, now);
    this.#tokens.set(header, known);
    return this.#unlessRevoked(known);
  }

  /** The cache's own times of life would cost a look at a second clock, and a timer each millisecond. */
  #holds({ sinceMs, untilMs }: KnownToken): boolean {
    const nowMs = this.#options.clock.now().getTime();
    return nowMs >= sinceMs && nowMs < untilMs;
  }

  #unlessRevoked({ authenticated, subjects: marks }: KnownToken): Authenticated {
    if (this.#options.revocations.isRevoked(marks, authenticated.actor.issuedAt)) throw refusedToken();
    return authenticated;
  }

  async #verify(token: string, now: Date): Promise<Actor> {
    try {
      return await verifyAccessToken(token, this.#options, this.#options.keys, now);
    } catch (error) {
      if (isAppError(error)) throw error;
      throw refusedToken(error);
    }
  }

  async #byApiKey(apiKey: string): Promise<Authenticated> {
    if (!isApiKey(apiKey)) throw refusedKey();
    let known = await this.#knownKey(apiKey);
    if (known.key !== null && this.#isOutdated(known.key, known.authenticated)) {
      // Something about the key or its owner has changed: what may be done now is asked for anew.
      this.#apiKeys.delete(apiKey);
      known = await this.#knownKey(apiKey);
    }
    if (known.key === null || this.#isOutdated(known.key, known.authenticated)) throw refusedKey();
    return known.authenticated;
  }

  /** A revoked key stays revoked; marks about its owner only say that what is known may be out of date. */
  #isOutdated(key: VerifiedApiKey, { actor }: Authenticated): boolean {
    const { revocations, clock } = this.#options;
    if (key.expiresAt !== null && key.expiresAt <= clock.now()) return true;
    if (revocations.isRevoked([subjects.key(key.id)], key.createdAt)) return true;
    return revocations.isRevoked(revocationSubjects(actor), actor.issuedAt);
  }

  #knownKey(apiKey: string): Promise<KnownKey> {
    const found = this.#apiKeys.get(apiKey);
    if (found !== undefined) return found;
    const asked = this.#askForKey(apiKey);
    this.#apiKeys.set(apiKey, asked);
    asked.catch(() => {
      if (this.#apiKeys.peek(apiKey) === asked) this.#apiKeys.delete(apiKey);
    });
    return asked;
  }

  async #askForKey(apiKey: string): Promise<KnownKey> {
    // The moment before the question: a change after it may be missing from the answer.
    const askedAt = this.#options.clock.now();
    const key = await this.#options.verifyApiKey(createHash('sha256').update(apiKey).digest());
    if (key === null) return { key, authenticated: NOBODY };
    return {
      key,
      authenticated: {
        actor: {
          kind: 'api_key',
          id: key.id,
          userId: key.userId,
          tenantId: key.tenantId,
          role: key.role,
          permissions: key.permissions === null ? null : new Set(key.permissions),
          scopes: new Set(key.scopes),
          sessionId: null,
          issuedAt: askedAt,
          expiresAt: key.expiresAt,
        },
        credential: { kind: 'api_key', value: apiKey },
        requestsPerHourMax: key.requestsPerHourMax,
      },
    };
  }
}

const refusedToken = (cause?: unknown) =>
  platformErrors.unauthenticated({ detail: 'The access token is not valid, has expired or was revoked.', cause });

const refusedKey = () =>
  platformErrors.unauthenticated({ detail: 'The API key is not valid, has expired or was revoked.' });
