import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { documentDeleted } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { deleteDocument as deleteRow } from '../store/documents.ts';
import { requireAccess, tellAccessChanged } from './document-access.ts';
import { eventTitle } from './event-title.ts';

/** Deletes a document with its log, which needs the level manage; its followers' streams end. @throws AppError NOT_FOUND, FORBIDDEN */
export async function deleteDocument(ctx: DocumentCtx, id: string): Promise<void> {
  const grant = ctx.authorize(ctx.may('document:delete') ? 'document:delete' : 'document:read');
  await requireAccess(ctx, grant, id, 'manage');
  await ctx.tx(grant, async (tx) => {
    const row = await tx.first(deleteRow({ tenantId: tenantOf(grant), id }));
    if (row === undefined) throw platformErrors.notFound();
    tx.emit(documentDeleted, { documentId: row.id, title: eventTitle(row) });
    tx.afterCommit(() => {
      ctx.service.usage.expire(tenantOf(grant));
      tellAccessChanged(ctx, id);
    });
  });
}
