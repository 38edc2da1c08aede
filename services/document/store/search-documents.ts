import { statementsOf } from '@candlefish/kit/db';
import { LISTED, LISTED_NOT_NULL } from './documents.ts';
import type { SearchDocumentsStatements } from './search-documents.rows.generated.ts';
import { GUARD_NULLABLE, VISIBLE } from './visible-documents.ts';

const statement = statementsOf<SearchDocumentsStatements>('document');

/**
 * Documents that hold the words and that the caller sees, best first, after a place in that order, each with the stretch of
 * its text around the first word found. The function finds ids past row-level security, in this tenant; the table gives the rows
 * under it.
 */
export const searchDocuments = statement('searchDocuments', {
  actions: ['document:read'],
  text: `
    with page as materialized (
      select d.id, s.rank
      from document.search_documents(
        :query, :contentType?::text, :viewerSeesAll::boolean, :viewerId?::uuid, :viewerKeyId?::uuid, :hitsMax::bigint
      ) s
      join document.documents d on d.tenant_id = :tenantId and d.id = s.document_id
      where (s.rank, d.created_at, d.id) < (:beforeRank::real, :beforeCreatedAt::timestamptz, :beforeId::uuid)
        and (:createdBy?::uuid is null or d.created_by = :createdBy?::uuid)
        and (:pattern?::text is null or d.title ilike :pattern?::text)
        and ${VISIBLE}
      order by s.rank desc, d.created_at desc, d.id desc
      limit :limit::bigint
    )
    select ${LISTED}, p.rank,
      substring(d.content_text from greatest(coalesce(place.at, 1) - 60, 1) for 240) as "stretch",
      coalesce(place.at, 1) > 61 as "isCut"
    from page p
    join document.documents d on d.tenant_id = :tenantId and d.id = p.id
    join document.document_heads h on h.tenant_id = d.tenant_id and h.document_id = d.id
    cross join lateral (select lower(left(d.content_text, 250000)) as content) t
    cross join lateral (
      select min(nullif(strpos(t.content, w), 0)) as at from unnest(:words::text[]) w
    ) place
    order by p.rank desc, d.created_at desc, d.id desc`,
  notNull: [...LISTED_NOT_NULL, 'rank', 'stretch', 'isCut'],
  nullable: GUARD_NULLABLE,
});
