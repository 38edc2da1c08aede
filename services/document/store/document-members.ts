import { statementsOf } from '@candlefish/kit/db';
import type { DocumentMembersStatements } from './document-members.rows.generated.ts';

const statement = statementsOf<DocumentMembersStatements>('document');

const MEMBER = `m.principal_id as "id", m.document_id as "documentId", m.user_id as "userId",
  m.api_key_id as "apiKeyId", m.level, m.created_at as "createdAt", m.updated_at as "updatedAt"`;

/** Members of a document added before a place, newest first. */
export const listMembers = statement('listMembers', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${MEMBER}
    from document.document_members m
    where m.tenant_id = :tenantId and m.document_id = :documentId
      and (m.created_at, m.principal_id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
    order by m.created_at desc, m.principal_id desc
    limit :limit::bigint`,
});

/** Members of a document by the ids of people and keys, in any order. */
export const findMembers = statement('findMembers', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${MEMBER}
    from document.document_members m
    where m.tenant_id = :tenantId and m.document_id = :documentId and m.principal_id = any (:ids::uuid[])`,
});

/** People with a level of their own in a document; it has at most 500 members. */
export const listMemberPeople = statement('listMemberPeople', {
  actions: ['document:read', 'document:update'],
  text: `
    select m.user_id as "userId" from document.document_members m
    where m.tenant_id = :tenantId and m.document_id = :documentId and m.user_id is not null`,
  notNull: ['userId'],
});

/** How many members a document has. */
export const countMembers = statement('countMembers', {
  actions: ['document:read', 'document:update'],
  text: `
    select count(*) as "count" from document.document_members m
    where m.tenant_id = :tenantId and m.document_id = :documentId`,
  notNull: ['count'],
});

/** Gives a person or a key a level; a row when it had another one or none. Relies on the foreign keys to the tenant's own. */
export const setMember = statement('setMember', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.document_members as m (tenant_id, document_id, user_id, api_key_id, level)
    values (:tenantId, :documentId, :userId?, :apiKeyId?, :level)
    on conflict (tenant_id, document_id, principal_id) do update set level = excluded.level
      where m.level <> excluded.level
    returning m.principal_id as "id"`,
});

/** Takes an explicit level away; a row when there was one. */
export const removeMember = statement('removeMember', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.document_members m
    where m.tenant_id = :tenantId and m.document_id = :documentId and m.principal_id = :id
    returning m.user_id as "userId", m.api_key_id as "apiKeyId"`,
});
