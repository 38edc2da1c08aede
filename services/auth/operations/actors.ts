import type { Actor } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';

/** A person in a tenant. */
export interface SessionOwner {
  readonly userId: string;
  readonly tenantId: string;
}

/**
 * The context of somebody who has just proved who they are, in their tenant. It carries no rights beyond those that
 * everybody has: signing in and out.
 */
export function asOwner(ctx: AuthCtx, { userId, tenantId }: SessionOwner): AuthCtx {
  const actor: Actor = {
    kind: 'user',
    id: userId,
    userId,
    tenantId,
    role: 'anonymous',
    permissions: new Set(),
    scopes: null,
    sessionId: null,
    issuedAt: ctx.clock.now(),
    expiresAt: null,
  };
  return ctx.as(actor);
}

/** A signed-in person. */
export interface Person extends SessionOwner {
  readonly sessionId: string;
  readonly role: string;
}

/**
 * The signed-in person of a context, for what only people do.
 * @throws AppError UNAUTHENTICATED for nobody, FORBIDDEN for keys and agents.
 */
export function personOf(ctx: AuthCtx): Person {
  const { kind, userId, tenantId, sessionId, role } = ctx.actor;
  if (kind === 'anonymous') throw platformErrors.unauthenticated();
  if (kind !== 'user' || userId === null || tenantId === null || sessionId === null) {
    throw platformErrors.forbidden({ detail: 'This needs a signed-in person, not a key.' });
  }
  return { userId, tenantId, sessionId, role };
}

/**
 * The person behind a context: signed in, or the owner of the key.
 * @throws AppError UNAUTHENTICATED, FORBIDDEN
 */
export function userIdOf(ctx: AuthCtx): string {
  const { kind, userId } = ctx.actor;
  if (kind === 'anonymous') throw platformErrors.unauthenticated();
  if (userId === null) throw platformErrors.forbidden({ detail: 'This needs a person behind the credential.' });
  return userId;
}
