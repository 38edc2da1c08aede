import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { mergeUpdates } from '../domain/merge-updates.ts';
import { readState, readUpdates } from '../store/document-updates.ts';
import { findHeads } from '../store/live-updates.ts';
import { authorizeWork } from './document-access.ts';

/** Bounds of one read of the log. */
const READ_ROWS_MAX = 1_000;
const READ_BYTES_MAX = 8 * 1024 * 1024;
/** Reads of one difference: snapshots cut a log long before. */
const READS_MAX = 100;

/** What somebody lacks of a document. */
export interface Difference {
  readonly epoch: number;
  readonly seq: number;
  /** Encoding V1. */
  readonly update: Uint8Array;
  /** The state vector at `seq`. */
  readonly stateVector: Uint8Array;
}

/**
 * What the holder of a state vector lacks of the committed state. Nothing is loaded for it: snapshot and log are merged as
 * bytes, unless this process has the document at hand.
 * @param stateVector Empty for somebody who holds nothing.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function readDifference(
  ctx: DocumentCtx,
  { documentId, stateVector }: { readonly documentId: string; readonly stateVector: Uint8Array },
): Promise<Difference> {
  const grant = ctx.authorize('document:append');
  const tenantId = tenantOf(grant);
  checkVector(stateVector);
  const [head] = isUuid(documentId) ? await ctx.query(grant, findHeads({ tenantId, documentIds: [documentId] })) : [];
  if (head === undefined) throw platformErrors.notFound();
  const { epoch } = head;
  const copy = ctx.service.copies.find(documentId);
  // Nothing is awaited between this look and the encoding.
  if (copy !== undefined && !copy.isDirty && copy.epoch === epoch && copy.seq === head.seq) {
    const update =
      stateVector.length === 0 ? Y.encodeStateAsUpdate(copy.doc) : Y.encodeStateAsUpdate(copy.doc, stateVector);
    return { epoch, seq: copy.seq, update, stateVector: Y.encodeStateVector(copy.doc) };
  }
  const { seq, update } = await readStateBytes(ctx, tenantId, documentId);
  const isWhole = stateVector.length === 0 || isNothing(stateVector);
  return {
    epoch,
    seq,
    update: isWhole ? update : Y.diffUpdate(update, stateVector),
    stateVector: Y.encodeStateVectorFromUpdate(update),
  };
}

/** The committed state as one update of encoding V1. */
async function readStateBytes(
  ctx: DocumentCtx,
  tenantId: string,
  documentId: string,
): Promise<{ readonly seq: number; readonly update: Uint8Array }> {
  const grant = authorizeWork(ctx);
  const bounds = { tenantId, documentId, rowsMax: READ_ROWS_MAX, bytesMax: READ_BYTES_MAX };
  const state = await ctx.query(grant, readState(bounds));
  const headSeq = state[0]?.headSeq ?? 0;
  const parts = state.map(({ kind, bytes }) => (kind === 0 ? Y.convertUpdateFormatV2ToV1(bytes) : bytes));
  let seq = state.at(-1)?.seq ?? 0;
  for (let reads = 1; seq < headSeq; reads += 1) {
    if (reads >= READS_MAX) throw new Error(`document ${documentId}: the log after its snapshot is too long to read`);
    // Each read begins where the one before it ended.
    const rows = await ctx.query(grant, readUpdates({ ...bounds, after: seq }));
    for (const row of rows) {
      if (row.seq !== seq + 1 || row.update === null) {
        throw new Error(`document ${documentId}: update ${seq + 1} is missing from the log`);
      }
      parts.push(row.update);
      seq = row.seq;
    }
  }
  return { seq, update: mergeUpdates(parts) };
}

function checkVector(stateVector: Uint8Array): void {
  if (stateVector.length === 0) return;
  try {
    Y.decodeStateVector(stateVector);
  } catch {
    throw platformErrors.validationFailed({ fields: [{ pointer: '/stateVector', message: 'is no Yjs state vector' }] });
  }
}

/** The state vector of an empty document is the number 0. */
const isNothing = (stateVector: Uint8Array): boolean => stateVector.length === 1 && stateVector[0] === 0;
