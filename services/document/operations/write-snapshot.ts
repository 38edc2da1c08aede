import { createHash } from 'node:crypto';
import { DAY_MS } from '@candlefish/base/time';
import type { Tx } from '@candlefish/kit/context';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import { emptyDoc } from '../domain/shared-types.ts';
import { recordSnapshot } from '../store/document-heads.ts';
import { deleteSnapshotsBefore, insertSnapshot } from '../store/document-snapshots.ts';
import { pruneUpdates } from '../store/document-updates.ts';
import type { WorkAction } from './document-access.ts';

/** Updates after a snapshot that loading may have to apply. */
const TAIL_ROWS_MAX = 500;
/** Bytes of updates after a snapshot; a document larger than twice this may have half its size. */
const TAIL_BYTES_MAX = 256 * 1024;
/** How long a reader may stay away and still go on from its cursor, once a snapshot holds what it has missed. */
const UPDATES_KEPT_MS = 7 * DAY_MS;
/** Old updates deleted at once; the rest waits for the next snapshot. */
const PRUNED_ROWS_MAX = 5_000;

/** How far a log has grown since its snapshot. */
export interface LogTail {
  readonly seq: number;
  readonly snapshotSeq: number;
  readonly snapshotBytes: number;
  readonly bytesSinceSnapshot: number;
}

/** Whether a log has grown so far that loading should begin at a new snapshot. */
export const isSnapshotDue = (tail: LogTail): boolean =>
  tail.seq - tail.snapshotSeq >= TAIL_ROWS_MAX ||
  tail.bytesSinceSnapshot >= Math.max(TAIL_BYTES_MAX, tail.snapshotBytes / 2);

/**
 * Keeps the state of a document whose head the transaction has locked, and lets go of old updates that it holds. The bytes
 * are read back and compared before anything rests on them. What it writes goes out with the next statement or COMMIT.
 * @throws Error when what was written is not what was in memory.
 */
export function writeSnapshot(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  of: {
    readonly tenantId: string;
    readonly documentId: string;
    readonly contentType: ContentType;
    readonly seq: number;
    readonly epoch: number;
    readonly doc: Y.Doc;
  },
): void {
  const { tenantId, documentId, seq, epoch } = of;
  const state = Y.encodeStateAsUpdateV2(of.doc);
  const stateVector = Y.encodeStateVector(of.doc);
  verify(state, of.doc, of.contentType, documentId);
  const sha256 = createHash('sha256').update(state).digest();
  tx.write(insertSnapshot({ tenantId, documentId, seq, epoch, state, stateVector, sha256 }));
  tx.write(recordSnapshot({ tenantId, documentId, seq, bytes: state.length }));
  tx.write(deleteSnapshotsBefore({ tenantId, documentId, seq }));
  const before = new Date(ctx.clock.now().getTime() - UPDATES_KEPT_MS);
  tx.write(pruneUpdates({ tenantId, documentId, upTo: seq, before, limit: PRUNED_ROWS_MAX }));
}

function verify(state: Uint8Array, doc: Y.Doc, contentType: ContentType, documentId: string): void {
  const copy = emptyDoc(contentType);
  Y.applyUpdateV2(copy, state);
  const sameVector = Buffer.compare(Y.encodeStateVector(copy), Y.encodeStateVector(doc)) === 0;
  const sameContent = JSON.stringify(project(copy, contentType)) === JSON.stringify(project(doc, contentType));
  if (!sameVector || !sameContent) throw new Error(`document ${documentId}: its snapshot does not give it back`);
}
