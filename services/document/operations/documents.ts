import { isUuid } from '@candlefish/base/ids';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { PageRequest } from '@candlefish/kit/page';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import type { AccessLevel, Visibility } from '../domain/access.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import type { SnippetPart } from '../domain/search-words.ts';
import type { DocumentsStatements } from '../store/documents.rows.generated.ts';
import * as store from '../store/documents.ts';
import type { Collaboration } from './collaborate.ts';
import { requireAccess, requireLevel } from './document-access.ts';
import { cursorOf, placeOf } from './document-cursor.ts';
import { loadDocument } from './load-document.ts';
import { viewerParams } from './viewer.ts';

/** A document as callers see it. Its content, which may be large, is asked for by itself. */
export interface Document {
  readonly id: string;
  readonly tenantId: string;
  readonly title: string;
  readonly contentType: ContentType;
  readonly visibility: Visibility;
  /** What the caller may do with it. */
  readonly access: AccessLevel;
  /** Sequence of the last update; 0 for an empty document. */
  readonly version: number;
  /** Follows the updates after this version. */
  readonly cursor: string;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Content and state as they would be, of a document that is only tried. */
  /** Where and how well it was found, of a document that was searched for. */
  readonly found?: { readonly rank: number; readonly snippet: readonly SnippetPart[] };
  readonly preview?: Pick<DocumentContent, 'content' | 'text'> & { readonly state: DocumentState };
}

/** The content of a document in readable form. */
export interface DocumentContent {
  readonly id: string;
  /** The roots by name: text of texts, JSON of maps. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The sequence it reflects. */
  readonly version: number;
}

/** The whole state of a document in Yjs' own form. */
export interface DocumentState {
  readonly version: number;
  readonly cursor: string;
  /** The state as one update of encoding V1. */
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
}

/** Which documents a list shows. */
export interface DocumentFilter {
  readonly contentType?: string | null | undefined;
  /** Words that title and text hold, the last one perhaps only begun; the list is then in the order of their weight. */
  readonly search?: string | null | undefined;
  /** A part of the title, in any case. */
  readonly title?: string | null | undefined;
  /** Id of a person. */
  readonly createdBy?: string | null | undefined;
}

/** Which part of which list. */
export interface DocumentListRequest extends PageRequest {
  /** When given, it must be the caller's own tenant. */
  readonly tenantId?: string | undefined;
  readonly filter?: DocumentFilter | null | undefined;
}

/** The readable copy as the table keeps it. */
export interface CrdtState {
  readonly seq: number;
  readonly roots: Readonly<Record<string, unknown>>;
}

/** The document of a row that the caller sees. @throws AppError NOT_FOUND when it does not. */
export function toDocument(ctx: DocumentCtx, found: DocumentsStatements['findDocuments']['row']): Document {
  const { epoch, userLevel: _userLevel, apiKeyLevel: _apiKeyLevel, ...row } = found;
  return {
    ...row,
    contentType: row.contentType as ContentType,
    visibility: row.visibility as Visibility,
    access: requireLevel(ctx, found, 'view'),
    cursor: cursorOf({ epoch, seq: row.version }),
  };
}

/** A document as it would be after a dry run; whoever follows it still begins at the present. */
export function asItWouldBe(
  document: Document,
  { version, stateVector, preview }: Pick<Collaboration, 'version' | 'stateVector' | 'preview'>,
): Document {
  if (preview === null) return document;
  const { content, text, state: update } = preview;
  return {
    ...document,
    version,
    preview: { content, text, state: { version, cursor: document.cursor, update, stateVector } },
  };
}

/** One document. @throws AppError NOT_FOUND */
export async function findDocument(ctx: DocumentCtx, id: string): Promise<Document> {
  const [document] = await findDocuments(ctx, [id]);
  if (document === undefined) throw platformErrors.notFound();
  return document;
}

/** Documents by their ids, in any order; those that are not there are left out. */
export async function findDocuments(ctx: DocumentCtx, ids: readonly string[]): Promise<readonly Document[]> {
  const grant = ctx.authorize('document:read');
  const statement = store.findDocuments({ tenantId: tenantOf(grant), ids: ids.filter(isUuid), ...viewerParams(ctx) });
  return (await ctx.query(grant, statement)).map((row) => toDocument(ctx, row));
}

/**
 * Contents of documents by their ids, in any order. The stored copy serves when it is of the present version; else the
 * log is read.
 */
export async function findContents(ctx: DocumentCtx, ids: readonly string[]): Promise<readonly DocumentContent[]> {
  const grant = ctx.authorize('document:read');
  const statement = store.findContents({ tenantId: tenantOf(grant), ids: ids.filter(isUuid), ...viewerParams(ctx) });
  const rows = await ctx.query(grant, statement);
  const contents: DocumentContent[] = [];
  for (const row of rows) {
    const { seq, roots } = row.crdtState as CrdtState;
    if (seq === row.version) contents.push({ id: row.id, content: roots, text: row.text, version: seq });
    // One after another: each holds a whole document in memory.
    else contents.push(await readContent(ctx, grant, row.id, row.contentType as ContentType));
  }
  return contents;
}

async function readContent(
  ctx: DocumentCtx,
  grant: Grant<'document:read'>,
  id: string,
  contentType: ContentType,
): Promise<DocumentContent> {
  const { doc, seq } = await load(ctx, grant, id, contentType);
  const { roots, text } = project(doc, contentType);
  return { id, content: roots, text, version: seq };
}

/** One document with its content, both of the same version. @throws AppError NOT_FOUND */
export async function readDocument(ctx: DocumentCtx, id: string): Promise<Document & DocumentContent> {
  const document = await findDocument(ctx, id);
  const [content] = await findContents(ctx, [id]);
  if (content === undefined) throw platformErrors.notFound();
  // The content was read last, so it may be of a later version.
  const { epoch } = placeOf(document.cursor);
  return { ...document, ...content, cursor: cursorOf({ epoch, seq: content.version }) };
}

/** The whole state of a document, to begin to edit with. @throws AppError NOT_FOUND */
export async function readDocumentState(ctx: DocumentCtx, id: string): Promise<DocumentState> {
  const grant = ctx.authorize('document:read');
  const row = await requireAccess(ctx, grant, id, 'view');
  const { doc, seq } = await load(ctx, grant, id, row.contentType as ContentType);
  return {
    version: seq,
    cursor: cursorOf({ epoch: row.epoch, seq }),
    update: Y.encodeStateAsUpdate(doc),
    stateVector: Y.encodeStateVector(doc),
  };
}

const load = (ctx: DocumentCtx, grant: Grant<'document:read'>, documentId: string, contentType: ContentType) =>
  loadDocument((statement) => ctx.query(grant, statement), { tenantId: tenantOf(grant), documentId, contentType });
