import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import * as store from '../store/tenants.ts';

/** A tenant. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly plan: string;
  readonly createdAt: Date;
}

/** Tenants by id: the caller's own, or none. */
export async function findTenants(ctx: AuthCtx, ids: readonly string[]): Promise<readonly Tenant[]> {
  const grant = ctx.authorize('tenant:read');
  const known = ids.filter(isUuid);
  return known.length === 0 ? [] : ctx.query(grant, store.findTenants({ ids: known }));
}

/** The caller's own tenant. @throws AppError NOT_FOUND */
export async function findOwnTenant(ctx: AuthCtx): Promise<Tenant> {
  const [tenant] = await findTenants(ctx, [tenantOf(ctx.authorize('tenant:read'))]);
  if (tenant === undefined) throw platformErrors.notFound();
  return tenant;
}
