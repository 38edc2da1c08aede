import { statementsOf } from '@candlefish/kit/db';
import type { DocumentsStatements } from './documents.rows.generated.ts';

const statement = statementsOf<DocumentsStatements>('document');

/** What lists show of a document: everything but its content. The version is that of the log. */
const LISTED = `d.id, d.tenant_id as "tenantId", d.title, d.content_type as "contentType", h.seq as "version", h.epoch,
  d.created_by as "createdBy", d.created_at as "createdAt", greatest(d.updated_at, h.updated_at) as "updatedAt"`;

const LISTED_NOT_NULL = ['updatedAt'] as const;

/** Documents created before a place, newest first. `pattern` is a text for `ilike`, escaped. */
export const listDocuments = statement('listDocuments', {
  actions: ['document:read'],
  text: `
    select ${LISTED}
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId
      and (d.created_at, d.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
      and (:contentType?::text is null or d.content_type = :contentType?::text)
      and (:createdBy?::uuid is null or d.created_by = :createdBy?::uuid)
      and (:pattern?::text is null or d.title ilike :pattern?::text)
    order by d.created_at desc, d.id desc
    limit :limit::bigint`,
  notNull: LISTED_NOT_NULL,
});

/** Documents by their ids, in any order. */
export const findDocuments = statement('findDocuments', {
  actions: ['document:read', 'document:create', 'document:update'],
  text: `
    select ${LISTED}
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId and d.id = any (:ids::uuid[])`,
  notNull: LISTED_NOT_NULL,
});

/** Readable copies of documents by their ids, in any order, with the sequence of the log beside them. */
export const findContents = statement('findContents', {
  actions: ['document:read', 'document:create', 'document:update'],
  text: `
    select d.id, d.content_type as "contentType", d.crdt_state as "crdtState", d.content_text as "text",
      h.seq as "version"
    from document.documents d
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    where d.tenant_id = :tenantId and d.id = any (:ids::uuid[])`,
});

/** Creates a document; its head is made beside it. */
export const insertDocument = statement('insertDocument', {
  actions: ['document:create'],
  text: `
    insert into document.documents
      (id, tenant_id, title, content_type, crdt_state, created_by, created_at, updated_at)
    values (:id, :tenantId, :title, :contentType, :crdtState, :createdBy?, :createdAt, :createdAt)`,
});

/** Gives a document another title; a row when it was another. */
export const renameDocument = statement('renameDocument', {
  actions: ['document:update'],
  text: `
    update document.documents d set title = :title
    where d.tenant_id = :tenantId and d.id = :id and d.title <> :title
    returning d.id`,
});

/** Notes the version that a request has made, and the readable copy of it when one is given. */
export const recordVersion = statement('recordVersion', {
  actions: ['document:update'],
  text: `
    update document.documents d
    set version = :version, crdt_state = coalesce(:crdtState?::jsonb, d.crdt_state),
      content_text = coalesce(:text?::text, d.content_text)
    where d.tenant_id = :tenantId and d.id = :id and d.version < :version`,
});

/** Deletes a document with its log; a row when there was one. */
export const deleteDocument = statement('deleteDocument', {
  actions: ['document:delete'],
  text: `
    delete from document.documents d where d.tenant_id = :tenantId and d.id = :id
    returning d.id, d.title, d.content_type as "contentType"`,
});
