import { statementsOf } from '@candlefish/kit/db';
import type { EntriesStatements } from './entries.rows.generated.ts';

const statement = statementsOf<EntriesStatements>('audit');

/** Keeps an event as an entry. An entry that is there stays as it is. */
export const insertEntry = statement('insertEntry', {
  actions: ['audit:record'],
  text: `
    insert into audit.entries
      (id, tenant_id, seq, event, payload, actor_kind, actor_id, user_id, request_id, occurred_at)
    values
      (:id, :tenantId, :seq::bigint, :event, :payload::jsonb, :actorKind, :actorId, :userId?, :requestId, :occurredAt)
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
