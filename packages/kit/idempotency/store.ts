import { statementsOf } from '../db/statement.ts';
import type { StoreStatements } from './store.rows.generated.ts';

const statement = statementsOf<StoreStatements>('platform');

/** Takes the key until the transaction ends, and reads its stored answer if there is one. One row, always. */
export const claimKey = statement('claimKey', {
  actions: [],
  text: `
    select pg_try_advisory_xact_lock(hashtextextended(:lock, 0)) as "claimed", k.request_hash as "requestHash",
      k.response_status as "status", k.response_headers as "headers", k.response_body as "body"
    from (values (1)) as one (n)
    left join platform.idempotency_keys k
      on k.tenant_id = :tenantId and k.actor_id = :actorId and k.key = :key
        and k.status = 'done' and k.expires_at > now()`,
  notNull: ['claimed'],
  nullable: ['requestHash', 'status', 'headers', 'body'],
});

/** Stores the first answer; no row when another one was stored meanwhile and has not expired. */
export const storeAnswer = statement('storeAnswer', {
  actions: [],
  text: `
    insert into platform.idempotency_keys as k
      (tenant_id, actor_id, key, request_hash, status, response_status, response_headers, response_body, expires_at)
    values (:tenantId, :actorId, :key, :requestHash, 'done', :status, :headers, :body,
      now() + :ttlMs::double precision * interval '1 millisecond')
    on conflict (tenant_id, actor_id, key) do update
      set request_hash = excluded.request_hash, response_status = excluded.response_status,
        response_headers = excluded.response_headers, response_body = excluded.response_body,
        expires_at = excluded.expires_at, status = 'done'
      where k.expires_at <= now()
    returning k.key`,
});

/** Deletes answers past their time, in all tenants, at most `limit`; says how many. */
export const deleteExpiredAnswers = statement('deleteExpiredAnswers', {
  actions: [],
  text: `select platform.delete_expired_idempotency_keys(:limit) as "deleted"`,
  notNull: ['deleted'],
});
