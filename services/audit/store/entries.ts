import { statementsOf } from '@candlefish/kit/db';
import type { EntriesStatements } from './entries.rows.generated.ts';

const statement = statementsOf<EntriesStatements>('audit');

/** Keeps events as entries; the lists have one member for each, an empty text for no user. An entry that is there stays as it is. */
export const insertEntries = statement('insertEntries', {
  actions: ['audit:record'],
  text: `
    insert into audit.entries
      (id, tenant_id, seq, event, payload, actor_kind, actor_id, user_id, request_id, occurred_at)
    select e.id, :tenantId, e.seq, e.event, e.payload::jsonb, e.actor_kind, e.actor_id,
      nullif(e.user_id, '')::uuid, e.request_id, e.occurred_at
    from unnest(
      :ids::uuid[], :seqs::bigint[], :events::text[], :payloads::text[], :actorKinds::text[], :actorIds::text[],
      :userIds::text[], :requestIds::text[], :occurredAts::timestamptz[]
    ) as e (id, seq, event, payload, actor_kind, actor_id, user_id, request_id, occurred_at)
    on conflict (tenant_id, seq) do nothing`,
});

/** Entries newest first, strictly before a sequence, up to `limit`. */
export const listEntries = statement('listEntries', {
  actions: ['audit:read'],
  text: `
    select id, seq, event, payload, actor_kind as "actorKind", actor_id as "actorId", user_id as "userId",
      request_id as "requestId", occurred_at as "occurredAt", created_at as "recordedAt"
    from audit.entries
    where tenant_id = :tenantId and seq < :before::bigint
      and (:event?::text is null or event = :event? or starts_with(event, :event? || '.'))
      and (:actorId?::text is null or actor_id = :actorId? or user_id::text = :actorId?)
      and (:from?::timestamptz is null or occurred_at >= :from?)
      and (:to?::timestamptz is null or occurred_at < :to?)
    order by seq desc
    limit :limit::bigint`,
});

/** One entry. */
export const findEntry = statement('findEntry', {
  actions: ['audit:read'],
  text: `
    select id, seq, event, payload, actor_kind as "actorKind", actor_id as "actorId", user_id as "userId",
      request_id as "requestId", occurred_at as "occurredAt", created_at as "recordedAt"
    from audit.entries
    where tenant_id = :tenantId and id = :id`,
});
