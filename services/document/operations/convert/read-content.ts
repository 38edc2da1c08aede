import type { ImportFormat } from '../../contract.ts';
import { applyOperations } from '../../domain/apply-operations.ts';
import { CHECKLIST, type ContentType, RICH_TEXT } from '../../domain/content-types.ts';
import { type Operation, OperationRefused } from '../../domain/operation.ts';
import type { Projection } from '../../domain/projection.ts';
import type { RichNode } from '../../domain/rich-text.ts';
import { emptyDoc } from '../../domain/shared-types.ts';
import { contentAsRich } from './content-as-rich.ts';
import { htmlToRich } from './html-to-rich.ts';
import { markdownToRich } from './markdown-to-rich.ts';
import { richToMarkdown } from './rich-to-markdown.ts';

/** A content in another form. */
export interface GivenContent {
  readonly contentType: ContentType;
  readonly format: ImportFormat;
  readonly content: string;
}

/** What a document holds from its beginning: its first update. */
export interface FirstContent {
  /** Encoding V1. */
  readonly update: Uint8Array;
  readonly projection: Projection;
  /** Yjs client that wrote it. */
  readonly clientId: number;
}

/** A content that its format or its content type cannot hold. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  /** RFC 6901 pointer into the import. */
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** A content as the first update of a document; null when there is nothing in it. @throws Unreadable */
export function readContent(given: GivenContent): FirstContent | null {
  const operations = operationsFor(given);
  if (operations.length === 0) return null;
  const doc = emptyDoc(given.contentType);
  try {
    const { update, projection } = applyOperations(doc, given.contentType, operations);
    return update === null ? null : { update, projection, clientId: doc.clientID };
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    throw new Unreadable('/content', error.message);
  }
}

/** The content as operations on an empty document. */
function operationsFor(given: GivenContent): readonly Operation[] {
  switch (given.contentType) {
    case 'text/plain':
    case 'text/markdown':
      return insertText(textOf(given));
    case RICH_TEXT:
      return insertItems(['default'], richOf(given).content ?? []);
    case CHECKLIST:
      return insertItems(['items'], itemsOf(given));
    case 'application/json':
      return Object.entries(objectOf(given)).map(([key, value]) => ({
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

function textOf(given: GivenContent): string {
  const { contentType, format, content } = given;
  if (format === 'text' || (format === 'markdown' && contentType === 'text/markdown')) return content;
  if (format === 'json') throw new Unreadable('/format', `cannot be json for ${contentType}`);
  const text = richToMarkdown(richOf(given));
  return contentType === 'text/markdown' ? text : text.trimEnd();
}

function richOf({ format, content }: GivenContent): RichNode {
  if (format === 'markdown') return markdownToRich(content);
  if (format === 'html') return htmlToRich(content);
  if (format === 'text') return contentAsRich('text/plain', { content });
  const value = jsonIn(content);
  if (typeof value !== 'object' || value === null || (value as { readonly type?: unknown }).type !== 'doc') {
    throw new Unreadable('/content', 'must be a ProseMirror document: an object of type doc');
  }
  const nodes = (value as { readonly content?: unknown }).content ?? [];
  if (!Array.isArray(nodes)) throw new Unreadable('/content', 'must have a list as its content');
  return { type: 'doc', content: nodes as readonly RichNode[] };
}

function itemsOf({ format, content }: GivenContent): readonly unknown[] {
  if (format !== 'json') {
    if (format === 'html') throw new Unreadable('/format', 'cannot be html for a checklist');
    return content.split('\n').flatMap(itemOfLine);
  }
  const value = jsonIn(content);
  if (!Array.isArray(value)) throw new Unreadable('/content', 'must be a list of items');
  return value;
}

/** `- [x] paint the door`, or any line that is not blank. */
function itemOfLine(line: string): readonly { readonly text: string; readonly done: boolean }[] {
  const task = /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\[([ xX])\]\s+)?(.*)$/.exec(line);
  const text = (task?.[2] ?? '').trim();
  return text === '' ? [] : [{ text, done: (task?.[1] ?? ' ') !== ' ' }];
}

function objectOf({ format, content }: GivenContent): Readonly<Record<string, unknown>> {
  if (format !== 'json') throw new Unreadable('/format', 'must be json for application/json');
  const value = jsonIn(content);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unreadable('/content', 'must be an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function jsonIn(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new Unreadable('/content', 'is not JSON');
  }
}
