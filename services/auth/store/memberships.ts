import { statementsOf } from '@candlefish/kit/db';
import type { MembershipsStatements } from './memberships.rows.generated.ts';

const statement = statementsOf<MembershipsStatements>('auth');

/** Makes somebody a member. No row when they are one already. */
export const insertMembership = statement('insertMembership', {
  actions: ['auth:demo', 'auth:signup', 'tenant:create', 'user:create'],
  text: `
    insert into auth.memberships (user_id, tenant_id, role) values (:userId, :tenantId, :role)
    on conflict (tenant_id, user_id) do nothing
    returning user_id as "userId"`,
});

/** Where a person may act, oldest first, over all tenants. */
export const membershipsOf = statement('membershipsOf', {
  actions: ['membership:read', 'tenant:switch'],
  onlyReads: true,
  text: `
    select tenant_id as "tenantId", tenant_name as "tenantName", tenant_slug as "tenantSlug", role, permissions,
      disabled_at as "disabledAt", created_at as "joinedAt"
    from auth.memberships_of(:userId)`,
  notNull: ['tenantId', 'tenantName', 'tenantSlug', 'role', 'joinedAt'],
});

/** Who a member is and what they may do, held until COMMIT against changes. */
export const MEMBER = `
      select m.role, m.disabled_at as "disabledAt", m.created_at as "joinedAt", r.permissions, u.email,
        case when u.tenant_id = m.tenant_id then u.last_login end as "lastLogin",
        t.name as "tenantName", t.slug as "tenantSlug", t.plan as "tenantPlan", t.created_at as "tenantCreatedAt"
      from auth.memberships m
      join auth.users u on u.id = m.user_id
      join auth.tenants t on t.id = m.tenant_id
      left join auth.roles r on r.tenant_id = m.tenant_id and r.name = m.custom_role
      where m.tenant_id = :tenantId and m.user_id = :userId
      for share of m`;

/**
 * Who a member is and what they may do: a token signed after this cannot show rights that were taken away before it.
 */
export const holdMembership = statement('holdMembership', {
  actions: ['auth:refresh'],
  text: MEMBER,
  nullable: ['permissions'],
});

/** A member, locked for a change. */
export const lockMembership = statement('lockMembership', {
  actions: ['user:update', 'user:remove'],
  text: `
    select user_id as "userId", role, disabled_at as "disabledAt"
    from auth.memberships
    where tenant_id = :tenantId and user_id = :userId
    for update`,
});

/** The owners who may act, locked in order of id: two who demote each other at once cannot both succeed. */
export const lockOwners = statement('lockOwners', {
  actions: ['user:update', 'user:remove'],
  text: `
    select user_id as "userId"
    from auth.memberships
    where tenant_id = :tenantId and role = 'owner' and disabled_at is null
    order by user_id
    for update`,
});

/** Gives a member another role. Violates the foreign key to roles when there is no such role. */
export const updateRole = statement('updateRole', {
  actions: ['user:update'],
  text: `
    update auth.memberships set role = :role
    where tenant_id = :tenantId and user_id = :userId`,
});

/** Lets a member act no more, or again. */
export const updateDisabled = statement('updateDisabled', {
  actions: ['user:update'],
  text: `
    update auth.memberships set disabled_at = case when :isDisabled::boolean then now() end
    where tenant_id = :tenantId and user_id = :userId`,
});

/** Removes a member, and their sessions in the tenant with them. */
export const deleteMembership = statement('deleteMembership', {
  actions: ['user:remove'],
  text: `
    delete from auth.memberships where tenant_id = :tenantId and user_id = :userId
    returning user_id as "userId"`,
});

/** Who holds a custom role, locked: what they may do is about to change. */
export const lockMembersWithRole = statement('lockMembersWithRole', {
  actions: ['role:update', 'role:delete'],
  text: `
    select user_id as "userId"
    from auth.memberships
    where tenant_id = :tenantId and custom_role = :role
    order by user_id
    for update`,
});
