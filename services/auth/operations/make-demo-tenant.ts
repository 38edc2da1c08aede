import { systemActor, type Tx } from '@candlefish/kit/context';
import { authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { insertMembership } from '../store/memberships.ts';
import { findAccount, insertUser } from '../store/users.ts';
import { makeTenant } from './sign-up.ts';

/** Invented people of an invented company; `.example` addresses reach nobody (RFC 2606). */
const TENANT_NAME = 'Harbour Light Painting (demo)';
const PASSWORD = 'violet-tractor-sonnet';
const OWNER = { email: 'demo@candlefish.example', role: 'owner' } as const;
const COLLEAGUES = [
  { email: 'maren.manager@candlefish.example', role: 'manager' },
  { email: 'stig.staff@candlefish.example', role: 'staff' },
  { email: 'vera.viewer@candlefish.example', role: 'viewer' },
] as const;

/** How to sign in to the demo tenant. */
export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly tenantId: string;
  readonly userId: string;
}

/** Makes the demo tenant with its people, who share one password, unless it is there. */
export async function makeDemoTenant(ctx: AuthCtx): Promise<DemoAccount> {
  const grant = ctx.authorize('auth:demo');
  const found = await ctx.first(grant, findAccount({ email: OWNER.email, address: '' }));
  const account = { email: OWNER.email, password: PASSWORD };
  if (found !== undefined) return { ...account, tenantId: found.tenantId, userId: found.userId };

  const passwordHash = await ctx.service.passwords.hash(PASSWORD, ctx.signal);
  const tenantId = ctx.ids.next();
  const there = ctx.as(systemActor('auth', tenantId, ctx.clock.now()));
  const userId = await there.tx(there.authorize('auth:demo'), async (tx) => {
    await makeTenant(tx, { id: tenantId, name: TENANT_NAME });
    const place = { tenantId, passwordHash };
    const ownerId = await addPerson(tx, { ...place, ...OWNER, userId: ctx.ids.next() });
    for (const colleague of COLLEAGUES) await addPerson(tx, { ...place, ...colleague, userId: ctx.ids.next() });
    tx.emit(authEvents.tenantCreated, { tenantId, userId: ownerId });
    return ownerId;
  });
  return { ...account, tenantId, userId };
}

interface DemoPerson {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: string;
}

async function addPerson(
  tx: Tx<'auth:demo'>,
  { userId, tenantId, email, passwordHash, role }: DemoPerson,
): Promise<string> {
  await tx.run(insertUser({ id: userId, email, passwordHash, tenantId }));
  await tx.run(insertMembership({ userId, tenantId, role }));
  return userId;
}
