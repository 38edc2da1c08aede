import { platformErrors } from '@candlefish/kit/errors';
import { documentErrors, type ImportFormat } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { type ContentType, isContentType, RICH_TEXT } from '../domain/content-types.ts';
import { DOCUMENT_BYTES_MAX } from '../domain/limits.ts';
import { runConversion } from './convert/run-conversion.ts';
import { createDocument } from './create-document.ts';
import type { Document } from './documents.ts';

/** A document that comes from elsewhere. */
export interface ImportInput {
  readonly title: string;
  readonly format: ImportFormat;
  readonly content: string;
  /** Default: what says most of the format. */
  readonly contentType?: string | null | undefined;
}

const DEFAULT_TYPES: Readonly<Record<ImportFormat, ContentType>> = {
  markdown: RICH_TEXT,
  html: RICH_TEXT,
  json: 'application/json',
  text: 'text/plain',
};

/**
 * Creates a document with a content in another form; all of it or nothing.
 * @throws AppError VALIDATION_FAILED for a content that the format or the content type cannot hold, DOCUMENT_TOO_LARGE,
 *   CONTENT_TOO_COMPLEX
 */
export async function importDocument(ctx: DocumentCtx, input: ImportInput): Promise<Document> {
  // Asked for before the work, which others wait for.
  ctx.authorize('document:create');
  const { title, format, content } = input;
  const contentType = input.contentType ?? DEFAULT_TYPES[format];
  if (!isContentType(contentType)) throw refused('/contentType', 'is not a content type');
  const read = await runConversion(ctx, { kind: 'read', given: { contentType, format, content } });
  if (read.kind === 'unreadable') throw refused(read.pointer, read.message);
  const first = read.kind === 'first' ? read.first : null;
  if (first !== null && first.update.length > DOCUMENT_BYTES_MAX) {
    throw documentErrors.documentTooLarge({ detail: `A document has at most ${DOCUMENT_BYTES_MAX} bytes.` });
  }
  return createDocument(ctx, { title, contentType }, first);
}

const refused = (pointer: string, message: string) =>
  platformErrors.validationFailed({ fields: [{ pointer, message }] });
