import type { Tx } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import * as Y from 'yjs';
import { documentErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { DOCUMENT_BYTES_MAX } from '../domain/limits.ts';
import type { Projection } from '../domain/projection.ts';
import type { DocumentHeadsStatements } from '../store/document-heads.rows.generated.ts';
import { appendUpdates } from '../store/document-updates.ts';
import { recordVersion } from '../store/documents.ts';
import type { WorkAction } from './document-access.ts';
import { requireRoom } from './quotas.ts';
import { tellGrowth } from './tell-growth.ts';
import { isSnapshotDue, takeSnapshot, writeSnapshot } from './write-snapshot.ts';

/** Larger readable copies are not written with every edit; readers of those read the log. */
const COPY_BYTES_MAX = 64 * 1024;

/** What the log says where an update has several clients or none. */
export const SEVERAL_CLIENTS = -1;

/** The head of a document as `lockHead` gives it. */
export type Head = DocumentHeadsStatements['lockHead']['row'];

/** The way an update came; kept in the log. */
export type Origin = 'rest' | 'graphql' | 'socket' | 'restore' | 'merge' | 'undo' | 'erasure' | 'system';

/** A change of a document whose head is locked. */
export interface Change {
  readonly head: Head;
  /** The state with the change in it; its client id wrote it. */
  readonly doc: Y.Doc;
  /** The change as one update of encoding V1. */
  readonly update: Uint8Array;
  /** The readable form of the state. */
  readonly projection: Projection;
  readonly origin: Origin;
  /** False for what others wrote, whose names are noted already; default true: it is the caller's. */
  readonly isOwn?: boolean;
}

/**
 * Appends a change to the log in the name of the caller, and keeps what rests on the log: readable copy and snapshot.
 * @returns its sequence.
 * @throws AppError DOCUMENT_TOO_LARGE, QUOTA_EXCEEDED, INVALID_OPERATION for writing under another one's client id.
 */
export async function appendChange(ctx: DocumentCtx, tx: Tx<WorkAction>, change: Change): Promise<number> {
  const { head, doc, update, projection, origin, isOwn = true } = change;
  const { tenantId } = ctx.actor;
  if (tenantId === null) throw new Error('a change needs a tenant');
  const { documentId } = head;
  const bytesSinceSnapshot = head.bytesSinceSnapshot + update.length;
  checkDocumentSize(doc, head.snapshotBytes + bytesSinceSnapshot);
  // Deletions are taken always: they are how room is made.
  if (Y.parseUpdateMeta(update).to.size > 0) requireRoom(ctx, tenantId, update.length);
  const clientIds = isOwn ? [...Y.parseUpdateMeta(update).to.keys()] : [];
  const { seq, isForeign } = await tx.one(
    appendUpdates({
      tenantId,
      documentIds: [documentId],
      updates: [update],
      clientIds: [isOwn ? doc.clientID : SEVERAL_CLIENTS],
      origins: [origin],
      actorKinds: [ctx.actor.kind],
      actorIds: [ctx.actor.id],
      userIds: [ctx.actor.userId ?? ''],
      writtenDocumentIds: clientIds.map(() => documentId),
      writtenClientIds: clientIds,
    }),
  );
  if (isForeign) {
    throw documentErrors.invalidOperation({
      detail: 'An update holds writing under the client id of somebody else, or of a history that was erased.',
    });
  }
  const copy = toJson({ seq, roots: projection.roots });
  const isDue = isSnapshotDue({ ...head, seq, bytesSinceSnapshot });
  const isCopied = copy.length <= COPY_BYTES_MAX || isDue;
  await tx.run(
    recordVersion({
      tenantId,
      id: documentId,
      version: seq,
      crdtState: isCopied ? copy : null,
      text: isCopied ? projection.text : null,
    }),
  );
  if (isDue) {
    const { epoch, snapshotSeq } = head;
    const place = { tenantId, documentId, seq, epoch, snapshotSeq, bytesSinceSnapshot };
    writeSnapshot(ctx, tx, place, takeSnapshot(doc, head.contentType as ContentType, documentId));
  }
  tx.afterCommit(() => {
    ctx.service.usage.add(tenantId, { bytes: update.length });
    tellGrowth(ctx, tenantId, [{ documentId, seq }]);
  });
  return seq;
}

/** @param bytesAtMost Bound of the encoded size, cheap to know; only beyond the limit the size itself is looked at. */
function checkDocumentSize(doc: Y.Doc, bytesAtMost: number): void {
  if (bytesAtMost <= DOCUMENT_BYTES_MAX || Y.encodeStateAsUpdateV2(doc).length <= DOCUMENT_BYTES_MAX) return;
  throw documentErrors.documentTooLarge({ detail: `A document has at most ${DOCUMENT_BYTES_MAX} bytes.` });
}
