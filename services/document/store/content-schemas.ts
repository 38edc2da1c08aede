import { statementsOf } from '@candlefish/kit/db';
import type { ContentSchemasStatements } from './content-schemas.rows.generated.ts';
import { VISIBLE } from './visible-documents.ts';

const statement = statementsOf<ContentSchemasStatements>('document');

/** Schemas of documents by their ids that the caller sees, in any order; null for those without one. */
export const findContentSchemas = statement('findContentSchemas', {
  actions: ['document:read', 'document:update'],
  text: `
    select d.id, d.content_schema as "contentSchema"
    from document.documents d
    where d.tenant_id = :tenantId and d.id = any (:ids::uuid[]) and ${VISIBLE}`,
});

/** Gives a document another schema, or none. */
export const setContentSchema = statement('setContentSchema', {
  actions: ['document:read', 'document:create', 'document:update'],
  text: `
    update document.documents d set content_schema = :contentSchema?::jsonb
    where d.tenant_id = :tenantId and d.id = :id`,
});
