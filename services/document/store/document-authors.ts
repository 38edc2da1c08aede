import { statementsOf } from '@candlefish/kit/db';
import type { DocumentAuthorsStatements } from './document-authors.rows.generated.ts';

const statement = statementsOf<DocumentAuthorsStatements>('document');

/** Who writes under which client id, of several documents; those of erased histories are retired. */
export const listAuthors = statement('listAuthors', {
  actions: ['document:append', 'document:read', 'document:update'],
  text: `
    select a.document_id as "documentId", a.client_id as "clientId", a.actor_kind as "actorKind",
      a.actor_id as "actorId", a.user_id as "userId", a.retired_at is not null as "isRetired"
    from document.document_authors a
    where a.tenant_id = :tenantId and a.document_id = any (:documentIds::uuid[])`,
  notNull: ['isRetired'],
});
