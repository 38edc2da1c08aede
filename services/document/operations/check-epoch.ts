import type { Tx } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { holdEpoch } from '../store/document-heads.ts';
import type { WorkAction } from './document-access.ts';

/**
 * Sees to it that a document has the history in which something was read of it, until COMMIT: else what was erased meanwhile
 * would be written down again.
 * @throws AppError CONFLICT when the history was erased, NOT_FOUND when the document is gone.
 */
export async function checkEpoch(
  tx: Tx<WorkAction | 'document:create'>,
  of: { readonly tenantId: string; readonly documentId: string; readonly epoch: number },
): Promise<void> {
  const head = await tx.first(holdEpoch({ tenantId: of.tenantId, documentId: of.documentId }));
  if (head === undefined) throw platformErrors.notFound();
  if (head.epoch !== of.epoch) {
    throw platformErrors.conflict({ detail: 'The history of the document was just erased.' });
  }
}
