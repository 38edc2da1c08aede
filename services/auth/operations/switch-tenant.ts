import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import { membershipsOf } from '../store/memberships.ts';
import { asOwner, personOf } from './actors.ts';
import { endSession } from './end-session.ts';
import { openSession, type SignIn } from './open-session.ts';
import { announce } from './revoke.ts';

/**
 * Signs the caller in to another tenant they belong to, without the password, and ends the session they came with. Of a
 * failure between the two steps an extra session is left, which the list shows and its owner can end.
 * @throws AppError NOT_FOUND when the caller does not belong there, ACCOUNT_DISABLED when they may not act there.
 */
export async function switchTenant(ctx: AuthCtx, { tenantId }: { readonly tenantId: string }): Promise<SignIn> {
  const grant = ctx.authorize('tenant:switch');
  const person = personOf(ctx);
  const memberships = await ctx.query(grant, membershipsOf({ userId: person.userId }));
  if (!memberships.some((membership) => membership.tenantId === tenantId)) throw platformErrors.notFound();

  const owner = { userId: person.userId, tenantId };
  // The new tenant decides what the person may do there; nothing of the old role comes along but the switch itself.
  const there = asOwner(ctx, owner);
  const arriving = ctx.as({ ...there.actor, permissions: new Set(['tenant:switch']) });
  const signer = await ctx.service.signingKeys.signer();
  const signIn = await arriving.tx(arriving.authorize('tenant:switch'), (tx) =>
    openSession(arriving, tx, owner, signer),
  );
  const left = { tenantId: person.tenantId, id: person.sessionId, userId: person.userId, reason: 'switched' as const };
  const marks = await ctx.tx(grant, (tx) => endSession(tx, left));
  await announce(ctx, marks ?? []);
  return signIn;
}
