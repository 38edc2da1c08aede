import { type Tx, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import { documentErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { checkContent } from '../domain/check-content.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import { lockHead } from '../store/document-heads.ts';
import { appendChange, type Head, type Origin } from './append-change.ts';
import { contentOptions } from './content-options.ts';
import type { authorizeWork, WorkAction } from './document-access.ts';
import { loadDocument } from './load-document.ts';

/** A document to which nobody else appends until COMMIT, with its present state. */
export interface LockedDocument {
  readonly head: Head;
  readonly contentType: ContentType;
  /** Belongs to the caller. */
  readonly doc: Y.Doc;
}

/** Locks a document and loads it. @throws AppError NOT_FOUND */
export async function lockDocument(
  tx: Tx<WorkAction>,
  grant: ReturnType<typeof authorizeWork>,
  documentId: string,
): Promise<LockedDocument> {
  const of = { tenantId: tenantOf(grant), documentId };
  const head = await tx.first(lockHead(of));
  if (head === undefined) throw platformErrors.notFound();
  const contentType = head.contentType as ContentType;
  const { doc } = await loadDocument((statement) => tx.run(statement), { ...of, contentType });
  return { head, contentType, doc };
}

/** @throws AppError CONFLICT when somebody expects another version than the present one. */
export function checkExpected({ head, doc }: LockedDocument, expected: number | null | undefined): void {
  if (expected === undefined || expected === null || expected === head.seq) return;
  const stateVector = Buffer.from(Y.encodeStateVector(doc)).toString('base64');
  throw platformErrors.conflict({
    detail: `The document is at version ${head.seq}.`,
    extensions: { version: head.seq, stateVector },
  });
}

/**
 * Appends what was done to a locked document.
 * @param change An update that the document has in it already; `isOwn` is false when others wrote it.
 * @returns its sequence.
 * @throws AppError INVALID_OPERATION when the result is not of the content type or breaks the document's schema,
 *   DOCUMENT_TOO_LARGE.
 */
export async function appendTo(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  document: LockedDocument,
  change: { readonly update: Uint8Array; readonly origin: Origin; readonly isOwn?: boolean },
): Promise<number> {
  checkResult(document);
  const { head, doc, contentType } = document;
  return appendChange(ctx, tx, { head, doc, projection: project(doc, contentType), ...change });
}

/** @throws AppError INVALID_OPERATION when what was done to a document is not of its content type or breaks its schema. */
export function checkResult({ head, contentType, doc }: LockedDocument): void {
  const problem = checkContent(doc, contentType, contentOptions(head.contentSchema));
  if (problem !== null) {
    throw documentErrors.invalidOperation({
      detail: `The document would not be right any more: it ${problem.message}.`,
      extensions: { contentPointer: problem.pointer },
    });
  }
}
