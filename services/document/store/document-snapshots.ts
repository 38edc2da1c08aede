import { statementsOf } from '@candlefish/kit/db';
import type { DocumentSnapshotsStatements } from './document-snapshots.rows.generated.ts';

const statement = statementsOf<DocumentSnapshotsStatements>('document');

/**
 * Keeps the whole state of a document at a sequence as what loading begins at, in place of the snapshot before it. The log may
 * have gone on meanwhile: `bytesBefore` are the bytes after the snapshot before that the new one holds. Nothing is written when
 * the document has another epoch or snapshot than the state was taken with, or while somebody else holds the head: who waited
 * for it with the document's row in hand would wait in a circle.
 */
export const keepSnapshot = statement('keepSnapshot', {
  actions: ['document:read', 'document:update'],
  text: `
    with head as (
      select h.tenant_id, h.document_id, h.epoch from document.document_heads h
      where h.tenant_id = :tenantId and h.document_id = :documentId and h.epoch = :epoch
        and h.snapshot_seq = :snapshotSeq and h.seq >= :seq
      for update skip locked
    ), kept as (
      insert into document.document_snapshots
        (tenant_id, document_id, seq, epoch, state, encoding, state_vector, sha256)
      select head.tenant_id, head.document_id, :seq, head.epoch, :state::bytea, 'V2', :stateVector::bytea, :sha256::bytea
      from head
    ), moved as (
      update document.document_heads h
      set snapshot_seq = :seq, snapshot_bytes = length(:state::bytea),
        bytes_since_snapshot = greatest(0, h.bytes_since_snapshot - :bytesBefore::bigint)
      from head
      where h.document_id = head.document_id
    )
    delete from document.document_snapshots s
    using head
    where s.tenant_id = head.tenant_id and s.document_id = head.document_id and s.seq < :seq`,
});
