import type { AuthCtx } from '../ctx.ts';
import { personOf } from './actors.ts';
import { endSession } from './end-session.ts';
import { announce } from './revoke.ts';

/** Ends the session of the caller, here and on every node within a second. */
export async function logOut(ctx: AuthCtx): Promise<void> {
  const grant = ctx.authorize('auth:logout');
  const { userId, tenantId, sessionId } = personOf(ctx);
  const marks = await ctx.tx(grant, (tx) => endSession(tx, { tenantId, id: sessionId, userId, reason: 'logout' }));
  await announce(ctx, marks ?? []);
}
