import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { insertMembership, membershipsOf } from '../store/memberships.ts';
import { asOwner, personOf } from './actors.ts';
import { nameOf } from './inputs.ts';
import { makeTenant } from './sign-up.ts';

const TENANT_NAME_CHARS_MAX = 255;
/** Tenants of one person; more are made by talking to us. */
const TENANTS_MAX = 50;

/**
 * Makes another tenant with the caller as its owner. Switch to it to act there.
 * @returns Id of the tenant.
 * @throws AppError VALIDATION_FAILED, TOO_MANY
 */
export async function createTenant(ctx: AuthCtx, input: { readonly name: string }): Promise<string> {
  ctx.authorize('tenant:create');
  const { userId } = personOf(ctx);
  const name = nameOf(input.name, '/name', TENANT_NAME_CHARS_MAX);
  const memberships = await ctx.query(ctx.authorize('membership:read'), membershipsOf({ userId }));
  if (memberships.length >= TENANTS_MAX) throw authErrors.tooMany();
  const owner = { userId, tenantId: ctx.ids.next() };
  const there = asOwner(ctx, owner);
  const scoped = ctx.as({ ...there.actor, permissions: new Set(['tenant:create']) });
  await scoped.tx(scoped.authorize('tenant:create'), async (tx) => {
    await makeTenant(tx, { id: owner.tenantId, name });
    await tx.run(insertMembership({ ...owner, role: 'owner' }));
    tx.emit(authEvents.tenantCreated, owner);
  });
  return owner.tenantId;
}
