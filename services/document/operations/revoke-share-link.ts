import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { shareLinkRevoked } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { SharedLevel } from '../domain/access.ts';
import { deleteShareLink } from '../store/document-share-links.ts';
import { authorizeWork, requireAccess, tellAccessChanged } from './document-access.ts';

/** Takes a share link back: nobody opens it any more, and who came by it is sent away. @throws AppError NOT_FOUND, FORBIDDEN */
export async function revokeShareLink(
  ctx: DocumentCtx,
  { documentId, id }: { readonly documentId: string; readonly id: string },
): Promise<void> {
  const grant = authorizeWork(ctx);
  await requireAccess(ctx, grant, documentId, 'manage');
  if (!isUuid(id)) throw platformErrors.notFound();
  await ctx.tx(grant, async (tx) => {
    const row = await tx.first(deleteShareLink({ tenantId: tenantOf(grant), documentId, id }));
    if (row === undefined) throw platformErrors.notFound();
    tx.emit(shareLinkRevoked, { documentId, shareLinkId: id, level: row.level as SharedLevel });
    tx.afterCommit(() => tellAccessChanged(ctx, documentId));
  });
}
