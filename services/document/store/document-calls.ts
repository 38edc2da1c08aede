import { statementsOf } from '@candlefish/kit/db';
import type { DocumentCallsStatements } from './document-calls.rows.generated.ts';

const statement = statementsOf<DocumentCallsStatements>('document');

const ACTIONS = ['document:read', 'document:update'] as const;

/** What a call with this key has done, unless that was before `since`. */
export const findCall = statement('findCall', {
  actions: ACTIONS,
  text: `
    select c.request_hash as "requestHash", c.version, c.applied
    from document.document_calls c
    where c.tenant_id = :tenantId and c.actor_id = :actorId and c.key = :key and c.created_at >= :since::timestamptz`,
});

/** Notes what a call with a key has done; no row when a twin was faster. */
export const insertCall = statement('insertCall', {
  actions: ACTIONS,
  text: `
    insert into document.document_calls (tenant_id, actor_id, key, request_hash, document_id, version, applied)
    values (:tenantId, :actorId, :key, :requestHash, :documentId, :version, :applied)
    on conflict (tenant_id, actor_id, key) do nothing
    returning key`,
});

/** Lets go of calls of the tenant from before a moment, a bounded number of them. */
export const deleteCallsBefore = statement('deleteCallsBefore', {
  actions: ACTIONS,
  text: `
    delete from document.document_calls c
    where c.tenant_id = :tenantId and (c.actor_id, c.key) in (
      select o.actor_id, o.key from document.document_calls o
      where o.tenant_id = :tenantId and o.created_at < :before::timestamptz
      order by o.created_at
      limit :limit::bigint
    )`,
});
