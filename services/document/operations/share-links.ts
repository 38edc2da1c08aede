import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import type { SharedLevel } from '../domain/access.ts';
import type { DocumentShareLinksStatements } from '../store/document-share-links.rows.generated.ts';
import * as store from '../store/document-share-links.ts';
import { authorizeWork, requireAccess } from './document-access.ts';

/** A link that opens a document to whoever holds its secret. */
export interface ShareLink {
  readonly id: string;
  readonly documentId: string;
  readonly level: SharedLevel;
  readonly hasPassword: boolean;
  readonly expiresAt: Date | null;
  /** How often it may be opened; null for any number. */
  readonly usesMax: number | null;
  readonly uses: number;
  readonly lastUsedAt: Date | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** The link of a row. */
export const toShareLink = (row: DocumentShareLinksStatements['findShareLink']['row']): ShareLink => ({
  ...row,
  level: row.level as SharedLevel,
});

/**
 * A page of the share links of a document, newest first; those whose time is over are among them. Needs the level manage.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED
 */
export async function listShareLinks(
  ctx: DocumentCtx,
  request: PageRequest & { readonly documentId: string },
): Promise<Page<ShareLink>> {
  const grant = authorizeWork(ctx);
  const { documentId } = request;
  const { limit, key } = pageStart(request, CREATION_KEY);
  const { createdAt, id } = creationBefore(key);
  await requireAccess(ctx, grant, documentId, 'manage');
  const place = { beforeCreatedAt: createdAt, beforeId: id };
  const statement = store.listShareLinks({ tenantId: tenantOf(grant), documentId, ...place, limit: limit + 1 });
  return toPage((await ctx.query(grant, statement)).map(toShareLink), limit, creationKey);
}
