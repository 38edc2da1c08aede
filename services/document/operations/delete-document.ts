import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { documentDeleted } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { deleteDocument as deleteRow } from '../store/documents.ts';
import { wakeFollowers } from './follow-document.ts';

/** Deletes a document with its log; its followers' streams end. @throws AppError NOT_FOUND */
export async function deleteDocument(ctx: DocumentCtx, id: string): Promise<void> {
  const grant = ctx.authorize('document:delete');
  if (!isUuid(id)) throw platformErrors.notFound();
  await ctx.tx(grant, async (tx) => {
    const row = await tx.first(deleteRow({ tenantId: tenantOf(grant), id }));
    if (row === undefined) throw platformErrors.notFound();
    tx.emit(documentDeleted, { documentId: row.id, title: row.title });
    tx.afterCommit(() => wakeFollowers(ctx, id));
  });
}
