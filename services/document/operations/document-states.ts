import { isUuid } from '@candlefish/base/ids';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import { versionErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { emptyDoc } from '../domain/shared-types.ts';
import { readUpdates } from '../store/document-updates.ts';
import { readNearestState, readVersion } from '../store/document-versions.ts';
import type { AccessibleDocument, WorkAction } from './document-access.ts';
import { loadDocument, type Read } from './load-document.ts';
import { applyState, unpackState } from './version-state.ts';

/** Updates of one read of the log. */
const READ_ROWS_MAX = 1_000;
const READ_BYTES_MAX = 8 * 1024 * 1024;
/** Reads of the log for one state: versions are kept every 500 updates, so a state is rarely further from one. */
const READS_MAX = 20;

/** Of which log. */
export interface StateOf {
  readonly tenantId: string;
  readonly documentId: string;
  readonly contentType: ContentType;
  readonly epoch: number;
}

/**
 * The state of a document at a sequence that lies behind it: the nearest kept state and the updates after it.
 * @param gc Whether Yjs may let go of what is deleted; it must not where deletions are to be undone.
 * @throws AppError HISTORY_GONE when the log does not reach from a kept state to it.
 */
export async function loadStateAt(read: Read, of: StateOf, seq: number, gc = true): Promise<Y.Doc> {
  const { tenantId, documentId, epoch } = of;
  const doc = emptyDoc(of.contentType);
  doc.gc = gc;
  const [base] = await read(readNearestState({ tenantId, documentId, epoch, upTo: seq }));
  if (base !== undefined) applyState(doc, base);
  let at = base?.seq ?? 0;
  for (let reads = 0; at < seq; reads += 1) {
    const rowsMax = Math.min(READ_ROWS_MAX, seq - at);
    // Each read begins where the one before it ended.
    const rows = await read(readUpdates({ tenantId, documentId, after: at, rowsMax, bytesMax: READ_BYTES_MAX }));
    if (reads >= READS_MAX || rows[0]?.seq !== at + 1 || rows[0].epoch !== epoch) throw versionErrors.historyGone();
    for (const row of rows) {
      if (row.update === null) throw versionErrors.historyGone();
      Y.applyUpdate(doc, row.update);
      at += 1;
    }
  }
  return doc;
}

/** A moment in the history of a document as callers name it: `present`, a version of it, or a sequence. */
export type Point = string;

/** A state in the history of a document. */
export interface StateAtPoint {
  readonly doc: Y.Doc;
  /** The kept state that was named; null for a sequence and the present. */
  readonly versionId: string | null;
  readonly sequence: number;
}

/**
 * The state at a point of a document's history.
 * @param pointer Where the caller named it.
 * @throws AppError VALIDATION_FAILED for what is no point, NOT_FOUND for a version or sequence that the document has not,
 *   HISTORY_GONE.
 */
export async function loadPoint(
  ctx: DocumentCtx,
  grant: Grant<WorkAction>,
  document: AccessibleDocument,
  { point, pointer }: { readonly point: Point; readonly pointer: string },
): Promise<StateAtPoint> {
  const tenantId = tenantOf(grant);
  const { id: documentId, epoch } = document;
  const contentType = document.contentType as ContentType;
  const read: Read = (statement) => ctx.query(grant, statement);
  if (point === 'present') {
    const { doc, seq } = await loadDocument(read, { tenantId, documentId, contentType });
    return { doc, versionId: null, sequence: seq };
  }
  if (isUuid(point)) {
    const row = await ctx.first(grant, readVersion({ tenantId, id: point }));
    if (row === undefined || row.documentId !== documentId) throw platformErrors.notFound();
    return { doc: unpackState(row, contentType), versionId: row.id, sequence: row.sequence };
  }
  const sequence = Number(point);
  if (!/^\d{1,15}$/.test(point)) {
    const message = 'must be present, the id of a version or a sequence';
    throw platformErrors.validationFailed({ fields: [{ pointer, message }] });
  }
  if (sequence > document.version) throw platformErrors.notFound();
  return {
    doc: await loadStateAt(read, { tenantId, documentId, contentType, epoch }, sequence),
    versionId: null,
    sequence,
  };
}
