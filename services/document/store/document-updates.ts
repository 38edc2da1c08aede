import { statementsOf } from '@candlefish/kit/db';
import type { DocumentUpdatesStatements } from './document-updates.rows.generated.ts';

const statement = statementsOf<DocumentUpdatesStatements>('document');

/**
 * Appends one update to each of several documents, which must be different ones. Heads are locked in the order of their
 * ids, so two batches never wait for each other in a circle; the lock makes the sequences gapless. A document that is
 * gone is left out. Arrays hold no nulls: a client id of -1 means several clients or none, an empty user id nobody.
 * The clients that wrote are noted as the actor's; `isForeign` tells that one of them is another's or of an erased history,
 * upon which the caller has to undo it all.
 */
export const appendUpdates = statement('appendUpdates', {
  actions: ['document:create', 'document:read', 'document:update'],
  text: `
    with batch as (
      select b.document_id, b.content, nullif(b.client_id, -1) as client_id, b.origin, b.actor_kind, b.actor_id,
        nullif(b.user_id, '')::uuid as user_id
      from unnest(:documentIds::uuid[], :updates::bytea[], :clientIds::bigint[], :origins::text[], :actorKinds::text[],
        :actorIds::text[], :userIds::text[])
        as b (document_id, content, client_id, origin, actor_kind, actor_id, user_id)
    ), locked as (
      select h.document_id from document.document_heads h
      where h.tenant_id = :tenantId and h.document_id = any (:documentIds::uuid[])
      order by h.document_id
      for update
    ), moved as (
      update document.document_heads h
      set seq = h.seq + 1, bytes_since_snapshot = h.bytes_since_snapshot + length(b.content),
        log_bytes = h.log_bytes + length(b.content)
      from locked l
      join batch b on b.document_id = l.document_id
      where h.document_id = l.document_id
      returning h.tenant_id, h.document_id, h.seq
    ), written as (
      select m.tenant_id, m.document_id, w.client_id, b.actor_kind, b.actor_id, b.user_id
      from unnest(:writtenDocumentIds::uuid[], :writtenClientIds::bigint[]) as w (document_id, client_id)
      join moved m on m.document_id = w.document_id
      join batch b on b.document_id = w.document_id
    ), foreigners as (
      select distinct w.document_id
      from written w
      join document.document_authors a on a.document_id = w.document_id and a.client_id = w.client_id
      where a.retired_at is not null or (a.actor_kind, a.actor_id) <> (w.actor_kind, w.actor_id)
    ), authors as (
      insert into document.document_authors (tenant_id, document_id, client_id, actor_kind, actor_id, user_id)
      select w.tenant_id, w.document_id, w.client_id, w.actor_kind, w.actor_id, w.user_id from written w
      on conflict (document_id, client_id) do nothing
    ), appended as (
      insert into document.document_updates
        (tenant_id, document_id, seq, update, actor_kind, actor_id, user_id, client_id, origin)
      select m.tenant_id, m.document_id, m.seq, b.content, b.actor_kind, b.actor_id, b.user_id, b.client_id, b.origin
      from moved m
      join batch b on b.document_id = m.document_id
      returning document_id, seq, created_at
    )
    select a.document_id as "documentId", a.seq, a.created_at as "createdAt",
      exists (select from foreigners f where f.document_id = a.document_id) as "isForeign"
    from appended a`,
  notNull: ['isForeign'],
});

/**
 * What a document is loaded from, in one view of the database: its newest snapshot as a row of kind 0, then the updates
 * after it in order, as far as the bounds reach.
 */
export const readState = statement('readState', {
  actions: ['document:read', 'document:update'],
  text: `
    select 0 as "kind", s.seq, s.state as "bytes", h.seq as "headSeq"
    from document.document_heads h
    join document.document_snapshots s on s.document_id = h.document_id and s.seq = h.snapshot_seq
    where h.tenant_id = :tenantId and h.document_id = :documentId
    union all
    select 1, t.seq, t.update, t.head_seq
    from (
      select h.seq as head_seq, u.seq, u.update, sum(length(u.update)) over (order by u.seq) as total, row_number() over (order by u.seq) as n
      from document.document_heads h
      join lateral (
        select u.seq, u.update from document.document_updates u
        where u.document_id = h.document_id and u.seq > h.snapshot_seq
        order by u.seq
        limit :rowsMax::bigint
      ) u on true
      where h.tenant_id = :tenantId and h.document_id = :documentId
    ) t
    where t.n = 1 or t.total <= :bytesMax::bigint
    order by 1, 2`,
  notNull: ['kind', 'seq', 'bytes', 'headSeq'],
});

/**
 * Updates after a sequence in order, as far as the bounds reach, beside the head of the log. One row with nulls when the
 * log goes no further; none when there is no such document.
 */
export const readUpdates = statement('readUpdates', {
  actions: ['document:read', 'document:update'],
  text: `
    select h.seq as "headSeq", h.epoch, t.seq, t.update, t.actor_kind as "actorKind", t.actor_id as "actorId",
      t.user_id as "userId", t.origin, t.created_at as "createdAt"
    from document.document_heads h
    left join lateral (
      select u.*, sum(length(u.update)) over (order by u.seq) as total, row_number() over (order by u.seq) as n
      from (
        select u.seq, u.update, u.actor_kind, u.actor_id, u.user_id, u.origin, u.created_at
        from document.document_updates u
        where u.document_id = h.document_id and u.seq > :after::bigint
        order by u.seq
        limit :rowsMax::bigint
      ) u
    ) t on t.n = 1 or t.total <= :bytesMax::bigint
    where h.tenant_id = :tenantId and h.document_id = :documentId
    order by t.seq`,
  notNull: ['headSeq', 'epoch'],
  nullable: ['seq', 'update', 'actorKind', 'actorId', 'userId', 'origin', 'createdAt'],
});

/**
 * Deletes updates that the document's snapshot holds and nobody is expected to ask for any more; none while somebody else holds
 * the head, as for `keepSnapshot`.
 */
export const pruneUpdates = statement('pruneUpdates', {
  actions: ['document:read', 'document:update'],
  text: `
    with head as (
      select h.document_id, h.snapshot_seq from document.document_heads h
      where h.tenant_id = :tenantId and h.document_id = :documentId
      for update skip locked
    ), pruned as (
      delete from document.document_updates u
      where u.tenant_id = :tenantId and u.document_id = :documentId and u.seq in (
        select o.seq from document.document_updates o
        join head on head.document_id = o.document_id and head.snapshot_seq >= o.seq
        where o.seq <= :upTo::bigint and o.created_at < :before::timestamptz
        order by o.seq
        limit :limit::bigint
      )
      returning length(u.update) as bytes
    )
    update document.document_heads h
    set log_bytes = greatest(0, h.log_bytes - (select coalesce(sum(p.bytes), 0) from pruned p))
    from head
    where h.document_id = head.document_id and exists (select from pruned)`,
});
