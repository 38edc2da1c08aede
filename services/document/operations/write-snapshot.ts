import { createHash } from 'node:crypto';
import { DAY_MS } from '@candlefish/base/time';
import type { Tx } from '@candlefish/kit/context';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import { emptyDoc } from '../domain/shared-types.ts';
import { keepSnapshot } from '../store/document-snapshots.ts';
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

/** The bytes of a document's state, read back and compared before anything rests on them. */
export interface Snapshot {
  readonly state: Uint8Array;
  readonly stateVector: Uint8Array;
  readonly sha256: Uint8Array;
}

/** Takes the state of a document as it is now. @throws Error when the bytes do not give back what is in memory. */
export function takeSnapshot(doc: Y.Doc, contentType: ContentType, documentId: string): Snapshot {
  const state = Y.encodeStateAsUpdateV2(doc);
  verify(state, doc, contentType, documentId);
  return { state, stateVector: Y.encodeStateVector(doc), sha256: createHash('sha256').update(state).digest() };
}

/** Where a snapshot belongs. */
export interface SnapshotPlace {
  readonly tenantId: string;
  readonly documentId: string;
  /** Sequence that the state reflects. */
  readonly seq: number;
  readonly epoch: number;
  /** The snapshot that it replaces. */
  readonly snapshotSeq: number;
  /** Bytes of updates after that one, up to `seq`. */
  readonly bytesSinceSnapshot: number;
}

/**
 * Has loading begin at a snapshot, and lets go of old updates that it holds. What it writes goes out with the next statement or
 * COMMIT, and is nothing when another snapshot or history has come in between.
 */
export function writeSnapshot(ctx: DocumentCtx, tx: Tx<WorkAction>, place: SnapshotPlace, snapshot: Snapshot): void {
  const { tenantId, documentId, seq, bytesSinceSnapshot: bytesBefore, ...held } = place;
  tx.write(keepSnapshot({ tenantId, documentId, seq, ...held, bytesBefore, ...snapshot }));
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
