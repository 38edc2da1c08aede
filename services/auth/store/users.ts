import { statementsOf } from '@candlefish/kit/db';
import type { UsersStatements } from './users.rows.generated.ts';

const statement = statementsOf<UsersStatements>('auth');

/** A new person at home in the tenant of the scope. Violates `users_by_email` when the address is taken. */
export const insertUser = statement('insertUser', {
  actions: ['auth:demo', 'auth:signup', 'user:create'],
  text: `
    insert into auth.users (id, email, password_hash, tenant_id)
    values (:id, :email, :passwordHash, :tenantId)`,
});

/** The account of an address, whichever tenant it is at home in. */
export const findAccount = statement('findAccount', {
  actions: ['auth:demo', 'auth:login', 'user:create'],
  onlyReads: true,
  text: `
    select user_id as "userId", tenant_id as "tenantId", password_hash as "passwordHash",
      open_tenant_id as "openTenantId", is_familiar as "isFamiliar"
    from auth.find_account(:email, :address)`,
  notNull: ['userId', 'tenantId', 'isFamiliar'],
});

/** Notes a sign-in; stores the password's hash anew when one is given. Runs in the home tenant of the person. */
export const recordLogin = statement('recordLogin', {
  actions: ['auth:login'],
  text: `
    update auth.users
    set last_login = now(), password_hash = coalesce(:passwordHash?, password_hash)
    where id = :id and tenant_id = :tenantId`,
});

/** Members of the tenant by their ids, which follow the time of sign-up. */
export const listUsers = statement('listUsers', {
  actions: ['user:read'],
  text: `
    select u.id, u.email, m.role, m.disabled_at as "disabledAt", m.created_at as "joinedAt",
      case when u.tenant_id = m.tenant_id then u.last_login end as "lastLogin"
    from auth.memberships m
    join auth.users u on u.id = m.user_id
    where m.tenant_id = :tenantId
      and (:after?::uuid is null or m.user_id > :after)
      and (:role?::text is null or m.role = :role)
      and (:email?::text is null or lower(u.email) = lower(:email))
      and (:isDisabled?::boolean is null or (m.disabled_at is not null) = :isDisabled)
    order by m.user_id
    limit :limit::bigint`,
});

/**
 * Members of the tenant who may act and whose address holds a text, by address. Relies on tenants having thousands of members
 * at the most: the text is looked for in all of them.
 */
export const searchUsers = statement('searchUsers', {
  actions: ['user:read'],
  text: `
    select u.id, u.email
    from auth.memberships m
    join auth.users u on u.id = m.user_id
    where m.tenant_id = :tenantId and m.disabled_at is null
      and position(lower(:text) in lower(u.email)) > 0
      and (
        (:ids?::uuid[] is null and :roles?::text[] is null)
        or m.user_id = any (:ids?::uuid[]) or m.role = any (:roles?::text[])
      )
    order by lower(u.email), u.id
    limit :limit::bigint`,
});

/** Members of the tenant by id; ids of others give nothing. */
export const findUsers = statement('findUsers', {
  actions: ['user:read', 'me:read'],
  text: `
    select u.id, u.email, m.role, m.disabled_at as "disabledAt", m.created_at as "joinedAt",
      case when u.tenant_id = m.tenant_id then u.last_login end as "lastLogin"
    from auth.memberships m
    join auth.users u on u.id = m.user_id
    where m.tenant_id = :tenantId and m.user_id = any (:ids::uuid[])`,
});
