import { tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { isBuiltInRole } from '../domain/permissions.ts';
import { countRoles, insertRole } from '../store/roles.ts';
import { checkHandOn } from './hand-on.ts';
import { invalid, textOf } from './inputs.ts';
import { ROLES_MAX, type Role, toRole } from './roles.ts';

const NAME = /^[a-z][a-z0-9-]{0,49}$/;
/** Names that mean something else: the first design's default role, and the platform's own actors. */
const RESERVED = new Set(['user', 'system', 'anonymous']);
/** Characters of a description. */
export const DESCRIPTION_CHARS_MAX = 500;
/** Permissions of one role: they travel in every access token. */
const PERMISSIONS_MAX = 200;

/** A role to make. */
export interface CreateRoleInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly permissions: readonly string[];
}

/**
 * Makes a role of the tenant.
 * @throws AppError VALIDATION_FAILED, FORBIDDEN for permissions the caller does not have, ROLE_NAME_TAKEN, TOO_MANY
 */
export async function createRole(ctx: AuthCtx, input: CreateRoleInput): Promise<Role> {
  const grant = ctx.authorize('role:create');
  const { name, permissions } = input;
  if (!NAME.test(name)) throw invalid('/name', 'must have lower-case letters, digits and hyphens only');
  if (isBuiltInRole(name) || RESERVED.has(name)) throw authErrors.roleNameTaken();
  const description = textOf(input.description ?? '', '/description', DESCRIPTION_CHARS_MAX);
  checkPermissions(ctx, permissions);
  const tenantId = tenantOf(grant);
  return ctx.tx(grant, async (tx) => {
    const { count } = await tx.one(countRoles({ tenantId }));
    if (count >= ROLES_MAX) throw authErrors.tooMany();
    const id = ctx.ids.next();
    const row = await tx.first(insertRole({ id, tenantId, name, description, permissions: toJson(permissions) }));
    if (row === undefined) throw authErrors.roleNameTaken();
    tx.emit(authEvents.roleCreated, { roleId: id, name, permissions: [...permissions] });
    return toRole(row);
  });
}

/** @throws AppError VALIDATION_FAILED, FORBIDDEN */
export function checkPermissions(ctx: AuthCtx, permissions: readonly string[]): void {
  if (permissions.length === 0 || permissions.length > PERMISSIONS_MAX) {
    throw invalid('/permissions', `must have 1 to ${PERMISSIONS_MAX} items`);
  }
  checkHandOn(ctx, permissions, '/permissions');
}
