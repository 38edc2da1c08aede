import { statementsOf } from '@candlefish/kit/db';
import type { DocumentErasuresStatements } from './document-erasures.rows.generated.ts';

const statement = statementsOf<DocumentErasuresStatements>('document');

const ACTIONS = ['document:read', 'document:update'] as const;

/**
 * Retires all client ids of a document, those in `clientIds` included that nobody was noted for, and forgets who wrote
 * under them.
 */
export const retireAuthors = statement('retireAuthors', {
  actions: ACTIONS,
  text: `
    with unnoted as (
      insert into document.document_authors (tenant_id, document_id, client_id, actor_kind, actor_id, retired_at)
      select :tenantId, :documentId, c.client_id, 'system', 'erasure', :retiredAt
      from unnest(:clientIds::bigint[]) as c (client_id)
      on conflict (document_id, client_id) do nothing
    )
    update document.document_authors a
    set actor_kind = 'system', actor_id = 'erasure', user_id = null, retired_at = coalesce(a.retired_at, :retiredAt)
    where a.tenant_id = :tenantId and a.document_id = :documentId`,
});

/**
 * Deletes the log and the snapshots of a document and begins the log of its next epoch with one update; the sequence goes on.
 * Relies on the lock of the head, and on the client id having been nobody's. A row always.
 */
export const beginHistory = statement('beginHistory', {
  actions: ACTIONS,
  text: `
    with updates as (
      delete from document.document_updates u where u.tenant_id = :tenantId and u.document_id = :documentId
    ), snapshots as (
      delete from document.document_snapshots s where s.tenant_id = :tenantId and s.document_id = :documentId
    ), moved as (
      update document.document_heads h
      set seq = h.seq + 1, epoch = h.epoch + 1, snapshot_seq = 0, snapshot_bytes = 0,
        bytes_since_snapshot = length(:update::bytea), log_bytes = length(:update::bytea)
      where h.tenant_id = :tenantId and h.document_id = :documentId
      returning h.tenant_id, h.document_id, h.seq, h.epoch
    ), author as (
      insert into document.document_authors (tenant_id, document_id, client_id, actor_kind, actor_id)
      select m.tenant_id, m.document_id, :clientId::bigint, 'system', 'erasure' from moved m
    ), appended as (
      insert into document.document_updates
        (tenant_id, document_id, seq, update, actor_kind, actor_id, user_id, origin)
      select m.tenant_id, m.document_id, m.seq, :update::bytea, :actorKind, :actorId, :userId?, 'erasure' from moved m
    )
    select m.seq, m.epoch from moved m`,
});

/** The threads of a document that belong to a range of it. */
export const listAnchors = statement('listAnchors', {
  actions: ACTIONS,
  text: `
    select t.id, t.anchor_root as "root", t.anchor_start as "start", t.anchor_end as "end"
    from document.comment_threads t
    where t.tenant_id = :tenantId and t.document_id = :documentId and t.anchor_root is not null
    order by t.id`,
  notNull: ['root', 'start', 'end'],
});

/** Gives threads other anchors in the same roots, and what stands there as their quotes. */
export const moveAnchors = statement('moveAnchors', {
  actions: ACTIONS,
  text: `
    update document.comment_threads t
    set anchor_start = m.anchor_start, anchor_end = m.anchor_end, quote = m.quote
    from unnest(:ids::uuid[], :starts::bytea[], :ends::bytea[], :quotes::text[])
      as m (id, anchor_start, anchor_end, quote)
    where t.tenant_id = :tenantId and t.document_id = :documentId and t.id = m.id`,
});

/**
 * Puts other answers in place of those that calls with a key have stored and that may hold a document's content: they name
 * it, or were stored with one of its updates (both have the time of their transaction), or are what a GraphQL operation
 * asked for, which may be anything. The calls stay done. To be run while the log is there.
 */
export const emptyStoredAnswers = statement('emptyStoredAnswers', {
  actions: ACTIONS,
  text: `
    update platform.idempotency_keys k
    set response_status = case when k.key ~ '^graphql:[0-9a-f]{64}$' then 200 else :status::smallint end,
      response_headers = case when k.key ~ '^graphql:[0-9a-f]{64}$' then k.response_headers else :headers::jsonb end,
      response_body = case when k.key ~ '^graphql:[0-9a-f]{64}$' then :result::bytea else :problem::bytea end
    where k.tenant_id = :tenantId and k.status = 'done' and (
      k.key ~ '^graphql:[0-9a-f]{64}$'
      or position(convert_to(:documentId::uuid::text, 'UTF8') in k.response_body) > 0
      or k.updated_at in (
        select u.created_at from document.document_updates u
        where u.tenant_id = :tenantId and u.document_id = :documentId
      )
    )`,
});
