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

/** Notes who writes under a client id; one that is known stays with its first writer. */
export const insertAuthor = statement('insertAuthor', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.document_authors (tenant_id, document_id, client_id, actor_kind, actor_id, user_id)
    values (:tenantId, :documentId, :clientId, :actorKind, :actorId, :userId)
    on conflict (document_id, client_id) do nothing`,
});
