import { MINUTE_MS } from '@candlefish/base/time';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { type JsonText, toJson } from '@candlefish/kit/db';
import { documentEdited } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import { lockHead } from '../store/document-heads.ts';
import { recordCopy, recordVersion } from '../store/documents.ts';
import type { StaleCopiesStatements } from '../store/stale-copies.rows.generated.ts';
import { deleteFollowedCopy, deleteStaleCopy, findCopyState, findStaleCopies } from '../store/stale-copies.ts';
import { authorizeWork, type WorkAction } from './document-access.ts';
import { eventTitle } from './event-title.ts';
import { loadDocument } from './load-document.ts';
import { isSnapshotDue, type Snapshot, takeSnapshot, writeSnapshot } from './write-snapshot.ts';

/** A readable copy that is behind for longer has been left behind by a node that is gone. */
const LEFT_BEHIND_MS = MINUTE_MS;
/** Documents of one run, which comes every minute. */
const DOCUMENTS_MAX = 1_000;

/**
 * Brings the readable copy of a document up to date with its log, tells of the edits since, and keeps a snapshot when one
 * is due. Runs as the platform. What has been done by another node is not done again.
 */
export async function refreshCopy(ctx: DocumentCtx, documentId: string): Promise<void> {
  const grant = authorizeWork(ctx);
  const tenantId = tenantOf(grant);
  const found = await ctx.first(grant, findCopyState({ tenantId, documentId }));
  if (found === undefined) return;
  // Between two appends of the process, so that its own copy holds nothing that is not committed.
  const own = await ctx.service.lanes.run(tenantId, async () => takeOwn(ctx, documentId, found));
  if (own !== null && (await ctx.tx(grant, (tx) => writeOwn(ctx, tx, { tenantId, documentId }, found, own)))) return;
  await ctx.tx(grant, (tx) => refreshLocked(ctx, tx, { tenantId, documentId }));
}

type Found = StaleCopiesStatements['findCopyState']['row'];

interface Place {
  readonly tenantId: string;
  readonly documentId: string;
}

/** What the process's own copy of a document says at a sequence. */
interface OwnState {
  readonly seq: number;
  readonly crdtState: JsonText;
  readonly text: string;
  /** Null when none is due. */
  readonly snapshot: Snapshot | null;
}

/** The state of the process's own copy; null when there is none that is newer than the readable one. */
function takeOwn(ctx: DocumentCtx, documentId: string, found: Found): OwnState | null {
  const own = ctx.service.copies.find(documentId);
  if (own === undefined || own.isDirty || own.isBehind || own.epoch !== found.epoch) return null;
  const { seq, doc, contentType } = own;
  if (seq < found.seq || seq <= found.version) return null;
  const { roots, text } = project(doc, contentType);
  const snapshot = isSnapshotDue({ ...found, seq }) ? takeSnapshot(doc, contentType, documentId) : null;
  return { seq, crdtState: toJson({ seq, roots }), text, snapshot };
}

/**
 * Writes what was taken without a lock on the log, which everybody who writes to the tenant's documents would wait for: only the
 * last round trip has it. Others lock the head before the document's row, so what needs the head then is left to the next time
 * when it is not to be had at once. @returns whether the readable copy was still the one that was found.
 */
async function writeOwn(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  { tenantId, documentId }: Place,
  found: Found,
  { seq, crdtState, text, snapshot }: OwnState,
): Promise<boolean> {
  const { version: fromVersion, epoch, snapshotSeq, bytesSinceSnapshot } = found;
  const recorded = await tx.first(recordCopy({ tenantId, id: documentId, fromVersion, version: seq, crdtState, text }));
  if (recorded === undefined) return false;
  if (snapshot !== null) {
    writeSnapshot(ctx, tx, { tenantId, documentId, seq, epoch, snapshotSeq, bytesSinceSnapshot }, snapshot);
  }
  tx.write(deleteFollowedCopy({ tenantId, documentId, seq }));
  tx.emit(documentEdited, { documentId, title: eventTitle(found), fromVersion, toVersion: seq });
  return true;
}

/** The same from the log, which nobody can write to meanwhile. */
async function refreshLocked(ctx: DocumentCtx, tx: Tx<WorkAction>, { tenantId, documentId }: Place): Promise<void> {
  tx.write(lockHead({ tenantId, documentId }));
  const found = await tx.first(findCopyState({ tenantId, documentId }));
  if (found === undefined) return;
  tx.write(deleteStaleCopy({ tenantId, documentId }));
  const { seq, version, epoch, snapshotSeq, bytesSinceSnapshot } = found;
  if (version >= seq) return;
  const contentType = found.contentType as ContentType;
  const { doc } = await loadDocument((statement) => tx.run(statement), { tenantId, documentId, contentType });
  const { roots, text } = project(doc, contentType);
  if (isSnapshotDue(found)) {
    const place = { tenantId, documentId, seq, epoch, snapshotSeq, bytesSinceSnapshot };
    writeSnapshot(ctx, tx, place, takeSnapshot(doc, contentType, documentId));
  }
  tx.write(recordVersion({ tenantId, id: documentId, version: seq, crdtState: toJson({ seq, roots }), text }));
  tx.emit(documentEdited, { documentId, title: eventTitle(found), fromVersion: version, toVersion: seq });
}

/** Brings up to date what nodes that are gone have left behind, of all tenants. @returns how many there were. */
export async function refreshLeftBehind(ctx: DocumentCtx): Promise<number> {
  const grant = ctx.authorize('document:append');
  const staleSince = new Date(ctx.clock.now().getTime() - LEFT_BEHIND_MS);
  const rows = await ctx.query(grant, findStaleCopies({ staleSince, limit: DOCUMENTS_MAX }));
  for (const { tenantId, documentId } of rows) {
    ctx.signal.throwIfAborted();
    // One after another: each holds a whole document in memory.
    try {
      await refreshCopy(ctx.service.system(tenantId, ctx.signal), documentId);
    } catch (error) {
      ctx.signal.throwIfAborted();
      ctx.log.error({ err: error, documentId }, 'the readable copy of a document could not be refreshed');
    }
  }
  return rows.length;
}
