import { platformErrors } from '@candlefish/kit/errors';
import { authErrors } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { IDLE_MS } from '../domain/session.ts';
import type { SignIn } from './open-session.ts';

const COOKIE = 'cf_refresh';
/** Where the cookie is sent: the two places that can refresh, and nowhere else. */
const PATHS = ['/api/v1/auth', '/graphql'] as const;
/** No form and no plain request of another site can carry this header; with it a browser asks first (CORS). */
const CSRF_HEADER = 'x-candlefish-csrf';
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** Leaves the refresh token with the browser, out of reach of scripts. */
export function keepRefreshCookie(ctx: AuthCtx, { refreshToken }: SignIn): void {
  for (const path of PATHS) ctx.http?.setCookie(COOKIE, refreshToken, { path, maxAgeMs: IDLE_MS });
}

/** Takes the cookie away. */
export function dropRefreshCookie(ctx: AuthCtx): void {
  for (const path of PATHS) ctx.http?.setCookie(COOKIE, '', { path, maxAgeMs: 0 });
}

/**
 * The refresh token of a request: the one it names, else the one of its cookie.
 * @throws AppError UNAUTHENTICATED when there is none; CSRF_REFUSED when another site could have sent the request.
 */
export function refreshTokenOf(ctx: AuthCtx, named: string | null | undefined): string {
  if (named !== undefined && named !== null) return named;
  const cookie = ctx.http?.cookie(COOKIE);
  if (cookie === undefined || cookie === '') {
    throw platformErrors.unauthenticated({ detail: 'Neither a refresh token nor its cookie was sent.' });
  }
  const isJson = JSON_TYPE.test(ctx.http?.header('content-type') ?? '');
  if (!isJson || ctx.http?.header(CSRF_HEADER) !== '1') throw authErrors.csrfRefused();
  return cookie;
}
