import { MINUTE_MS } from '@candlefish/base/time';
import { tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { documentEdited } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import { lockHead } from '../store/document-heads.ts';
import { recordVersion } from '../store/documents.ts';
import { deleteStaleCopy, findCopyState, findStaleCopies } from '../store/stale-copies.ts';
import { authorizeWork } from './document-access.ts';
import { eventTitle } from './event-title.ts';
import { loadDocument } from './load-document.ts';
import { isSnapshotDue, writeSnapshot } from './write-snapshot.ts';

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
  await ctx.tx(grant, async (tx) => {
    // All who write to the tenant's documents may wait for this lock, so it is held for as few round trips as can be.
    tx.write(lockHead({ tenantId, documentId }));
    const found = await tx.first(findCopyState({ tenantId, documentId }));
    if (found === undefined) return;
    tx.write(deleteStaleCopy({ tenantId, documentId }));
    const { seq, epoch, version } = found;
    if (version >= seq) return;
    const contentType = found.contentType as ContentType;
    const own = ctx.service.copies.find(documentId);
    const isCurrent = own !== undefined && !own.isDirty && own.epoch === epoch && own.seq === seq;
    const { doc } = isCurrent
      ? own
      : await loadDocument((statement) => tx.run(statement), { tenantId, documentId, contentType });
    const { roots, text } = project(doc, contentType);
    const crdtState = toJson({ seq, roots });
    // Nothing is awaited between the look at the process's own copy and here.
    if (isSnapshotDue(found)) writeSnapshot(ctx, tx, { tenantId, documentId, contentType, seq, epoch, doc });
    tx.write(recordVersion({ tenantId, id: documentId, version: seq, crdtState, text }));
    tx.emit(documentEdited, {
      documentId,
      title: eventTitle(found),
      fromVersion: version,
      toVersion: seq,
    });
  });
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
