import { isUuid } from '@candlefish/base/ids';
import { ROLES, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import type { RolesStatements } from '../store/roles.rows.generated.ts';
import * as store from '../store/roles.ts';
import { textsOf } from './permissions.ts';

/** Roles a tenant may make. */
export const ROLES_MAX = 100;

/** What somebody may be made of. */
export interface Role {
  /** Null for a built-in role. */
  readonly id: string | null;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly isBuiltIn: boolean;
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

/** The role of a row. */
export const toRole = (row: RolesStatements['findRole']['row']): Role => ({
  ...row,
  permissions: textsOf(row.permissions),
  isBuiltIn: false,
});

/** All roles: the built-in ones, strongest first, then the tenant's own by name. */
export async function listRoles(ctx: AuthCtx): Promise<readonly Role[]> {
  const grant = ctx.authorize('role:read');
  const rows = await ctx.query(grant, store.listRoles({ tenantId: tenantOf(grant), limit: ROLES_MAX }));
  return [...ROLES.map((name) => builtIn(ctx, name)), ...rows.map(toRole)];
}

/** One of the tenant's own roles. @throws AppError NOT_FOUND */
export async function findRole(ctx: AuthCtx, id: string): Promise<Role> {
  const grant = ctx.authorize('role:read');
  const row = isUuid(id) ? await ctx.first(grant, store.findRole({ tenantId: tenantOf(grant), id })) : undefined;
  if (row === undefined) throw platformErrors.notFound();
  return toRole(row);
}

const builtIn = (ctx: AuthCtx, name: (typeof ROLES)[number]): Role => ({
  id: null,
  name,
  description: DESCRIPTIONS[name],
  permissions: [...ctx.service.policy].filter(([, allowed]) => allowed.includes(name)).map(([action]) => action),
  isBuiltIn: true,
  createdAt: null,
  updatedAt: null,
});

const DESCRIPTIONS: Readonly<Record<(typeof ROLES)[number], string>> = {
  owner: 'Everything in the tenant, other owners included.',
  admin: 'Everything but owners.',
  manager: 'Runs the daily work of others.',
  staff: 'Does the daily work.',
  field: 'Works away from the office.',
  finance: 'Sees and handles money.',
  viewer: 'Looks, changes nothing.',
};
