import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import * as Y from 'yjs';
import type { DocumentCtx, WholeState } from '../ctx.ts';
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
 * bytes, unless this process has the document or its whole state at hand.
 * @param stateVector Empty for somebody who holds nothing.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function readDifference(
  ctx: DocumentCtx,
  { documentId, stateVector }: { readonly documentId: string; readonly stateVector: Uint8Array },
): Promise<Difference> {
  const grant = ctx.authorize('document:append');
  const tenantId = tenantOf(grant);
  const held = checkVector(stateVector);
  const [head] = isUuid(documentId) ? await ctx.query(grant, findHeads({ tenantId, documentIds: [documentId] })) : [];
  if (head === undefined) {
    ctx.service.wholeStates.drop(documentId);
    throw platformErrors.notFound();
  }
  const state = stateAtHand(ctx, documentId, head) ?? (await readWholeState(ctx, { ...head, tenantId }));
  const { epoch, seq } = state;
  return { epoch, seq, update: differenceTo(state, stateVector, held), stateVector: state.stateVector };
}

/** The whole state up to a head without a look at the database. Nothing is awaited between this look and the encoding. */
function stateAtHand(
  ctx: DocumentCtx,
  documentId: string,
  head: { readonly epoch: number; readonly seq: number },
): WholeState | undefined {
  const { copies, wholeStates } = ctx.service;
  const kept = wholeStates.find(documentId, head.epoch);
  if (kept?.seq === head.seq) return kept;
  const copy = copies.find(documentId);
  if (copy === undefined || copy.isDirty || copy.epoch !== head.epoch || copy.seq !== head.seq) return undefined;
  const { epoch, seq, doc } = copy;
  const update = Y.encodeStateAsUpdate(doc);
  const state: WholeState = { epoch, seq, update, stateVector: Y.encodeStateVector(doc), deletions: null };
  wholeStates.keep(documentId, state);
  return state;
}

/** What of a state somebody lacks who holds these clocks. */
function differenceTo(state: WholeState, stateVector: Uint8Array, held: ReadonlyMap<number, number>): Uint8Array {
  if (held.size === 0) return state.update;
  const hasAll = [...Y.decodeStateVector(state.stateVector)].every(
    ([client, clock]) => (held.get(client) ?? 0) >= clock,
  );
  if (!hasAll) return Y.diffUpdate(state.update, stateVector);
  // A state vector does not say what has been deleted, so all deletions go to those who come back.
  state.deletions ??= Y.diffUpdate(state.update, state.stateVector);
  return state.deletions;
}

/** The committed state: from the one kept here, or else the snapshot, and the updates after it. */
async function readWholeState(
  ctx: DocumentCtx,
  of: { readonly tenantId: string; readonly documentId: string; readonly epoch: number; readonly seq: number },
): Promise<WholeState> {
  const { documentId, epoch } = of;
  const { wholeStates } = ctx.service;
  const known = wholeStates.find(documentId, epoch);
  const read = (known === undefined ? null : await readTail(ctx, of, known.seq)) ?? (await readFromSnapshot(ctx, of));
  if (read.seq < of.seq) throw new Error(`document ${documentId}: its log ends at ${read.seq}, not at ${of.seq}`);
  // Somebody else may have made it in the meantime: after a restart all readers come at once.
  const other = wholeStates.find(documentId, epoch);
  if (other?.seq === read.seq) return other;
  const base = known !== undefined && read.isTail ? [known.update] : [];
  const update = mergeUpdates([...base, ...read.parts()]);
  const state: WholeState = {
    epoch,
    seq: read.seq,
    update,
    stateVector: Y.encodeStateVectorFromUpdate(update),
    deletions: null,
  };
  if (other === undefined || other.seq < state.seq) wholeStates.keep(documentId, state);
  return state;
}

/** What was read of a log; its parts are converted when it turns out that they are needed. */
interface ReadLog {
  readonly seq: number;
  /** Whether it goes on from a state that is known. */
  readonly isTail: boolean;
  /** Encoding V1. */
  readonly parts: () => readonly Uint8Array[];
}

async function readFromSnapshot(
  ctx: DocumentCtx,
  of: { readonly tenantId: string; readonly documentId: string; readonly epoch: number },
): Promise<ReadLog> {
  const { tenantId, documentId } = of;
  const bounds = { tenantId, documentId, rowsMax: READ_ROWS_MAX, bytesMax: READ_BYTES_MAX };
  const state = await ctx.query(authorizeWork(ctx), readState(bounds));
  const rest = await readTail(ctx, of, state.at(-1)?.seq ?? 0, state[0]?.headSeq ?? 0);
  if (rest === null) throw new Error(`document ${documentId}: an update is missing from the log`);
  const parts = () => [
    ...state.map(({ kind, bytes }) => (kind === 0 ? Y.convertUpdateFormatV2ToV1(bytes) : bytes)),
    ...rest.parts(),
  ];
  return { seq: rest.seq, isTail: false, parts };
}

/**
 * The updates after a sequence; null when the log does not go on from there: updates before a snapshot are
 * pruned, and another history begins anew.
 * @param upTo Nothing is read when the sequence is there already.
 */
async function readTail(
  ctx: DocumentCtx,
  { tenantId, documentId, epoch }: { readonly tenantId: string; readonly documentId: string; readonly epoch: number },
  after: number,
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<ReadLog | null> {
  const grant = authorizeWork(ctx);
  const bounds = { tenantId, documentId, rowsMax: READ_ROWS_MAX, bytesMax: READ_BYTES_MAX };
  const tail: Uint8Array[] = [];
  let seq = after;
  for (let reads = 0, headSeq = upTo; seq < headSeq; reads += 1) {
    if (reads >= READS_MAX) throw new Error(`document ${documentId}: the log after its snapshot is too long to read`);
    // Each read begins where the one before it ended.
    const rows = await ctx.query(grant, readUpdates({ ...bounds, after: seq }));
    for (const row of rows) {
      headSeq = Math.min(headSeq, row.headSeq);
      if (row.epoch !== epoch) return null;
      if (row.seq === null && seq >= row.headSeq) continue;
      if (row.seq !== seq + 1 || row.update === null) return null;
      tail.push(row.update);
      seq = row.seq;
    }
    if (rows.length === 0) return null;
  }
  return { seq, isTail: true, parts: () => tail };
}

/** The clocks that a state vector holds; none for somebody who holds nothing. */
function checkVector(stateVector: Uint8Array): ReadonlyMap<number, number> {
  if (stateVector.length === 0) return new Map();
  try {
    return Y.decodeStateVector(stateVector);
  } catch {
    throw platformErrors.validationFailed({ fields: [{ pointer: '/stateVector', message: 'is no Yjs state vector' }] });
  }
}
