import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { lockMembersWithRole } from '../store/memberships.ts';
import { lockRole, deleteRole as remove } from '../store/roles.ts';

/** Deletes a role that nobody holds. @throws AppError NOT_FOUND, ROLE_IN_USE */
export async function deleteRole(ctx: AuthCtx, id: string): Promise<void> {
  const grant = ctx.authorize('role:delete');
  if (!isUuid(id)) throw platformErrors.notFound();
  const place = { tenantId: tenantOf(grant), id };
  await ctx.tx(grant, async (tx) => {
    const role = await tx.first(lockRole(place));
    if (role === undefined) throw platformErrors.notFound();
    const holders = await tx.run(lockMembersWithRole({ tenantId: place.tenantId, role: role.name }));
    if (holders.length > 0) throw authErrors.roleInUse();
    await tx.run(remove(place));
    tx.emit(authEvents.roleDeleted, { roleId: id, name: role.name });
  });
}
