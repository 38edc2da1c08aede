import { statementsOf } from '@candlefish/kit/db';
import type { DocumentsStatements } from './documents.rows.generated.ts';
import { GUARD, GUARD_NULLABLE, VISIBLE } from './visible-documents.ts';

const statement = statementsOf<DocumentsStatements>('document');

/** What lists show of a document: everything but its content. The version is that of the log. */
export const LISTED = `d.id, d.tenant_id as "tenantId", d.title, d.content_type as "contentType", h.seq as "version", h.epoch,
  d.created_by as "createdBy", d.created_at as "createdAt", greatest(d.updated_at, h.updated_at) as "updatedAt", ${GUARD}`;

/** Its columns that are never null though PostgreSQL cannot tell. */
export const LISTED_NOT_NULL = ['updatedAt'] as const;

/** What a list by creation asks of each row: to come after a place, and to meet the filter. */
const LISTED_BY = `(d.created_at, d.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
      and (:contentType?::text is null or d.content_type = :contentType?::text)
      and (:createdBy?::uuid is null or d.created_by = :createdBy?::uuid)
      and (:pattern?::text is null or d.title ilike :pattern?::text)`;

/** Documents created before a place, newest first, private ones too. `pattern` is a text for `ilike`, escaped. */
export const listAllDocuments = statement('listAllDocuments', {
  actions: ['document:read'],
  text: `
    select ${LISTED}
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId and ${LISTED_BY}
    order by d.created_at desc, d.id desc
    limit :limit::bigint`,
  notNull: LISTED_NOT_NULL,
  nullable: GUARD_NULLABLE,
});

const PART_OF_PAGE = 'order by d.created_at desc, d.id desc limit :limit::bigint';

/**
 * The same, of those that the caller sees without seeing all. Each part comes in the order of the list from an index of its
 * own, so a page costs no more where nearly everything is hidden.
 */
export const listVisibleDocuments = statement('listVisibleDocuments', {
  actions: ['document:read'],
  text: `
    with page as (
      (
        select d.id from document.documents d
        where d.tenant_id = :tenantId and d.visibility = 'tenant' and ${LISTED_BY}
        ${PART_OF_PAGE}
      ) union (
        select d.id from document.documents d
        where d.tenant_id = :tenantId and d.visibility = 'private' and d.created_by = :viewerId?::uuid and ${LISTED_BY}
        ${PART_OF_PAGE}
      ) union (
        select d.id
        from document.document_members m
        join document.documents d on d.tenant_id = m.tenant_id and d.id = m.document_id
        where m.tenant_id = :tenantId and m.user_id = :viewerId?::uuid and d.visibility = 'private' and ${LISTED_BY}
        ${PART_OF_PAGE}
      ) union (
        select d.id
        from document.document_members m
        join document.documents d on d.tenant_id = m.tenant_id and d.id = m.document_id
        where m.tenant_id = :tenantId and m.api_key_id = :viewerKeyId?::uuid and d.visibility = 'private'
          and ${LISTED_BY}
        ${PART_OF_PAGE}
      )
    )
    select ${LISTED}
    from page p
    join document.documents d on d.tenant_id = :tenantId and d.id = p.id
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    order by d.created_at desc, d.id desc
    limit :limit::bigint`,
  notNull: LISTED_NOT_NULL,
  nullable: GUARD_NULLABLE,
});

/** Documents by their ids that the caller sees, in any order. */
export const findDocuments = statement('findDocuments', {
  actions: ['document:read', 'document:create', 'document:update', 'document:delete'],
  text: `
    select ${LISTED}
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId and d.id = any (:ids::uuid[]) and ${VISIBLE}`,
  notNull: LISTED_NOT_NULL,
  nullable: GUARD_NULLABLE,
});

/** Readable copies of documents by their ids that the caller sees, in any order, with the sequence of the log beside them. */
export const findContents = statement('findContents', {
  actions: ['document:read', 'document:create', 'document:update'],
  text: `
    select d.id, d.content_type as "contentType", d.crdt_state as "crdtState", d.content_text as "text",
      h.seq as "version"
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId and d.id = any (:ids::uuid[]) and ${VISIBLE}`,
});

/** Creates a document; its head is made beside it. */
export const insertDocument = statement('insertDocument', {
  actions: ['document:create'],
  text: `
    insert into document.documents
      (id, tenant_id, title, content_type, visibility, crdt_state, created_by, created_at, updated_at)
    values (:id, :tenantId, :title, :contentType, :visibility, :crdtState, :createdBy?, :createdAt, :createdAt)`,
});

/** Gives a document another title; a row when it was another. */
export const renameDocument = statement('renameDocument', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.documents d set title = :title
    where d.tenant_id = :tenantId and d.id = :id and d.title <> :title
    returning d.id`,
});

/** Notes the version that a request has made, and the readable copy of it when one is given. */
export const recordVersion = statement('recordVersion', {
  actions: ['document:create', 'document:read', 'document:update'],
  text: `
    update document.documents d
    set version = :version, crdt_state = coalesce(:crdtState?::jsonb, d.crdt_state),
      content_text = coalesce(:text?::text, d.content_text)
    where d.tenant_id = :tenantId and d.id = :id and d.version < :version`,
});

/** Writes the readable copy of a sequence; none when it is no longer the copy of `fromVersion` that is replaced. */
export const recordCopy = statement('recordCopy', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.documents d
    set version = :version, crdt_state = :crdtState::jsonb, content_text = :text
    where d.tenant_id = :tenantId and d.id = :id and d.version = :fromVersion
    returning d.id`,
});

/** Changes whom a document shows itself to; a row when it was another. */
export const setVisibility = statement('setVisibility', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.documents d set visibility = :visibility
    where d.tenant_id = :tenantId and d.id = :id and d.visibility <> :visibility
    returning d.id`,
});

/** Deletes a document with its log; a row when there was one. */
export const deleteDocument = statement('deleteDocument', {
  actions: ['document:read', 'document:delete'],
  text: `
    delete from document.documents d where d.tenant_id = :tenantId and d.id = :id
    returning d.id, d.title, d.content_type as "contentType", d.visibility`,
});
