import { randomUUID } from 'node:crypto';
import type { Actor, Ctx } from '@candlefish/kit/context';
import type { TestHost } from './host.ts';
import type { TestDatabase } from './test-databases.ts';

/** A tenant with one person in it, made without the auth service. */
export interface TestTenant {
  readonly tenantId: string;
  readonly userId: string;
}

/** Makes a tenant and a person, for tests of a service that does not need sign-in. */
export async function createTenant(database: TestDatabase): Promise<TestTenant> {
  const tenantId = randomUUID();
  const slug = `t-${tenantId}`;
  await database.run('insert into auth.tenants (id, name, slug) values ($1, $2, $3)', [tenantId, 'Example', slug]);
  return addPerson(database, tenantId, 'owner');
}

/** Adds a person with a role to a tenant, without the auth service. */
export async function addPerson(database: TestDatabase, tenantId: string, role: string): Promise<TestTenant> {
  const userId = randomUUID();
  const email = `${userId}@example.test`;
  await database.run('insert into auth.users (id, email, tenant_id) values ($1, $2, $3)', [userId, email, tenantId]);
  const membership = [tenantId, userId, role];
  await database.run('insert into auth.memberships (tenant_id, user_id, role) values ($1, $2, $3)', membership);
  return { tenantId, userId };
}

/** The context of a person with a role in a tenant; it ends with the host or with `signal`. */
export function contextAs<Service>(
  host: TestHost,
  service: string,
  { tenantId, userId }: TestTenant,
  role: string,
  signal?: AbortSignal,
): Ctx<Service> {
  const actor: Actor = {
    kind: 'user',
    id: userId,
    userId,
    tenantId,
    role,
    permissions: null,
    scopes: null,
    sessionId: null,
    issuedAt: new Date(),
    expiresAt: null,
  };
  const ctx = host.host.system(service, tenantId).as(actor) as Ctx<Service>;
  return signal === undefined ? ctx : ctx.within(signal);
}
