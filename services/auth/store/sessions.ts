import { statementsOf } from '@candlefish/kit/db';
import { MEMBER } from './memberships.ts';
import type { SessionsStatements } from './sessions.rows.generated.ts';

const statement = statementsOf<SessionsStatements>('auth');

/**
 * Begins a session of a member who may act, and tells who they are; no row for anybody else. The membership is held until
 * COMMIT as by `holdMembership`, and the time is read after that. It is the database's time, as is that of revocations:
 * tokens and revocations of all nodes then stand in one order, however far the nodes' clocks are apart.
 */
export const insertSession = statement('insertSession', {
  actions: ['auth:signup', 'auth:login', 'tenant:switch'],
  text: `
    with member as (
      ${MEMBER}
    ), session as (
      insert into auth.sessions
        (id, tenant_id, user_id, seed, rotated_at, expires_at, ends_at, user_agent, address)
      select :id, :tenantId, :userId, :seed, t.now, t.now + make_interval(secs => :idleS::float8),
        t.now + make_interval(secs => :sessionS::float8), :userAgent, :address
      from (select clock_timestamp() as now from member where "disabledAt" is null) t
      returning rotated_at
    )
    select session.rotated_at as "rotatedAt", member.*
    from member, session`,
  notNull: ['role', 'joinedAt', 'email', 'tenantName', 'tenantSlug', 'tenantPlan', 'tenantCreatedAt', 'rotatedAt'],
});

/** Whose session it is; the first step of a refresh, before the tenant is known. */
export const findSessionOwner = statement('findSessionOwner', {
  actions: ['auth:refresh'],
  onlyReads: true,
  text: 'select tenant_id as "tenantId", user_id as "userId" from auth.find_session(:id)',
  notNull: ['tenantId', 'userId'],
});

/** A session, locked: of several refreshes at once each decides on what the one before it left. */
export const lockSession = statement('lockSession', {
  actions: ['auth:refresh', 'auth:logout', 'session:revoke', 'tenant:switch'],
  text: `
    select id, user_id as "userId", seed, generation, rotated_at as "rotatedAt", expires_at as "expiresAt",
      ends_at as "endsAt", revoked_at as "revokedAt"
    from auth.sessions
    where tenant_id = :tenantId and id = :id
    for update`,
});

/** The database's time, read after locks were taken. */
export const readTime = statement('readTime', {
  actions: ['auth:refresh'],
  text: 'select clock_timestamp() as "now"',
  notNull: ['now'],
});

/** Puts a new generation in the place of the live one. */
export const rotateSession = statement('rotateSession', {
  actions: ['auth:refresh'],
  text: `
    update auth.sessions
    set generation = :generation::integer, rotated_at = :rotatedAt, expires_at = :expiresAt, user_agent = :userAgent,
      address = :address
    where tenant_id = :tenantId and id = :id`,
});

/** Ends a session before its time. No row when it had ended. */
export const revokeSession = statement('revokeSession', {
  actions: ['auth:refresh', 'auth:logout', 'session:revoke', 'tenant:switch'],
  text: `
    update auth.sessions
    set revoked_at = clock_timestamp(), revoked_reason = :reason
    where tenant_id = :tenantId and id = :id and revoked_at is null
    returning id`,
});

/** Ends every session of a member in the tenant. */
export const revokeSessionsOf = statement('revokeSessionsOf', {
  actions: ['user:update'],
  text: `
    update auth.sessions
    set revoked_at = clock_timestamp(), revoked_reason = :reason
    where tenant_id = :tenantId and user_id = :userId and revoked_at is null
    returning id`,
});

/** Live sessions of a member, newest first, after a place in that order. */
export const listSessions = statement('listSessions', {
  actions: ['session:read'],
  text: `
    select id, user_agent as "userAgent", address, created_at as "createdAt", rotated_at as "lastUsedAt",
      expires_at as "expiresAt"
    from auth.sessions
    where tenant_id = :tenantId and user_id = :userId and revoked_at is null and expires_at > now()
      and (:before?::uuid is null or id < :before)
    order by id desc
    limit :limit::bigint`,
});

/** Deletes sessions that ended a month ago, of all tenants; says how many. */
export const deleteOldSessions = statement('deleteOldSessions', {
  actions: ['auth:sweep'],
  text: 'select auth.delete_old_sessions(:limit::integer) as "deleted"',
  notNull: ['deleted'],
});
