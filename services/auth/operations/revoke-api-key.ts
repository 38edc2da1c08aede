import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { subjects } from '@candlefish/kit/identity';
import { authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { revokeApiKey as end, lockApiKey } from '../store/api-keys.ts';
import { isTheirs } from './api-keys.ts';
import { announce, revoke } from './revoke.ts';

/** Ends a key, everywhere within a second. Ending an ended one changes nothing. @throws AppError NOT_FOUND */
export async function revokeApiKey(ctx: AuthCtx, id: string): Promise<void> {
  const grant = ctx.authorize('api-key:revoke');
  if (!isUuid(id)) throw platformErrors.notFound();
  const place = { tenantId: tenantOf(grant), id };
  const marks = await ctx.tx(grant, async (tx) => {
    const key = await tx.first(lockApiKey(place));
    if (key === undefined || !isTheirs(ctx, key.userId)) throw platformErrors.notFound();
    if (key.revokedAt !== null) return [];
    await tx.run(end(place));
    tx.emit(authEvents.apiKeyRevoked, { apiKeyId: id, userId: key.userId });
    return revoke(tx, [subjects.key(id)]);
  });
  await announce(ctx, marks);
}
