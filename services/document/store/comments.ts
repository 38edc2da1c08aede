import { statementsOf } from '@candlefish/kit/db';
import type { CommentsStatements } from './comments.rows.generated.ts';

const statement = statementsOf<CommentsStatements>('document');

const COMMENT = `c.id, c.thread_id as "threadId", c.body, c.mentions, c.author_kind as "authorKind",
  c.author_id as "authorId", c.user_id as "userId", c.edited_at as "editedAt", c.deleted_at as "deletedAt",
  c.created_at as "createdAt"`;

/** The first comments of each of several threads, oldest first within a thread. */
export const firstComments = statement('firstComments', {
  actions: ['document:read', 'document:update'],
  text: `
    select c.id, c."threadId", c.body, c.mentions, c."authorKind", c."authorId", c."userId", c."editedAt",
      c."deletedAt", c."createdAt"
    from unnest(:threadIds::uuid[]) with ordinality as t (id, n)
    cross join lateral (
      select ${COMMENT}
      from document.comments c
      where c.tenant_id = :tenantId and c.thread_id = t.id
      order by c.created_at, c.id
      limit :limit::bigint
    ) c
    order by t.n, c."createdAt", c.id`,
  notNull: ['id', 'threadId', 'body', 'mentions', 'authorKind', 'authorId', 'createdAt'],
});

/** Comments of a thread written after a place, oldest first. */
export const listComments = statement('listComments', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${COMMENT}
    from document.comments c
    where c.tenant_id = :tenantId and c.thread_id = :threadId
      and (c.created_at, c.id) > (:afterCreatedAt::timestamptz, :afterId::uuid)
    order by c.created_at, c.id
    limit :limit::bigint`,
});

/** One comment of a thread. */
export const findComment = statement('findComment', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${COMMENT}
    from document.comments c
    where c.tenant_id = :tenantId and c.thread_id = :threadId and c.id = :id`,
});

/** How many comments a thread has, empty places included. */
export const countComments = statement('countComments', {
  actions: ['document:read', 'document:update'],
  text: `
    select count(*) as "count" from document.comments c where c.tenant_id = :tenantId and c.thread_id = :threadId`,
  notNull: ['count'],
});

/** Adds a comment to a thread. */
export const insertComment = statement('insertComment', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.comments (id, tenant_id, thread_id, body, mentions, author_kind, author_id, user_id, created_at)
    values (:id, :tenantId, :threadId, :body, :mentions::uuid[], :authorKind, :authorId, :userId?, :createdAt)`,
});

/** Gives a comment another text. */
export const editComment = statement('editComment', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.comments c set body = :body, mentions = :mentions::uuid[], edited_at = :editedAt
    where c.tenant_id = :tenantId and c.thread_id = :threadId and c.id = :id and c.deleted_at is null`,
});

/** Empties a comment; a row when it was not empty already. */
export const clearComment = statement('clearComment', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.comments c set body = '', mentions = '{}', deleted_at = :deletedAt
    where c.tenant_id = :tenantId and c.thread_id = :threadId and c.id = :id and c.deleted_at is null
    returning c.id`,
});

/** Deletes the empty places of a thread that no comment follows. Relies on the lock of the thread. */
export const deleteLastGaps = statement('deleteLastGaps', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.comments c
    where c.tenant_id = :tenantId and c.thread_id = :threadId and c.deleted_at is not null
      and not exists (
        select from document.comments l
        where l.tenant_id = c.tenant_id and l.thread_id = c.thread_id and l.deleted_at is null
          and (l.created_at, l.id) > (c.created_at, c.id)
      )`,
});
