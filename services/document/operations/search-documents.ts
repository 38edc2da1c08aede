import { isUuid } from '@candlefish/base/ids';
import { type Page, type PageKey, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { badCursor, creationBefore, creationKey, pageStart } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import { isContentType } from '../domain/content-types.ts';
import { searchQuery, searchWords, snippetOf } from '../domain/search-words.ts';
import { searchDocuments as searchRows } from '../store/search-documents.ts';
import { type Document, type DocumentListRequest, toDocument } from './documents.ts';
import { viewerParams } from './viewer.ts';

/** Documents that one search ranks, the newest that hold its words: each costs reading its words, 20 µs. */
const HITS_MAX = 2_000;
/** Above the rank of every document. */
const RANK_MAX = 1e9;
const SEARCH_KEY = ['number', 'number', 'string'] as const;

/** The sort key of a document in a list: by rank where it was searched for, else by creation. */
export const documentKey = (document: Document): PageKey =>
  document.found === undefined ? creationKey(document) : [document.found.rank, ...creationKey(document)];

/**
 * Documents that hold all words of `filter.search`, the last one perhaps only begun, best first.
 * @param request Its texts were checked.
 * @throws AppError VALIDATION_FAILED
 */
export async function searchDocuments(ctx: DocumentCtx, request: DocumentListRequest): Promise<Page<Document>> {
  const grant = ctx.authorize('document:read');
  const { limit, key } = pageStart(request, SEARCH_KEY);
  const [rank = RANK_MAX, ...rest] = key ?? [];
  const before = creationBefore(key === null ? null : rest);
  if (!Number.isFinite(Number(rank))) throw badCursor('/after');
  const { search, contentType, title, createdBy } = request.filter ?? {};
  const words = searchWords(search ?? '');
  if (words.length === 0) return { rows: [], nextCursor: null };
  if ((contentType && !isContentType(contentType)) || (createdBy && !isUuid(createdBy))) return NOTHING;
  const rows = await ctx.query(
    grant,
    searchRows({
      tenantId: tenantOf(grant),
      query: searchQuery(words),
      words: [...words],
      hitsMax: HITS_MAX,
      beforeRank: Number(rank),
      beforeCreatedAt: before.createdAt,
      beforeId: before.id,
      contentType: contentType ?? null,
      createdBy: createdBy ?? null,
      pattern: patternOf(title),
      limit: limit + 1,
      ...viewerParams(ctx),
    }),
  );
  const documents = rows.map(({ rank: itsRank, stretch, isCut, ...row }): Document => {
    const snippet = snippetOf(isCut ? stretch.replace(/^[\p{L}\p{N}]*/u, '…') : stretch, words);
    return { ...toDocument(ctx, row), found: { rank: itsRank, snippet } };
  });
  return toPage(documents, limit, documentKey);
}

const NOTHING: Page<Document> = { rows: [], nextCursor: null };

/** A part of a title as `ilike` takes it. */
export const patternOf = (title: string | null | undefined): string | null =>
  title?.trim() ? `%${title.trim().replaceAll(/[\\%_]/g, '\\$&')}%` : null;
