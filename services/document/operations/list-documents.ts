import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { CREATION_KEY, creationBefore, creationKey, pageStart } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import { isContentType } from '../domain/content-types.ts';
import { checkFilterText } from '../domain/document-fields.ts';
import * as store from '../store/documents.ts';
import { type Document, type DocumentListRequest, toDocument } from './documents.ts';
import { patternOf, searchDocuments } from './search-documents.ts';
import { viewerParams } from './viewer.ts';

/** A page of documents, newest first, or best first where they are searched for. @throws AppError NOT_FOUND for another tenant, VALIDATION_FAILED */
export async function listDocuments(ctx: DocumentCtx, request: DocumentListRequest): Promise<Page<Document>> {
  const grant = ctx.authorize('document:read', request.tenantId === undefined ? {} : { tenantId: request.tenantId });
  const { contentType, title, createdBy, search } = request.filter ?? {};
  const problems = checkFilterText({ title, search });
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  if (search?.trim()) return searchDocuments(ctx, request);
  const { limit, key } = pageStart(request, CREATION_KEY);
  const before = creationBefore(key);
  if (isNothing(contentType, isContentType) || isNothing(createdBy, isUuid)) return { rows: [], nextCursor: null };
  const { viewerSeesAll, ...viewer } = viewerParams(ctx);
  const part = {
    tenantId: tenantOf(grant),
    beforeCreatedAt: before.createdAt,
    beforeId: before.id,
    contentType: contentType ?? null,
    createdBy: createdBy ?? null,
    pattern: patternOf(title),
    limit: limit + 1,
    ...viewer,
  };
  const rows = await ctx.query(grant, viewerSeesAll ? store.listAllDocuments(part) : store.listVisibleDocuments(part));
  return toPage(
    rows.map((row) => toDocument(ctx, row)),
    limit,
    creationKey,
  );
}

/** Whether a filter names what cannot be there. */
const isNothing = (value: string | null | undefined, isKnown: (value: string) => boolean): boolean =>
  value !== undefined && value !== null && !isKnown(value);
