import { statementsOf } from '@candlefish/kit/db';
import type { DocumentUsageStatements } from './document-usage.rows.generated.ts';

const statement = statementsOf<DocumentUsageStatements>('document');

/**
 * What a tenant keeps: documents, and bytes of their logs, snapshots and kept states. Reads a row for each document and an
 * entry of an index for each kept state, which is why it is read now and then and not with every edit.
 */
export const readUsage = statement('readUsage', {
  actions: ['document:read', 'document:update', 'document:administer'],
  text: `
    select count(*) as "documents", (
      coalesce(sum(h.log_bytes + h.snapshot_bytes), 0) + (
        select coalesce(sum(v.packed_bytes), 0) from document.document_versions v where v.tenant_id = :tenantId
      )
    )::bigint as "bytes"
    from document.document_heads h
    where h.tenant_id = :tenantId`,
  notNull: ['documents', 'bytes'],
});

/** Lets one creation of a document after another count those of the tenant, until COMMIT. */
export const lockDocumentCount = statement('lockDocumentCount', {
  actions: ['document:create'],
  text: `select pg_advisory_xact_lock(hashtextextended('document.count:' || :tenantId::uuid::text, 0))`,
});

/** How many documents a tenant has. */
export const countDocuments = statement('countDocuments', {
  actions: ['document:create'],
  text: 'select count(*) as "documents" from document.documents d where d.tenant_id = :tenantId',
  notNull: ['documents'],
});
