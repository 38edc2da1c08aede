import { statementsOf } from '@candlefish/kit/db';
import type { CommentThreadsStatements } from './comment-threads.rows.generated.ts';

const statement = statementsOf<CommentThreadsStatements>('document');

const THREAD = `t.id, t.document_id as "documentId", t.anchor_root as "anchorRoot", t.anchor_start as "anchorStart",
  t.anchor_end as "anchorEnd", t.quote, t.version, t.author_kind as "authorKind", t.author_id as "authorId",
  t.user_id as "userId", t.resolved_at as "resolvedAt", t.resolved_by as "resolvedBy", t.created_at as "createdAt",
  t.updated_at as "updatedAt", (
    select count(*) from document.comments c
    where c.tenant_id = t.tenant_id and c.thread_id = t.id and c.deleted_at is null
  ) as "commentCount"`;

const THREAD_NOT_NULL = ['commentCount'] as const;

/** Threads of a document begun before a place, newest first; `isResolved` null for all. */
export const listThreads = statement('listThreads', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${THREAD}
    from document.comment_threads t
    where t.tenant_id = :tenantId and t.document_id = :documentId
      and (t.created_at, t.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
      and (:isResolved?::boolean is null or (t.resolved_at is not null) = :isResolved?::boolean)
    order by t.created_at desc, t.id desc
    limit :limit::bigint`,
  notNull: THREAD_NOT_NULL,
});

/** One thread of a document. */
export const findThread = statement('findThread', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${THREAD}
    from document.comment_threads t
    where t.tenant_id = :tenantId and t.document_id = :documentId and t.id = :id`,
  notNull: THREAD_NOT_NULL,
});

/** The thread, locked until COMMIT: nobody answers, resolves or deletes in it meanwhile. */
export const lockThread = statement('lockThread', {
  actions: ['document:read', 'document:update'],
  text: `
    select t.id, t.author_kind as "authorKind", t.author_id as "authorId", t.user_id as "userId",
      t.resolved_at as "resolvedAt"
    from document.comment_threads t
    where t.tenant_id = :tenantId and t.document_id = :documentId and t.id = :id
    for update`,
});

/** How many threads a document has. */
export const countThreads = statement('countThreads', {
  actions: ['document:read', 'document:update'],
  text: `
    select count(*) as "count" from document.comment_threads t
    where t.tenant_id = :tenantId and t.document_id = :documentId`,
  notNull: ['count'],
});

/** Begins a thread. */
export const insertThread = statement('insertThread', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.comment_threads
      (id, tenant_id, document_id, anchor_root, anchor_start, anchor_end, quote, version, author_kind, author_id, user_id)
    values (:id, :tenantId, :documentId, :anchorRoot?, :anchorStart?, :anchorEnd?, :quote, :version, :authorKind,
      :authorId, :userId?)`,
});

/** Notes that a thread is resolved, or open again when the moment is null. */
export const setResolved = statement('setResolved', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.comment_threads t set resolved_at = :resolvedAt?, resolved_by = :resolvedBy?
    where t.tenant_id = :tenantId and t.id = :id`,
});

/** Deletes a thread with its comments; a row when there was one. */
export const deleteThread = statement('deleteThread', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.comment_threads t
    where t.tenant_id = :tenantId and t.document_id = :documentId and t.id = :id
    returning t.id`,
});

/** Deletes a thread in which nothing is left; a row when it was so. Relies on the lock of the thread. */
export const deleteEmptyThread = statement('deleteEmptyThread', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.comment_threads t
    where t.tenant_id = :tenantId and t.id = :id
      and not exists (select from document.comments c where c.tenant_id = t.tenant_id and c.thread_id = t.id)
    returning t.id`,
});
