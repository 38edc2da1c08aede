import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { subjects } from '@candlefish/kit/identity';
import type { RevocationMark } from '@candlefish/kit/revocation';
import { authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { lockMembersWithRole } from '../store/memberships.ts';
import { lockRole, updateRolePermissions } from '../store/roles.ts';
import { checkPermissions, DESCRIPTION_CHARS_MAX } from './create-role.ts';
import { checkHandOn } from './hand-on.ts';
import { textOf } from './inputs.ts';
import { textsOf } from './permissions.ts';
import { announce, revoke } from './revoke.ts';
import { type Role, toRole } from './roles.ts';

/** What to change of a role; what is absent stays. */
export interface UpdateRoleInput {
  readonly description?: string | null | undefined;
  readonly permissions?: readonly string[] | null | undefined;
}

/**
 * Changes a role of the tenant. Access tokens of those who hold it are refused within a second; the next refresh brings
 * the new permissions.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED, FORBIDDEN for permissions, old or new, that the caller does not have
 */
export async function updateRole(ctx: AuthCtx, id: string, input: UpdateRoleInput): Promise<Role> {
  const grant = ctx.authorize('role:update');
  const { permissions = null } = input;
  const description =
    input.description === undefined || input.description === null
      ? null
      : textOf(input.description, '/description', DESCRIPTION_CHARS_MAX);
  if (permissions !== null) checkPermissions(ctx, permissions);
  if (!isUuid(id)) throw platformErrors.notFound();
  const place = { tenantId: tenantOf(grant), id };
  const { role, marks } = await ctx.tx(grant, async (tx) => {
    const found = await tx.first(lockRole(place));
    if (found === undefined) throw platformErrors.notFound();
    // Whoever may not give a role may not take it away either.
    checkHandOn(ctx, textsOf(found.permissions), '/permissions');
    const stored = permissions === null ? null : toJson(permissions);
    const row = await tx.one(updateRolePermissions({ ...place, description, permissions: stored }));
    const changed = toRole(row);
    const { name } = found;
    tx.emit(authEvents.roleUpdated, { roleId: id, name, permissions: [...changed.permissions] });
    if (permissions === null) return { role: changed, marks: NO_MARKS };
    const holders = await tx.run(lockMembersWithRole({ tenantId: place.tenantId, role: name }));
    const names = holders.map(({ userId }) => subjects.membership(userId, place.tenantId));
    return { role: changed, marks: names.length === 0 ? NO_MARKS : await revoke(tx, names) };
  });
  await announce(ctx, marks);
  return role;
}

const NO_MARKS: readonly RevocationMark[] = [];
