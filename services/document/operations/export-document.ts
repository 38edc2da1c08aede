import type { ExportFormat } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { runConversion } from './convert/run-conversion.ts';
import { readDocument } from './documents.ts';

/** A document in another form. */
export interface ExportedDocument {
  readonly mediaType: string;
  /** A name for the file: the title, as file systems take it. */
  readonly fileName: string;
  readonly content: string | Uint8Array;
  /** Sequence it reflects. */
  readonly version: number;
}

const FORMS = {
  markdown: { mediaType: 'text/markdown; charset=utf-8', extension: 'md' },
  html: { mediaType: 'text/html; charset=utf-8', extension: 'html' },
  json: { mediaType: 'application/json; charset=utf-8', extension: 'json' },
  text: { mediaType: 'text/plain; charset=utf-8', extension: 'txt' },
  pdf: { mediaType: 'application/pdf', extension: 'pdf' },
} as const satisfies Record<ExportFormat, object>;

const FILE_NAME_CHARS_MAX = 100;

/** The present content of a document in another form. @throws AppError NOT_FOUND, CONTENT_TOO_COMPLEX */
export async function exportDocument(
  ctx: DocumentCtx,
  { id, format }: { readonly id: string; readonly format: ExportFormat },
): Promise<ExportedDocument> {
  const { title, contentType, content: roots, text, version, createdAt } = await readDocument(ctx, id);
  const { mediaType, extension } = FORMS[format];
  const written = async (): Promise<string | Uint8Array> => {
    if (format === 'json') return `${JSON.stringify({ title, contentType, version, content: roots }, null, 2)}\n`;
    if (format === 'text' || (format === 'markdown' && contentType === 'text/markdown')) return text;
    const converted = await runConversion(ctx, {
      kind: 'write',
      content: { format, title, contentType, roots, createdAt },
    });
    if (converted.kind !== 'written') throw new Error(`an export came back as ${converted.kind}`);
    return converted.written;
  };
  return { mediaType, fileName: `${fileNameOf(title)}.${extension}`, content: await written(), version };
}

/** Letters, digits and a few signs of a title; others are what paths and shells take for their own. */
function fileNameOf(title: string): string {
  const name = title
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N} ._()-]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, FILE_NAME_CHARS_MAX);
  return name === '' ? 'document' : name;
}
