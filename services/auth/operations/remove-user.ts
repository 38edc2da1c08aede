import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { subjects } from '@candlefish/kit/identity';
import { authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { revokeApiKeysOf } from '../store/api-keys.ts';
import { deleteMembership } from '../store/memberships.ts';
import { lockMember } from './member-roles.ts';
import { announce, revoke } from './revoke.ts';

/**
 * Takes a member out of the tenant: sessions and keys there end, the account and its other tenants stay.
 * @throws AppError NOT_FOUND, FORBIDDEN for a member above the caller, LAST_OWNER
 */
export async function removeUser(ctx: AuthCtx, id: string): Promise<void> {
  const grant = ctx.authorize('user:remove');
  if (!isUuid(id)) throw platformErrors.notFound();
  const place = { tenantId: tenantOf(grant), userId: id };
  const marks = await ctx.tx(grant, async (tx) => {
    const member = await lockMember(ctx, tx, place);
    member.checkNotLastOwner();
    const keys = await tx.run(revokeApiKeysOf(place));
    await tx.one(deleteMembership(place));
    tx.emit(authEvents.userRemoved, { userId: id });
    return revoke(tx, [subjects.membership(id, place.tenantId), ...keys.map((key) => subjects.key(key.id))]);
  });
  await announce(ctx, marks);
}
