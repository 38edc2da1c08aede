import { statementsOf } from '@candlefish/kit/db';
import type { LiveUpdatesStatements } from './live-updates.rows.generated.ts';

const statement = statementsOf<LiveUpdatesStatements>('document');

/** How several documents are made and how far their logs have got. */
export const findHeads = statement('findHeads', {
  actions: ['document:append', 'document:read', 'document:update'],
  text: `
    select h.document_id as "documentId", h.seq, h.epoch, h.snapshot_bytes as "snapshotBytes",
      h.bytes_since_snapshot as "bytesSinceSnapshot", d.content_type as "contentType", d.content_schema as "contentSchema"
    from document.document_heads h
    join document.documents d on d.tenant_id = h.tenant_id and d.id = h.document_id
    where h.tenant_id = :tenantId and h.document_id = any (:documentIds::uuid[])`,
});

/**
 * Appends rows to the logs of several documents, those of one document in the order of the arrays, and notes who writes
 * under client ids that are new. Heads are locked in the order of their ids, so two batches never wait for each other in a
 * circle; the lock makes the sequences gapless. A document that is gone or of another epoch is left out. Arrays hold no
 * nulls: an empty user id means nobody.
 */
export const appendRows = statement('appendRows', {
  actions: ['document:append'],
  text: `
    with batch as (
      select b.document_id, b.epoch, b.content, b.actor_kind, b.actor_id, nullif(b.user_id, '')::uuid as user_id,
        row_number() over (partition by b.document_id order by b.n) as place
      from unnest(:documentIds::uuid[], :epochs::integer[], :updates::bytea[], :actorKinds::text[], :actorIds::text[],
        :userIds::text[]) with ordinality as b (document_id, epoch, content, actor_kind, actor_id, user_id, n)
    ), wanted as (
      select b.document_id, min(b.epoch) as epoch, count(*) as rows, sum(length(b.content)) as bytes
      from batch b
      group by b.document_id
    ), locked as (
      select h.document_id from document.document_heads h
      join wanted w on w.document_id = h.document_id and w.epoch = h.epoch
      where h.tenant_id = :tenantId
      order by h.document_id
      for update of h
    ), moved as (
      update document.document_heads h
      set seq = h.seq + w.rows, bytes_since_snapshot = h.bytes_since_snapshot + w.bytes,
        log_bytes = h.log_bytes + w.bytes
      from locked l
      join wanted w on w.document_id = l.document_id
      where h.document_id = l.document_id
      returning h.tenant_id, h.document_id, h.seq - w.rows as before
    ), authors as (
      insert into document.document_authors (tenant_id, document_id, client_id, actor_kind, actor_id, user_id)
      select m.tenant_id, m.document_id, a.client_id, a.actor_kind, a.actor_id, nullif(a.user_id, '')::uuid
      from unnest(:authorDocumentIds::uuid[], :authorClientIds::bigint[], :authorKinds::text[], :authorIds::text[],
        :authorUserIds::text[]) as a (document_id, client_id, actor_kind, actor_id, user_id)
      join moved m on m.document_id = a.document_id
      on conflict (document_id, client_id) do nothing
    ), stale as (
      insert into document.stale_copies (tenant_id, document_id)
      select m.tenant_id, m.document_id from moved m
      on conflict (document_id) do nothing
    )
    insert into document.document_updates
      (tenant_id, document_id, seq, update, actor_kind, actor_id, user_id, origin)
    select m.tenant_id, m.document_id, m.before + b.place, b.content, b.actor_kind, b.actor_id, b.user_id, 'socket'
    from moved m
    join batch b on b.document_id = m.document_id
    returning document_id as "documentId", seq`,
});

/**
 * Updates of several logs after a sequence of each, in order: at most so many of a log, and bytes only as far as the bound
 * over all of them reaches. A log that goes no further has one row with nulls; a document that is gone has none.
 */
export const readUpdatesOf = statement('readUpdatesOf', {
  actions: ['document:append', 'document:read', 'document:update'],
  text: `
    select t.document_id as "documentId", t.head_seq as "headSeq", t.epoch, t.seq,
      case when t.n = 1 or t.total <= :bytesMax::bigint then t.update end as "update"
    from (
      select h.document_id, h.seq as head_seq, h.epoch, u.seq, u.update,
        sum(length(u.update)) over (order by h.document_id, u.seq) as total,
        row_number() over (order by h.document_id, u.seq) as n
      from unnest(:documentIds::uuid[], :afters::bigint[]) as w (document_id, after)
      join document.document_heads h on h.tenant_id = :tenantId and h.document_id = w.document_id
      left join lateral (
        select u.seq, u.update from document.document_updates u
        where u.document_id = h.document_id and u.seq > w.after
        order by u.seq
        limit :rowsMax::bigint
      ) u on true
    ) t
    order by t.document_id, t.seq`,
  notNull: ['documentId', 'headSeq', 'epoch'],
  nullable: ['seq', 'update'],
});
