import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { documentMemberRemoved } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { removeMember as removeRow } from '../store/document-members.ts';
import { authorizeWork, requireAccess, tellAccessChanged } from './document-access.ts';

/**
 * Takes the explicit level of a person or a key in a document away, so that the role counts again. Needs the level manage.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function removeMember(
  ctx: DocumentCtx,
  { documentId, id }: { readonly documentId: string; readonly id: string },
): Promise<void> {
  const grant = authorizeWork(ctx);
  await requireAccess(ctx, grant, documentId, 'manage');
  if (!isUuid(id)) throw platformErrors.notFound();
  await ctx.tx(grant, async (tx) => {
    const row = await tx.first(removeRow({ tenantId: tenantOf(grant), documentId, id }));
    if (row === undefined) throw platformErrors.notFound();
    tx.emit(documentMemberRemoved, { documentId, ...row });
    tx.afterCommit(() => tellAccessChanged(ctx, documentId));
  });
}
