import { statementsOf } from '@candlefish/kit/db';
import type { RolesStatements } from './roles.rows.generated.ts';

const statement = statementsOf<RolesStatements>('auth');

/** The tenant's own roles by name. They are few: the limit of the operation holds them to one page. */
export const listRoles = statement('listRoles', {
  actions: ['role:read'],
  text: `
    select id, name, description, permissions, created_at as "createdAt", updated_at as "updatedAt"
    from auth.roles
    where tenant_id = :tenantId
    order by name
    limit :limit::bigint`,
});

/** One of the tenant's own roles. */
export const findRole = statement('findRole', {
  actions: ['role:read', 'role:update'],
  text: `
    select id, name, description, permissions, created_at as "createdAt", updated_at as "updatedAt"
    from auth.roles
    where tenant_id = :tenantId and id = :id`,
});

/** One of the tenant's own roles by name, locked against deletion. */
export const holdRoleByName = statement('holdRoleByName', {
  actions: ['user:create', 'user:update'],
  text: `
    select id, permissions from auth.roles where tenant_id = :tenantId and name = :name for share`,
});

/** One of the tenant's own roles, locked for a change. */
export const lockRole = statement('lockRole', {
  actions: ['role:update', 'role:delete'],
  text: `
    select id, name, permissions from auth.roles where tenant_id = :tenantId and id = :id for update`,
});

/** How many roles the tenant made. */
export const countRoles = statement('countRoles', {
  actions: ['role:create'],
  text: 'select count(*)::integer as "count" from auth.roles where tenant_id = :tenantId',
  notNull: ['count'],
});

/** A new role. No row when the name is taken. */
export const insertRole = statement('insertRole', {
  actions: ['role:create'],
  text: `
    insert into auth.roles (id, tenant_id, name, description, permissions)
    values (:id, :tenantId, :name, :description, :permissions::jsonb)
    on conflict (tenant_id, name) do nothing
    returning id, name, description, permissions, created_at as "createdAt", updated_at as "updatedAt"`,
});

/** Other permissions or another description; what is null stays. */
export const updateRolePermissions = statement('updateRolePermissions', {
  actions: ['role:update'],
  text: `
    update auth.roles
    set description = coalesce(:description?, description), permissions = coalesce(:permissions?::jsonb, permissions)
    where tenant_id = :tenantId and id = :id
    returning id, name, description, permissions, created_at as "createdAt", updated_at as "updatedAt"`,
});

/** Deletes a role. Violates the memberships' foreign key while somebody holds it. */
export const deleteRole = statement('deleteRole', {
  actions: ['role:delete'],
  text: 'delete from auth.roles where tenant_id = :tenantId and id = :id',
});
