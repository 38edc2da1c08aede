import type { AuthCtx } from './ctx.ts';

/** A sign-in was refused; `reason` never leaves the log. */
export function loginRefused(ctx: AuthCtx, reason: 'unknown' | 'password' | 'disabled' | 'throttled'): void {
  ctx.log.info({ event: 'auth.login.refused', reason }, 'sign-in refused');
}

/** Somebody signed in. */
export function sessionStarted(ctx: AuthCtx, sessionId: string, tenantId: string): void {
  ctx.log.info({ event: 'auth.session.started', sessionId, tenantId }, 'session started');
}

/** A refresh token came back after it had been replaced: it was probably stolen. */
export function refreshReused(ctx: AuthCtx, sessionId: string, tenantId: string): void {
  ctx.log.warn(
    { event: 'auth.session.reuse', sessionId, tenantId },
    'a replaced refresh token was used; the session is ended',
  );
}

/** The signing keys were rotated. */
export function signingKeysRotated(ctx: Pick<AuthCtx, 'log'>, kid: string, activatesAt: Date): void {
  ctx.log.info({ event: 'auth.signing-keys.rotated', kid, activatesAt }, 'signing keys rotated');
}
