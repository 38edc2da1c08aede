import { statementsOf } from '@candlefish/kit/db';
import type { ApiKeysStatements } from './api-keys.rows.generated.ts';

const statement = statementsOf<ApiKeysStatements>('auth');

/** A new key. */
export const insertApiKey = statement('insertApiKey', {
  actions: ['api-key:create', 'api-key:reroll'],
  text: `
    insert into auth.api_keys (id, user_id, tenant_id, name, prefix, key_hash, scopes, rate_limit, expires_at)
    values (:id, :userId, :tenantId, :name, :prefix, :keyHash, :scopes::jsonb, :rateLimit::integer, :expiresAt?)
    returning id, user_id as "userId", name, prefix, scopes, rate_limit as "rateLimit", expires_at as "expiresAt",
      last_used_at as "lastUsedAt", revoked_at as "revokedAt", created_at as "createdAt"`,
});

/** How many live keys a member has. */
export const countApiKeys = statement('countApiKeys', {
  actions: ['api-key:create', 'api-key:reroll'],
  text: `
    select count(*)::integer as "count" from auth.api_keys
    where tenant_id = :tenantId and user_id = :userId and revoked_at is null and (expires_at is null or expires_at > now())`,
  notNull: ['count'],
});

/** Keys of the tenant, or of one member, newest first, after a place in that order. Revoked ones too when asked for. */
export const listApiKeys = statement('listApiKeys', {
  actions: ['api-key:read'],
  text: `
    select id, user_id as "userId", name, prefix, scopes, rate_limit as "rateLimit", expires_at as "expiresAt",
      last_used_at as "lastUsedAt", revoked_at as "revokedAt", created_at as "createdAt"
    from auth.api_keys
    where tenant_id = :tenantId
      and (:userId?::uuid is null or user_id = :userId)
      and (:withRevoked::boolean or revoked_at is null)
      and (:before?::uuid is null or id < :before)
    order by id desc
    limit :limit::bigint`,
});

/** One key of the tenant. */
export const findApiKeyById = statement('findApiKeyById', {
  actions: ['api-key:read'],
  text: `
    select id, user_id as "userId", name, prefix, scopes, rate_limit as "rateLimit", expires_at as "expiresAt",
      last_used_at as "lastUsedAt", revoked_at as "revokedAt", created_at as "createdAt"
    from auth.api_keys
    where tenant_id = :tenantId and id = :id`,
});

/** One key of the tenant, locked for a change. */
export const lockApiKey = statement('lockApiKey', {
  actions: ['api-key:revoke', 'api-key:reroll'],
  text: `
    select id, user_id as "userId", name, scopes, rate_limit as "rateLimit", expires_at as "expiresAt",
      revoked_at as "revokedAt"
    from auth.api_keys
    where tenant_id = :tenantId and id = :id
    for update`,
});

/** Ends a key now. */
export const revokeApiKey = statement('revokeApiKey', {
  actions: ['api-key:revoke', 'api-key:reroll'],
  text: `
    update auth.api_keys set revoked_at = clock_timestamp()
    where tenant_id = :tenantId and id = :id and revoked_at is null`,
});

/** Ends every live key of a member. */
export const revokeApiKeysOf = statement('revokeApiKeysOf', {
  actions: ['user:remove'],
  text: `
    update auth.api_keys set revoked_at = clock_timestamp()
    where tenant_id = :tenantId and user_id = :userId and revoked_at is null
    returning id`,
});

/** Lets a key end soon, never later than it would. */
export const shortenApiKey = statement('shortenApiKey', {
  actions: ['api-key:reroll'],
  text: `
    update auth.api_keys
    set expires_at = least(expires_at, clock_timestamp() + make_interval(secs => :overlapS::float8))
    where tenant_id = :tenantId and id = :id`,
});

/** What the key with this hash may do now, whichever tenant it is of. */
export const findApiKeyByHash = statement('findApiKeyByHash', {
  actions: ['api-key:verify'],
  onlyReads: true,
  text: `
    select id, tenant_id as "tenantId", user_id as "userId", role, permissions, scopes, rate_limit as "rateLimit",
      expires_at as "expiresAt", created_at as "createdAt"
    from auth.find_api_key(:keyHash)`,
  notNull: ['id', 'tenantId', 'userId', 'role', 'scopes', 'rateLimit', 'createdAt'],
});

/** Notes when keys were last used, of all tenants at once. */
export const noteKeyUses = statement('noteKeyUses', {
  actions: ['api-key:verify'],
  text: 'select auth.note_key_uses(:ids::uuid[], :usedAt::timestamptz[]) as "noted"',
});
