import { randomUUID } from 'node:crypto';
import type { Actor, Ctx } from '@candlefish/kit/context';
import pg from 'pg';
import type { TestHost } from './host.ts';
import type { TestDatabase } from './test-databases.ts';

/** A tenant with one person in it, made without the auth service. */
export interface TestTenant {
  readonly tenantId: string;
  readonly userId: string;
}

/** Makes a tenant and a person, for tests of a service that does not need sign-in. */
export async function createTenant(database: TestDatabase): Promise<TestTenant> {
  const [tenantId, userId] = [randomUUID(), randomUUID()];
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    const slug = `t-${tenantId}`;
    await client.query('insert into auth.tenants (id, name, slug) values ($1, $2, $3)', [tenantId, 'Example', slug]);
    const email = `${userId}@example.test`;
    await client.query('insert into auth.users (id, email, tenant_id) values ($1, $2, $3)', [userId, email, tenantId]);
    await join(client, { tenantId, userId }, 'owner');
  } finally {
    await client.end();
  }
  return { tenantId, userId };
}

/** Adds a person with a role to a tenant, without the auth service. */
export async function addPerson(database: TestDatabase, tenantId: string, role: string): Promise<TestTenant> {
  const person = { tenantId, userId: randomUUID() };
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    const email = `${person.userId}@example.test`;
    await client.query('insert into auth.users (id, email, tenant_id) values ($1, $2, $3)', [
      person.userId,
      email,
      tenantId,
    ]);
    await join(client, person, role);
  } finally {
    await client.end();
  }
  return person;
}

const join = (client: pg.Client, { tenantId, userId }: TestTenant, role: string) =>
  client.query('insert into auth.memberships (tenant_id, user_id, role) values ($1, $2, $3)', [tenantId, userId, role]);

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
