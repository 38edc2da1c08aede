import { statementsOf } from '@candlefish/kit/db';
import type { DocumentHistoryStatements } from './document-history.rows.generated.ts';

const statement = statementsOf<DocumentHistoryStatements>('document');

/**
 * Who wrote when, newest first: updates of one writer with pauses of less than the gap between them are one session.
 * Those of keys and agents through the API stand alone, since each is undone by itself. Looks at so many of the newest
 * updates; a session that began before them begins with them.
 */
export const listSessions = statement('listSessions', {
  actions: ['document:read', 'document:update'],
  text: `
    with recent as (
      select u.seq, u.actor_kind, u.actor_id, u.user_id, u.origin, u.created_at, length(u.update) as bytes,
        o.undone_by_seq,
        lag(u.created_at) over (partition by u.actor_kind, u.actor_id order by u.seq) as previous_at
      from document.document_heads h
      join document.document_updates u on u.document_id = h.document_id and u.seq > h.seq - :updatesMax::bigint
      left join document.document_undos o on o.document_id = u.document_id and o.epoch = h.epoch and o.seq = u.seq
      where h.tenant_id = :tenantId and h.document_id = :documentId
    ), numbered as (
      select r.*,
        count(*) filter (
          where r.previous_at is null
            or r.created_at - r.previous_at > make_interval(secs => :gapSeconds::double precision)
            or (r.actor_kind in ('api_key', 'agent') and r.origin <> 'socket')
        ) over (partition by r.actor_kind, r.actor_id order by r.seq) as session
      from recent r
    )
    select n.actor_kind as "actorKind", n.actor_id as "actorId", min(n.user_id::text) as "userId",
      min(n.seq) as "fromSequence", max(n.seq) as "toSequence", count(*) as "updates", sum(n.bytes) as "bytes",
      array_agg(distinct n.origin) as "origins", min(n.created_at) as "startedAt", max(n.created_at) as "endedAt",
      max(n.undone_by_seq) filter (where n.undone_by_seq is not null) as "undoneBy"
    from numbered n
    group by n.actor_kind, n.actor_id, n.session
    having max(n.seq) < :before::bigint
    order by max(n.seq) desc
    limit :limit::bigint`,
  notNull: ['fromSequence', 'toSequence', 'updates', 'bytes', 'origins', 'startedAt', 'endedAt'],
});

/** Who writes under which client id of a document. */
export const listWriters = statement('listWriters', {
  actions: ['document:read', 'document:update'],
  text: `
    select a.client_id as "clientId", a.actor_kind as "actorKind", a.actor_id as "actorId", a.user_id as "userId",
      a.created_at as "createdAt"
    from document.document_authors a
    where a.tenant_id = :tenantId and a.document_id = :documentId and a.retired_at is null`,
});

/** The newest updates of a log with their writers, oldest first. Bytes come only as far as the bound reaches back. */
export const listNewestUpdates = statement('listNewestUpdates', {
  actions: ['document:read', 'document:update'],
  text: `
    select t.seq as "sequence", t.update, t.client_id as "clientId", t.actor_kind as "actorKind", t.actor_id as "actorId",
      t.user_id as "userId", t.origin, t.created_at as "createdAt"
    from (
      select u.*, sum(length(u.update)) over (order by u.seq desc) as total
      from (
        select u.seq, u.update, u.client_id, u.actor_kind, u.actor_id, u.user_id, u.origin, u.created_at
        from document.document_updates u
        where u.tenant_id = :tenantId and u.document_id = :documentId and u.seq <= :upTo::bigint
        order by u.seq desc
        limit :rowsMax::bigint
      ) u
    ) t
    where t.total <= :bytesMax::bigint
    order by t.seq`,
});
