import { statementsOf } from '../db/statement.ts';
import type { StoreStatements } from './store.rows.generated.ts';

const statement = statementsOf<StoreStatements>('platform');

/**
 * Takes the next `count` sequence numbers of the tenant and writes that many events. The head row stays locked until
 * COMMIT: that lock is what makes the order of sequences the order of commits, without gaps.
 */
export const appendEvents = statement('appendEvents', {
  actions: [],
  text: `
    with head as (
      insert into platform.event_heads as h (tenant_id, seq)
      values (:tenantId, :count::bigint)
      on conflict (tenant_id) do update set seq = h.seq + excluded.seq
      returning seq
    )
    insert into platform.events
      (tenant_id, seq, id, name, payload, actor_kind, actor_id, user_id, request_id, occurred_at)
    select :tenantId, head.seq - :count::bigint + e.position, e.id, e.name, e.payload::jsonb,
      :actorKind, :actorId, :userId?, :requestId, :occurredAt
    from head, unnest(:ids::uuid[], :names::text[], :payloads::text[]) with ordinality as e (id, name, payload, position)`,
});

const EVENTS = `select tenant_id as "tenantId", seq, id, name, payload, actor_kind as "actorKind", actor_id as "actorId",
      user_id as "userId", request_id as "requestId", occurred_at as "occurredAt"
    from platform.events`;

/** Events of the tenant after a sequence, in order; of all kinds when `names` is empty. */
export const readEvents = statement('readEvents', {
  actions: [],
  text: `
    ${EVENTS}
    where tenant_id = :tenantId and seq > :after::bigint
      and (cardinality(:names::text[]) = 0 or name = any (:names::text[]))
    order by seq
    limit :limit::bigint`,
});

/** Events of the tenant after the subscriber's cursor, in order, of all kinds: for whoever holds the cursor. */
export const readNextEvents = statement('readNextEvents', {
  actions: [],
  text: `
    ${EVENTS}
    where tenant_id = :tenantId
      and seq > (select seq from platform.event_cursors where subscriber = :subscriber and tenant_id = :tenantId)
    order by seq
    limit :limit::bigint`,
});

/** The last sequence of the tenant and the oldest one still kept. */
export const logBounds = statement('logBounds', {
  actions: [],
  text: `
    select
      coalesce((select seq from platform.event_heads where tenant_id = :tenantId), 0) as "head",
      coalesce((select min(seq) from platform.events where tenant_id = :tenantId), 1) as "oldest"`,
  notNull: ['head', 'oldest'],
});

/** Makes the cursor of a subscriber in a tenant, at the start of the log, unless it exists. */
export const ensureCursor = statement('ensureCursor', {
  actions: [],
  text: `
    insert into platform.event_cursors (subscriber, tenant_id) values (:subscriber, :tenantId)
    on conflict (tenant_id, subscriber) do nothing`,
});

/** The cursor, locked until COMMIT; no row while another process holds it. */
export const lockCursor = statement('lockCursor', {
  actions: [],
  text: `
    select seq, attempts, next_attempt_at as "nextAttemptAt"
    from platform.event_cursors
    where subscriber = :subscriber and tenant_id = :tenantId
    for update skip locked`,
});

/** Moves the cursor and forgets past failures. */
export const moveCursor = statement('moveCursor', {
  actions: [],
  text: `
    update platform.event_cursors
    set seq = :seq::bigint, attempts = 0, next_attempt_at = null, last_error = null
    where subscriber = :subscriber and tenant_id = :tenantId`,
});

/** Moves the cursor up to the event before a failed one and says when to try that one again. */
export const postponeCursor = statement('postponeCursor', {
  actions: [],
  text: `
    update platform.event_cursors
    set seq = :seq::bigint, attempts = :attempts::integer, next_attempt_at = :nextAttemptAt,
      last_error = :error
    where subscriber = :subscriber and tenant_id = :tenantId`,
});

/** Sets an event aside that failed too often, so that the reader can go on. */
export const insertDeadLetter = statement('insertDeadLetter', {
  actions: [],
  text: `
    insert into platform.event_dead_letters (id, subscriber, tenant_id, seq, error, attempts)
    values (:id, :subscriber, :tenantId, :seq::bigint, :error, :attempts::integer)`,
});

/** Dead letters of the tenant with their events, newest first. */
export const listDeadLetters = statement('listDeadLetters', {
  actions: [],
  text: `
    select d.id, d.subscriber, d.tenant_id as "tenantId", d.seq, e.name, d.error, d.attempts, d.created_at as "createdAt"
    from platform.event_dead_letters d
    join platform.events e on e.tenant_id = d.tenant_id and e.seq = d.seq
    where d.tenant_id = :tenantId
    order by d.created_at desc, d.id desc
    limit :limit::bigint`,
});

/** Takes a dead letter out, locked, so that its event can be handled again in the same transaction. */
export const takeDeadLetter = statement('takeDeadLetter', {
  actions: [],
  text: `
    delete from platform.event_dead_letters where tenant_id = :tenantId and id = :id
    returning subscriber, seq`,
});

/** One event by its sequence. */
export const readEvent = statement('readEvent', {
  actions: [],
  text: `
    ${EVENTS}
    where tenant_id = :tenantId and seq = :seq::bigint`,
});

/** Tenants whose log goes on after the subscriber's cursor and whose next try is due. Sees every tenant. */
export const laggingTenants = statement('laggingTenants', {
  actions: [],
  text: 'select tenant_id as "tenantId" from platform.lagging_tenants(:subscriber, :limit::integer) as t (tenant_id)',
  notNull: ['tenantId'],
});

/** Tenants that have dead letters. Sees every tenant; for operators. */
export const tenantsWithDeadLetters = statement('tenantsWithDeadLetters', {
  actions: [],
  text: 'select tenant_id as "tenantId" from platform.tenants_with_dead_letters(:limit::integer) as t (tenant_id)',
  notNull: ['tenantId'],
});
