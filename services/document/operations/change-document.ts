import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { documentRenamed, documentVisibilityChanged } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { Visibility } from '../domain/access.ts';
import { checkTitle } from '../domain/document-fields.ts';
import { findDocuments, renameDocument, setVisibility } from '../store/documents.ts';
import { authorizeWork, requireAccess, tellAccessChanged } from './document-access.ts';
import { type Document, toDocument } from './documents.ts';
import { eventTitle } from './event-title.ts';
import { viewerParams } from './viewer.ts';

/** What is changed of a document, all or nothing; what is left out stays. */
export interface ChangeDocumentInput {
  readonly id: string;
  readonly title?: string | null | undefined;
  readonly visibility?: Visibility | null | undefined;
}

/**
 * Gives a document another title, which needs the level edit, or another visibility, which needs manage. Its version
 * stays, since its content does.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED
 */
export async function changeDocument(ctx: DocumentCtx, input: ChangeDocumentInput): Promise<Document> {
  const grant = authorizeWork(ctx);
  const visibility = input.visibility ?? null;
  const title = input.title?.trim() ?? null;
  const problems = title === null ? [] : checkTitle(title);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  await requireAccess(ctx, grant, input.id, visibility === null ? 'edit' : 'manage');
  const of = { tenantId: tenantOf(grant), id: input.id };
  return ctx.tx(grant, async (tx) => {
    const renamed = title === null ? undefined : await tx.first(renameDocument({ ...of, title }));
    const shown = visibility === null ? undefined : await tx.first(setVisibility({ ...of, visibility }));
    const row = await tx.first(findDocuments({ tenantId: of.tenantId, ids: [input.id], ...viewerParams(ctx) }));
    if (row === undefined) throw platformErrors.notFound();
    if (renamed !== undefined) tx.emit(documentRenamed, { documentId: row.id, title: eventTitle(row) });
    if (shown !== undefined && visibility !== null) {
      tx.emit(documentVisibilityChanged, { documentId: row.id, visibility });
      tx.afterCommit(() => tellAccessChanged(ctx, row.id));
    }
    return toDocument(ctx, row);
  });
}
