import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { ThreadStatus } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { findAnchor, type Range } from '../domain/anchor.ts';
import type { ContentType } from '../domain/content-types.ts';
import type { CommentThreadsStatements } from '../store/comment-threads.rows.generated.ts';
import * as store from '../store/comment-threads.ts';
import { type AccessibleDocument, authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { loadDocument } from './load-document.ts';

/** Who wrote something. */
export interface Author {
  readonly kind: string;
  readonly id: string;
  /** The person behind it, when there is one. */
  readonly userId: string | null;
}

/** Where a thread belongs: two encoded Yjs relative positions, and what is between them now. */
export interface ThreadAnchor {
  readonly root: string;
  readonly startPosition: Uint8Array;
  readonly endPosition: Uint8Array;
  /** Null when nothing is left of the text. */
  readonly range: Range | null;
}

/** What people say about one place of a document, or about all of it. */
export interface CommentThread {
  readonly id: string;
  readonly documentId: string;
  readonly status: ThreadStatus;
  readonly anchor: ThreadAnchor | null;
  readonly quote: string;
  readonly version: number;
  readonly author: Author;
  readonly commentCount: number;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Which threads of which document. */
export interface ThreadListRequest extends PageRequest {
  readonly documentId: string;
  /** Default both. */
  readonly status?: ThreadStatus | null | undefined;
}

type Row = CommentThreadsStatements['findThread']['row'];

/** A page of the threads of a document, newest first, with their places in its present state. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function listThreads(ctx: DocumentCtx, request: ThreadListRequest): Promise<Page<CommentThread>> {
  const grant = authorizeWork(ctx);
  const { documentId, status = null } = request;
  const { limit, key } = pageStart(request, CREATION_KEY);
  const { createdAt, id } = creationBefore(key);
  const document = await requireAccess(ctx, grant, documentId, 'view');
  const rows = await ctx.query(
    grant,
    store.listThreads({
      tenantId: tenantOf(grant),
      documentId,
      beforeCreatedAt: createdAt,
      beforeId: id,
      isResolved: status === null ? null : status === 'resolved',
      limit: limit + 1,
    }),
  );
  const page = toPage(rows, limit, creationKey);
  return { ...page, rows: await toThreads(ctx, grant, document, page.rows) };
}

/** One thread of a document. @throws AppError NOT_FOUND */
export async function findThread(
  ctx: DocumentCtx,
  { documentId, id }: { readonly documentId: string; readonly id: string },
): Promise<CommentThread> {
  const grant = authorizeWork(ctx);
  return readThread(ctx, grant, await requireAccess(ctx, grant, documentId, 'view'), id);
}

/** One thread of a document that was looked for already. @throws AppError NOT_FOUND */
export async function readThread(
  ctx: DocumentCtx,
  grant: Grant<WorkAction>,
  document: AccessibleDocument,
  id: string,
): Promise<CommentThread> {
  const of = { tenantId: tenantOf(grant), documentId: document.id };
  const row = isUuid(id) ? await ctx.first(grant, store.findThread({ ...of, id })) : undefined;
  const [thread] = row === undefined ? [] : await toThreads(ctx, grant, document, [row]);
  if (thread === undefined) throw platformErrors.notFound();
  return thread;
}

/** The document is loaded once for all its threads, and not at all when none has a place in it. */
async function toThreads(
  ctx: DocumentCtx,
  grant: Grant<WorkAction>,
  document: AccessibleDocument,
  rows: readonly Row[],
): Promise<readonly CommentThread[]> {
  const of = { tenantId: tenantOf(grant), documentId: document.id, contentType: document.contentType as ContentType };
  const isAnchored = rows.some(({ anchorRoot }) => anchorRoot !== null);
  const loaded = isAnchored ? await loadDocument((statement) => ctx.query(grant, statement), of) : null;
  return rows.map((row) => toThread(row, (anchor) => (loaded === null ? null : findAnchor(loaded.doc, anchor))));
}

function toThread(row: Row, find: (anchor: Parameters<typeof findAnchor>[1]) => Range | null): CommentThread {
  const { authorKind, authorId, userId, anchorRoot, anchorStart, anchorEnd, ...thread } = row;
  const anchor =
    anchorRoot === null || anchorStart === null || anchorEnd === null
      ? null
      : {
          root: anchorRoot,
          startPosition: anchorStart,
          endPosition: anchorEnd,
          range: find({ root: anchorRoot, start: anchorStart, end: anchorEnd }),
        };
  return {
    ...thread,
    status: row.resolvedAt === null ? 'open' : 'resolved',
    anchor,
    author: { kind: authorKind, id: authorId, userId },
  };
}
