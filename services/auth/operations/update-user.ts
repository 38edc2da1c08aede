import { isUuid } from '@candlefish/base/ids';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { subjects } from '@candlefish/kit/identity';
import type { RevocationMark } from '@candlefish/kit/revocation';
import { authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { updateDisabled, updateRole } from '../store/memberships.ts';
import { revokeSessionsOf } from '../store/sessions.ts';
import { checkMayGive, type LockedMember, lockMember } from './member-roles.ts';
import { announce, revoke } from './revoke.ts';

/** What to change of a member; what is undefined stays. */
export interface UpdateUserInput {
  readonly role?: string | undefined;
  readonly isDisabled?: boolean | undefined;
}

/**
 * Gives a member another role, lets them act no more, or again. Their access tokens are refused within a second; a
 * changed role comes with the next refresh, a disabled member's sessions are over.
 * @throws AppError NOT_FOUND, FORBIDDEN for a member or a role above the caller's, LAST_OWNER, VALIDATION_FAILED
 */
export async function updateUser(ctx: AuthCtx, id: string, input: UpdateUserInput): Promise<void> {
  const grant = ctx.authorize('user:update');
  if (!isUuid(id)) throw platformErrors.notFound();
  const place = { tenantId: tenantOf(grant), userId: id };
  const marks = await ctx.tx(grant, async (tx) => {
    const member = await lockMember(ctx, tx, place);
    const hasNewRole = await changeRole(ctx, tx, place, member, input.role);
    const isNewlyDisabled = await changeDisabled(tx, place, member, input.isDisabled);
    return hasNewRole || isNewlyDisabled ? revoke(tx, [subjects.membership(id, place.tenantId)]) : NO_MARKS;
  });
  await announce(ctx, marks);
}

const NO_MARKS: readonly RevocationMark[] = [];

interface Place {
  readonly tenantId: string;
  readonly userId: string;
}

async function changeRole(
  ctx: AuthCtx,
  tx: Tx<'user:update'>,
  place: Place,
  member: LockedMember,
  role: string | undefined,
): Promise<boolean> {
  if (role === undefined || role === member.role) return false;
  await checkMayGive(ctx, tx, place.tenantId, role);
  member.checkNotLastOwner();
  await tx.run(updateRole({ ...place, role }));
  tx.emit(authEvents.userRoleChanged, { userId: place.userId, from: member.role, to: role });
  return true;
}

async function changeDisabled(
  tx: Tx<'user:update'>,
  place: Place,
  member: LockedMember,
  isDisabled: boolean | undefined,
): Promise<boolean> {
  if (isDisabled === undefined || isDisabled === member.isDisabled) return false;
  if (isDisabled) {
    member.checkNotLastOwner();
    await tx.run(revokeSessionsOf({ ...place, reason: 'disabled' }));
  }
  await tx.run(updateDisabled({ ...place, isDisabled }));
  tx.emit(isDisabled ? authEvents.userDisabled : authEvents.userEnabled, { userId: place.userId });
  return isDisabled;
}
