import type { BoundStatement } from '@candlefish/kit/db';
import * as Y from 'yjs';
import type { ContentType } from '../domain/content-types.ts';
import { emptyDoc } from '../domain/shared-types.ts';
import { readState, readUpdates } from '../store/document-updates.ts';

/** Updates of one read of the log. */
const READ_ROWS_MAX = 1_000;
/** Bytes of one read of the log, so that a few large updates do not come all at once. */
const READ_BYTES_MAX = 8 * 1024 * 1024;
/** Reads of one loading: a log is cut by snapshots long before, so more means that something writes without them. */
const READS_MAX = 100;

/** Runs a statement in a transaction or by itself. */
export type Read = <Row>(
  statement: BoundStatement<Row, 'document:read' | 'document:update'>,
) => Promise<readonly Row[]>;

/** A document's state at a sequence. */
export interface LoadedDocument {
  readonly doc: Y.Doc;
  readonly seq: number;
}

/**
 * The committed state of a document: its snapshot and the updates after it, in a document that belongs to the caller.
 * @throws Error when the log has a hole, which only damage can make.
 */
export async function loadDocument(
  read: Read,
  of: { readonly tenantId: string; readonly documentId: string; readonly contentType: ContentType },
): Promise<LoadedDocument> {
  const { tenantId, documentId, contentType } = of;
  const bounds = { tenantId, documentId, rowsMax: READ_ROWS_MAX, bytesMax: READ_BYTES_MAX };
  const doc = emptyDoc(contentType);
  const state = await read(readState(bounds));
  const headSeq = state[0]?.headSeq ?? 0;
  let seq = 0;
  for (const row of state) {
    if (row.kind === 0) Y.applyUpdateV2(doc, row.bytes);
    else append(doc, documentId, { seq, next: row.seq, update: row.bytes });
    seq = row.seq;
  }
  for (let reads = 1; seq < headSeq; reads += 1) {
    if (reads >= READS_MAX) throw new Error(`document ${documentId}: the log after its snapshot is too long to load`);
    // Each read begins where the one before it ended.
    const rows = await read(readUpdates({ ...bounds, after: seq }));
    for (const row of rows) {
      append(doc, documentId, { seq, next: row.seq, update: row.update });
      seq += 1;
    }
  }
  return { doc, seq };
}

function append(
  doc: Y.Doc,
  documentId: string,
  row: { readonly seq: number; readonly next: number | null; readonly update: Uint8Array | null },
): void {
  if (row.next !== row.seq + 1 || row.update === null) {
    throw new Error(`document ${documentId}: update ${row.seq + 1} is missing from the log`);
  }
  Y.applyUpdate(doc, row.update);
}
