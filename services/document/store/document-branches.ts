import { statementsOf } from '@candlefish/kit/db';
import type { DocumentBranchesStatements } from './document-branches.rows.generated.ts';

const statement = statementsOf<DocumentBranchesStatements>('document');

const BRANCH = `b.branch_document_id as "id", b.main_document_id as "mainDocumentId", b.main_seq as "mainSequence",
  b.main_epoch as "mainEpoch", b.base_version_id as "baseVersionId", b.base_state_vector as "baseStateVector",
  b.merged_seq as "mergedSequence", b.merged_at as "mergedAt", b.created_at as "createdAt"`;

/** Notes that a document began as a copy of another one. */
export const insertBranch = statement('insertBranch', {
  actions: ['document:create'],
  text: `
    insert into document.document_branches
      (branch_document_id, tenant_id, main_document_id, main_seq, main_epoch, base_version_id, base_state_vector,
       created_at)
    values (:id, :tenantId, :mainDocumentId, :mainSequence, :mainEpoch, :baseVersionId, :baseStateVector, :createdAt)`,
});

/** What documents are branches of, by the ids of the branches. */
export const findBranches = statement('findBranches', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${BRANCH}
    from document.document_branches b
    where b.tenant_id = :tenantId and b.branch_document_id = any (:ids::uuid[])`,
});

/** Branches of a document made before a place, newest first. */
export const listBranches = statement('listBranches', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${BRANCH}
    from document.document_branches b
    where b.tenant_id = :tenantId and b.main_document_id = :mainDocumentId
      and (b.created_at, b.branch_document_id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
    order by b.created_at desc, b.branch_document_id desc
    limit :limit::bigint`,
});

/** The branches of a document, those included that are hidden from the caller. */
export const listBranchIds = statement('listBranchIds', {
  actions: ['document:read', 'document:update'],
  text: `
    select b.branch_document_id as "id" from document.document_branches b
    where b.tenant_id = :tenantId and b.main_document_id = :mainDocumentId`,
});

/** Notes that a branch was merged, and what both have in common since. */
export const recordMerge = statement('recordMerge', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.document_branches b
    set merged_seq = :mergedSequence, merged_at = :mergedAt, base_version_id = :baseVersionId,
      base_state_vector = :baseStateVector
    where b.tenant_id = :tenantId and b.branch_document_id = :id`,
});

/** Gives a document the writers of another one, for client ids it does not know: the two share a history. */
export const copyAuthors = statement('copyAuthors', {
  actions: ['document:read', 'document:update', 'document:create'],
  text: `
    insert into document.document_authors
      (tenant_id, document_id, client_id, actor_kind, actor_id, user_id, created_at)
    select a.tenant_id, :toId::uuid, a.client_id, a.actor_kind, a.actor_id, a.user_id, a.created_at
    from document.document_authors a
    where a.tenant_id = :tenantId and a.document_id = :fromId and a.retired_at is null
    on conflict (document_id, client_id) do nothing`,
});

/** Gives a branch the members of its main document, so that it is hidden from nobody who worked there. */
export const copyMembers = statement('copyMembers', {
  actions: ['document:create'],
  text: `
    insert into document.document_members (tenant_id, document_id, user_id, api_key_id, level)
    select m.tenant_id, :toId::uuid, m.user_id, m.api_key_id, m.level
    from document.document_members m
    where m.tenant_id = :tenantId and m.document_id = :fromId
    on conflict (tenant_id, document_id, principal_id) do nothing`,
});
