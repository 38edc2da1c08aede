import { isUuid } from '@candlefish/base/ids';
import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import { personOf } from './actors.ts';
import { endSession } from './end-session.ts';
import { announce } from './revoke.ts';

/** Ends one of the caller's own sessions, everywhere within a second. @throws AppError NOT_FOUND */
export async function revokeSession(ctx: AuthCtx, id: string): Promise<void> {
  const grant = ctx.authorize('session:revoke');
  const { userId, tenantId } = personOf(ctx);
  if (!isUuid(id)) throw platformErrors.notFound();
  const marks = await ctx.tx(grant, (tx) => endSession(tx, { tenantId, id, userId, reason: 'revoked' }));
  if (marks === null) throw platformErrors.notFound();
  await announce(ctx, marks);
}
