import { statementsOf } from '@candlefish/kit/db';
import type { TenantsStatements } from './tenants.rows.generated.ts';

const statement = statementsOf<TenantsStatements>('auth');

/** A new tenant. No row when the slug is taken. */
export const insertTenant = statement('insertTenant', {
  actions: ['auth:demo', 'auth:signup', 'tenant:create'],
  text: `
    insert into auth.tenants (id, name, slug) values (:id, :name, :slug)
    on conflict (slug) do nothing
    returning id`,
});

/** The tenant of the scope, when it is one of the ids: nobody sees another. */
export const findTenants = statement('findTenants', {
  actions: ['tenant:read'],
  text: `
    select id, name, slug, plan, created_at as "createdAt"
    from auth.tenants
    where id = any (:ids::uuid[])`,
});
