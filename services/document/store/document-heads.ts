import { statementsOf } from '@candlefish/kit/db';
import type { DocumentHeadsStatements } from './document-heads.rows.generated.ts';

const statement = statementsOf<DocumentHeadsStatements>('document');

/** Makes the head of a new document. */
export const insertHead = statement('insertHead', {
  actions: ['document:create'],
  text: 'insert into document.document_heads (document_id, tenant_id) values (:documentId, :tenantId)',
});

/** The head of a document, locked until COMMIT: nobody else appends meanwhile. */
export const lockHead = statement('lockHead', {
  actions: ['document:read', 'document:update'],
  text: `
    select h.document_id as "documentId", h.seq, h.epoch, h.snapshot_seq as "snapshotSeq",
      h.snapshot_bytes as "snapshotBytes", h.bytes_since_snapshot as "bytesSinceSnapshot",
      d.content_type as "contentType", d.content_schema as "contentSchema"
    from document.document_heads h
    join document.documents d on d.tenant_id = h.tenant_id and d.id = h.document_id
    where h.tenant_id = :tenantId and h.document_id = :documentId
    for update of h`,
});

/**
 * The epoch of a document, which stays until COMMIT: for writing down something of a state that was read before without the
 * lock of the head. None when the document is gone.
 */
export const holdEpoch = statement('holdEpoch', {
  actions: ['document:read', 'document:update', 'document:create'],
  text: `
    select h.epoch from document.document_heads h
    where h.tenant_id = :tenantId and h.document_id = :documentId
    for share`,
});
