import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { platformErrors } from '../errors/index.ts';

/** Lifetime of a token between processes: long enough to be reused by many calls, short enough to be worthless later. */
const TOKEN_LIFETIME_S = 60;
/** A token is reused until this long before its end. */
const RENEW_BEFORE_S = 20;
/** Tokens remembered as verified; there are about as many as services × tenants at work. */
const VERIFIED_MAX = 1_000;
const AUDIENCE = 'candlefish-internal';
const TOKEN_TYPE = 'svc+jwt';

/** What a token between processes says: which service calls, and whether for itself. */
export interface ServiceToken {
  readonly service: string;
  /**
   * `system`: for the service's own work, in `tenantId`. `caller`: for whoever the credential beside it names, or for
   * nobody when there is none.
   */
  readonly acting: 'system' | 'caller';
  readonly tenantId: string | null;
}

/** Makes and checks tokens between the processes of one platform. */
export interface ServiceIdentity {
  /** The token text for a service and purpose; reused while it is fresh. */
  issue(token: ServiceToken, now: Date): Promise<string>;
  /** @throws AppError UNAUTHENTICATED when it is forged, expired or meant for something else. */
  verify(token: string, now: Date): Promise<ServiceToken>;
}

/** @param secret The platform's secret, the same in every process; the key is derived from it (HKDF-SHA-256). */
export function serviceIdentity(secret: string): ServiceIdentity {
  const key: KeyObject = createSecretKey(
    Buffer.from(hkdfSync('sha256', secret, 'candlefish', 'calls between services', 32)),
  );
  const issued = new LRUCache<string, { readonly text: string; readonly renewAtMs: number }>({ max: VERIFIED_MAX });
  const verified = new LRUCache<string, { readonly token: ServiceToken; readonly expiresAtMs: number }>({
    max: VERIFIED_MAX,
  });
  return {
    async issue(token, now) {
      const cacheKey = `${token.service} ${token.acting} ${token.tenantId ?? ''}`;
      const found = issued.get(cacheKey);
      if (found !== undefined && found.renewAtMs > now.getTime()) return found.text;
      const issuedAtS = Math.floor(now.getTime() / 1_000);
      const text = await new SignJWT({ act: token.acting, ...(token.tenantId === null ? {} : { tid: token.tenantId }) })
        .setProtectedHeader({ alg: 'HS256', typ: TOKEN_TYPE })
        .setIssuer(token.service)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAtS)
        .setExpirationTime(issuedAtS + TOKEN_LIFETIME_S)
        .sign(key);
      issued.set(cacheKey, { text, renewAtMs: (issuedAtS + TOKEN_LIFETIME_S - RENEW_BEFORE_S) * 1_000 });
      return text;
    },
    async verify(text, now) {
      const found = verified.get(text);
      if (found !== undefined && found.expiresAtMs > now.getTime()) return found.token;
      try {
        const { payload } = await jwtVerify(text, key, {
          algorithms: ['HS256'],
          audience: AUDIENCE,
          typ: TOKEN_TYPE,
          currentDate: now,
          requiredClaims: ['iss', 'exp', 'act'],
        });
        const token: ServiceToken = {
          service: payload.iss ?? '',
          acting: payload['act'] === 'system' ? 'system' : 'caller',
          tenantId: typeof payload['tid'] === 'string' ? payload['tid'] : null,
        };
        verified.set(text, { token, expiresAtMs: (payload.exp ?? 0) * 1_000 });
        return token;
      } catch (cause) {
        throw platformErrors.unauthenticated({ detail: 'The service token is not valid.', cause });
      }
    },
  };
}
