import { statementsOf } from '@candlefish/kit/db';
import type { DocumentSnapshotsStatements } from './document-snapshots.rows.generated.ts';

const statement = statementsOf<DocumentSnapshotsStatements>('document');

/** Keeps the whole state of a document at a sequence. */
export const insertSnapshot = statement('insertSnapshot', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.document_snapshots
      (tenant_id, document_id, seq, epoch, state, encoding, state_vector, sha256)
    values (:tenantId, :documentId, :seq, :epoch, :state, 'V2', :stateVector, :sha256)`,
});

/** Deletes the snapshots before a sequence. */
export const deleteSnapshotsBefore = statement('deleteSnapshotsBefore', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.document_snapshots s
    where s.tenant_id = :tenantId and s.document_id = :documentId and s.seq < :seq`,
});
