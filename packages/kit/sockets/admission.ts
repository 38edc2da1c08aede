import { type Actor, ANONYMOUS, type Credential } from '../context/index.ts';
import { platformErrors } from '../errors/index.ts';
import type { Authenticated, Authenticator, Presented } from '../identity/index.ts';
import type { RateLimiter, RatePolicy } from '../limits/index.ts';
import type { LiveConnection } from './connection.ts';

const MINUTE_MS = 60_000;
/** A token and the words around it. */
const FIRST_MESSAGE_CHARS_MAX = 4_096;

/** What the first message of a connection without a credential says. */
export interface AuthMessage {
  readonly token: string;
}

/** The token in a message `{"type":"auth","token":"…"}`; null for anything else. */
export function authMessageIn(data: Buffer, isBinary: boolean): AuthMessage | null {
  if (isBinary || data.length > FIRST_MESSAGE_CHARS_MAX) return null;
  let message: unknown;
  try {
    message = JSON.parse(data.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const { type, token } = message as { readonly type?: unknown; readonly token?: unknown };
  return type === 'auth' && typeof token === 'string' && token !== '' ? { token } : null;
}

/** What a credential is presented as, for the authenticator. */
export const presentedOf = ({ kind, value }: Credential): Presented =>
  kind === 'api_key' ? { apiKey: value } : { authorization: `Bearer ${value}` };

/** Lets connections in: verifies credentials, and counts those of an address that fail. */
export class Admission {
  readonly #authenticator: Authenticator;
  readonly #limiter: RateLimiter;

  constructor(authenticator: Authenticator, limiter: RateLimiter) {
    this.#authenticator = authenticator;
    this.#limiter = limiter;
  }

  /** @throws AppError UNAUTHENTICATED, UNAVAILABLE; RATE_LIMITED when too many of the address have failed. */
  async verify(presented: Presented, address: string | null, refusalsPerMinute: number): Promise<Authenticated> {
    const policy = { limit: refusalsPerMinute, windowMs: MINUTE_MS };
    await this.#look(address, policy);
    try {
      return await this.#authenticator.authenticate(presented);
    } catch (error) {
      await this.#limiter.consume(keyOf(address), policy);
      throw error;
    }
  }

  /** The same person's newer credential. @throws AppError UNAUTHENTICATED when it is not. */
  async renew(connection: LiveConnection, token: string): Promise<Authenticated> {
    const renewed = await this.#authenticator.authenticate({ authorization: `Bearer ${token}` });
    if (!isSame(connection.actor, renewed.actor)) {
      throw platformErrors.unauthenticated({ detail: 'The credential is of somebody else.' });
    }
    return renewed;
  }

  /** What the connection's own credential is worth now. @throws AppError UNAUTHENTICATED, UNAVAILABLE. */
  async again({ credential }: LiveConnection): Promise<Authenticated> {
    if (credential === null) return { actor: ANONYMOUS, credential: null, requestsPerHourMax: null };
    return this.#authenticator.authenticate(presentedOf(credential));
  }

  async #look(address: string | null, policy: RatePolicy): Promise<void> {
    const { remaining, retryAfterMs } = await this.#limiter.consume(keyOf(address), policy, 0);
    if (remaining === 0) throw platformErrors.rateLimited({ retryAfterMs });
  }
}

const keyOf = (address: string | null): string => `socket-refused:${address ?? 'unknown'}`;

const isSame = (one: Actor, other: Actor): boolean =>
  one.tenantId === other.tenantId &&
  (one.userId === null ? one.kind === other.kind && one.id === other.id : one.userId === other.userId);
