import { statementsOf } from '@candlefish/kit/db';
import type { DocumentUndosStatements } from './document-undos.rows.generated.ts';

const statement = statementsOf<DocumentUndosStatements>('document');

/** Notes that an update was undone. Relies on the primary key: it happens once. */
export const insertUndo = statement('insertUndo', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.document_undos (tenant_id, document_id, epoch, seq, undone_by_seq)
    values (:tenantId, :documentId, :epoch, :sequence, :undoneBy)`,
});

/** What undid an update; none when nothing did. */
export const findUndo = statement('findUndo', {
  actions: ['document:read', 'document:update'],
  text: `
    select o.undone_by_seq as "undoneBy"
    from document.document_undos o
    where o.tenant_id = :tenantId and o.document_id = :documentId and o.epoch = :epoch and o.seq = :sequence`,
});
