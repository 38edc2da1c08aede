import { isUuid } from '@candlefish/base/ids';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { DocumentCtx } from '../ctx.ts';
import { type AccessLevel, includesLevel } from '../domain/access.ts';
import { findDocuments } from '../store/documents.ts';

/** A document and what the caller may do with it. */
export interface AccessibleDocument {
  readonly id: string;
  readonly title: string;
  readonly contentType: string;
  readonly version: number;
  readonly epoch: number;
  readonly access: AccessLevel;
}

/**
 * A document that the caller may use at least so far.
 * @throws AppError NOT_FOUND when it is absent, another tenant's or hidden from the caller; FORBIDDEN when it may be seen
 *   and not used so far.
 */
export async function requireAccess(
  ctx: DocumentCtx,
  grant: Grant<'document:read' | 'document:update'>,
  documentId: string,
  needed: AccessLevel,
): Promise<AccessibleDocument> {
  const rows = isUuid(documentId)
    ? await ctx.query(grant, findDocuments({ tenantId: tenantOf(grant), ids: [documentId] }))
    : [];
  const [row] = rows;
  if (row === undefined) throw platformErrors.notFound();
  const { id, title, contentType, version, epoch } = row;
  const access = levelOf(ctx);
  if (!includesLevel(access, needed)) {
    throw platformErrors.forbidden({ detail: `This needs the level ${needed} on the document; yours is ${access}.` });
  }
  return { id, title, contentType, version, epoch, access };
}

/** The level that the caller's role in the tenant gives on every document of it. */
function levelOf(ctx: DocumentCtx): AccessLevel {
  if (ctx.may('document:delete')) return 'manage';
  return ctx.may('document:update') ? 'edit' : 'view';
}
