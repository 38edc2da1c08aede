import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import { membershipsOf } from '../store/memberships.ts';
import { userIdOf } from './actors.ts';

/** A tenant that a person belongs to. */
export interface Membership {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly tenantSlug: string;
  readonly role: string;
  readonly isDisabled: boolean;
  /** Whether the credential in use speaks for this tenant. */
  readonly isCurrent: boolean;
  readonly joinedAt: Date;
}

/** The tenants the caller belongs to, in the order they were joined. A key shows only its own. */
export async function listMemberships(ctx: AuthCtx): Promise<readonly Membership[]> {
  const grant = ctx.authorize('membership:read');
  const rows = await ctx.query(grant, membershipsOf({ userId: userIdOf(ctx) }));
  return rows
    .map(({ permissions: _, disabledAt, ...row }) => ({
      ...row,
      isDisabled: disabledAt !== null,
      isCurrent: row.tenantId === grant.tenantId,
    }))
    .filter((membership) => ctx.actor.kind === 'user' || membership.isCurrent);
}

/** The caller's membership in one tenant. @throws AppError NOT_FOUND */
export async function findMembership(ctx: AuthCtx, tenantId: string): Promise<Membership> {
  const membership = (await listMemberships(ctx)).find((one) => one.tenantId === tenantId);
  if (membership === undefined) throw platformErrors.notFound();
  return membership;
}
