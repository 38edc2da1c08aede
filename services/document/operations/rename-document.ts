import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { documentRenamed } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { checkTitle } from '../domain/document-fields.ts';
import { findDocuments, renameDocument as renameRow } from '../store/documents.ts';
import { type Document, toDocument } from './documents.ts';

/** Gives a document another title; its version stays, since its content does. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function renameDocument(
  ctx: DocumentCtx,
  input: { readonly id: string; readonly title: string },
): Promise<Document> {
  const grant = ctx.authorize('document:update');
  const problems = checkTitle(input.title);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  if (!isUuid(input.id)) throw platformErrors.notFound();
  const tenantId = tenantOf(grant);
  const title = input.title.trim();
  return ctx.tx(grant, async (tx) => {
    const renamed = await tx.first(renameRow({ tenantId, id: input.id, title }));
    const row = await tx.first(findDocuments({ tenantId, ids: [input.id] }));
    if (row === undefined) throw platformErrors.notFound();
    if (renamed !== undefined) tx.emit(documentRenamed, { documentId: row.id, title });
    return toDocument(row);
  });
}
