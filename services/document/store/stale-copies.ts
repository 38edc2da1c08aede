import { statementsOf } from '@candlefish/kit/db';
import type { StaleCopiesStatements } from './stale-copies.rows.generated.ts';

const statement = statementsOf<StaleCopiesStatements>('document');

/** Documents of all tenants whose readable copy has been behind since before a moment, the oldest first. */
export const findStaleCopies = statement('findStaleCopies', {
  actions: ['document:append'],
  text: `
    select s.tenant_id as "tenantId", s.document_id as "documentId"
    from document.find_stale_copies(:staleSince, :limit) s`,
  notNull: ['tenantId', 'documentId'],
});

/** A document, the sequence that its readable copy reflects, and how far its log has got. */
export const findCopyState = statement('findCopyState', {
  actions: ['document:read', 'document:update'],
  text: `
    select d.title, d.visibility, d.version, d.content_type as "contentType", h.seq, h.epoch,
      h.snapshot_seq as "snapshotSeq", h.snapshot_bytes as "snapshotBytes",
      h.bytes_since_snapshot as "bytesSinceSnapshot"
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId and d.id = :documentId`,
});

/** The readable copy is up to date: the head of the document is locked meanwhile. */
export const deleteStaleCopy = statement('deleteStaleCopy', {
  actions: ['document:read', 'document:update'],
  text: 'delete from document.stale_copies s where s.tenant_id = :tenantId and s.document_id = :documentId',
});

/**
 * The readable copy reflects a sequence: it is up to date when the log ends there. Locks the head until COMMIT; while somebody
 * else holds it, as for `keepSnapshot`, the note stays, and a timer looks again.
 */
export const deleteFollowedCopy = statement('deleteFollowedCopy', {
  actions: ['document:read', 'document:update'],
  text: `
    with head as (
      select h.tenant_id, h.document_id from document.document_heads h
      where h.tenant_id = :tenantId and h.document_id = :documentId and h.seq = :seq
      for update skip locked
    )
    delete from document.stale_copies s
    using head
    where s.tenant_id = head.tenant_id and s.document_id = head.document_id`,
});
