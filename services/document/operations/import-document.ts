import { platformErrors } from '@candlefish/kit/errors';
import { documentErrors, type ImportFormat } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { applyOperations } from '../domain/apply-operations.ts';
import { CHECKLIST, type ContentType, isContentType, RICH_TEXT } from '../domain/content-types.ts';
import { DOCUMENT_BYTES_MAX } from '../domain/limits.ts';
import { type Operation, OperationRefused } from '../domain/operation.ts';
import type { RichNode } from '../domain/rich-text.ts';
import { emptyDoc } from '../domain/shared-types.ts';
import { contentAsRich } from './convert/content-as-rich.ts';
import { htmlToRich } from './convert/html-to-rich.ts';
import { markdownToRich } from './convert/markdown-to-rich.ts';
import { richToMarkdown } from './convert/rich-to-markdown.ts';
import { createDocument, type FirstContent } from './create-document.ts';
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
 * @throws AppError VALIDATION_FAILED for a content that the format or the content type cannot hold, DOCUMENT_TOO_LARGE
 */
export async function importDocument(ctx: DocumentCtx, input: ImportInput): Promise<Document> {
  const { title, format, content } = input;
  const contentType = input.contentType ?? DEFAULT_TYPES[format];
  if (!isContentType(contentType)) throw refused('/contentType', 'is not a content type');
  return createDocument(
    ctx,
    { title, contentType },
    contentOf(contentType, operationsFor(contentType, format, content)),
  );
}

const refused = (pointer: string, message: string) =>
  platformErrors.validationFailed({ fields: [{ pointer, message }] });

function contentOf(contentType: ContentType, operations: readonly Operation[]): FirstContent | null {
  const doc = emptyDoc(contentType);
  try {
    const { update, projection } = applyOperations(doc, contentType, operations);
    if (update === null) return null;
    if (update.length > DOCUMENT_BYTES_MAX) {
      throw documentErrors.documentTooLarge({ detail: `A document has at most ${DOCUMENT_BYTES_MAX} bytes.` });
    }
    return { update, projection, clientId: doc.clientID };
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    throw refused('/content', error.message);
  }
}

/** The content as operations on an empty document. */
function operationsFor(contentType: ContentType, format: ImportFormat, content: string): readonly Operation[] {
  switch (contentType) {
    case 'text/plain':
    case 'text/markdown':
      return insertText(textFor(contentType, format, content));
    case RICH_TEXT:
      return insertItems(['default'], richFor(format, content).content ?? []);
    case CHECKLIST:
      return insertItems(['items'], itemsFor(format, content));
    case 'application/json':
      return Object.entries(objectIn(format, content)).map(([key, value]) => ({
        kind: 'mapSet',
        path: ['data'],
        key,
        value,
        ifAbsent: false,
        shared: true,
      }));
  }
}

const insertText = (text: string): readonly Operation[] =>
  text === '' ? [] : [{ kind: 'textInsert', path: ['content'], at: { index: 0 }, text, attributes: null }];

const insertItems = (path: readonly string[], values: readonly unknown[]): readonly Operation[] =>
  values.length === 0 ? [] : [{ kind: 'arrayInsert', path, index: 0, values, shared: true }];

function textFor(contentType: 'text/plain' | 'text/markdown', format: ImportFormat, content: string): string {
  if (format === 'text' || (format === 'markdown' && contentType === 'text/markdown')) return content;
  if (format === 'json') throw refused('/format', `cannot be json for ${contentType}`);
  const rich = richFor(format, content);
  return contentType === 'text/markdown' ? richToMarkdown(rich) : richToMarkdown(rich).trimEnd();
}

function richFor(format: ImportFormat, content: string): RichNode {
  if (format === 'markdown') return markdownToRich(content);
  if (format === 'html') return htmlToRich(content);
  if (format === 'text') return contentAsRich('text/plain', { content });
  const value = jsonIn(content);
  if (typeof value !== 'object' || value === null || (value as { readonly type?: unknown }).type !== 'doc') {
    throw refused('/content', 'must be a ProseMirror document: an object of type doc');
  }
  const nodes = (value as { readonly content?: unknown }).content ?? [];
  if (!Array.isArray(nodes)) throw refused('/content', 'must have a list as its content');
  return { type: 'doc', content: nodes as readonly RichNode[] };
}

function itemsFor(format: ImportFormat, content: string): readonly unknown[] {
  if (format !== 'json') {
    if (format === 'html') throw refused('/format', 'cannot be html for a checklist');
    return content.split('\n').flatMap(itemOfLine);
  }
  const value = jsonIn(content);
  if (!Array.isArray(value)) throw refused('/content', 'must be a list of items');
  return value;
}

/** `- [x] paint the door`, or any line that is not blank. */
function itemOfLine(line: string): readonly { readonly text: string; readonly done: boolean }[] {
  const task = /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\[([ xX])\]\s+)?(.*)$/.exec(line);
  const text = (task?.[2] ?? '').trim();
  return text === '' ? [] : [{ text, done: (task?.[1] ?? ' ') !== ' ' }];
}

function objectIn(format: ImportFormat, content: string): Readonly<Record<string, unknown>> {
  if (format !== 'json') throw refused('/format', 'must be json for application/json');
  const value = jsonIn(content);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('/content', 'must be an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function jsonIn(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw refused('/content', 'is not JSON');
  }
}
