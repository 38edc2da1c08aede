import type { Tx } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { authErrors } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { isBuiltInRole, mayHandle } from '../domain/permissions.ts';
import { lockMembership, lockOwners } from '../store/memberships.ts';
import { holdRoleByName } from '../store/roles.ts';
import { checkHandOn } from './hand-on.ts';
import { invalid } from './inputs.ts';
import { textsOf } from './permissions.ts';

/**
 * Holds a role that the caller wants to give against their own, and a custom one until COMMIT.
 * @throws AppError VALIDATION_FAILED for an unknown role, FORBIDDEN for one above the caller's.
 */
export async function checkMayGive(
  ctx: AuthCtx,
  tx: Tx<'user:create' | 'user:update'>,
  tenantId: string,
  role: string,
): Promise<void> {
  if (isBuiltInRole(role)) return checkMayHandle(ctx, role);
  const custom = await tx.first(holdRoleByName({ tenantId, name: role }));
  if (custom === undefined) throw invalid('/role', 'is no role of this tenant');
  checkHandOn(ctx, textsOf(custom.permissions), '/role/permissions');
}

/** @throws AppError FORBIDDEN when the role stands above the caller's. */
function checkMayHandle(ctx: AuthCtx, role: string): void {
  if (!mayHandle(ctx.actor.role, role)) {
    throw platformErrors.forbidden({ detail: `The role ${role} stands above yours.` });
  }
}

/** A member about to change, locked, and whether another owner who may act remains without them. */
export interface LockedMember {
  readonly userId: string;
  readonly role: string;
  readonly isDisabled: boolean;
  /** @throws AppError LAST_OWNER when they are the last owner who may act. */
  checkNotLastOwner(): void;
}

/**
 * Locks a member for a change. Owners are locked first and in order, so that changes of owners wait for each other.
 * @throws AppError NOT_FOUND, FORBIDDEN when the member stands above the caller.
 */
export async function lockMember(
  ctx: AuthCtx,
  tx: Tx<'user:update' | 'user:remove'>,
  place: { readonly tenantId: string; readonly userId: string },
): Promise<LockedMember> {
  const owners = await tx.run(lockOwners({ tenantId: place.tenantId }));
  const member = await tx.first(lockMembership(place));
  if (member === undefined) throw platformErrors.notFound();
  checkMayHandle(ctx, member.role);
  return {
    userId: member.userId,
    role: member.role,
    isDisabled: member.disabledAt !== null,
    checkNotLastOwner() {
      if (owners.length === 1 && owners[0]?.userId === member.userId) throw authErrors.lastOwner();
    },
  };
}
