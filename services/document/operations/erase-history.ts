import { scopesInclude, type Tx, tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import type * as Y from 'yjs';
import { documentErased } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { anchorCarrier } from '../domain/anchor.ts';
import { quoteOf } from '../domain/comment-body.ts';
import { project } from '../domain/projection.ts';
import { rewrite } from '../domain/rewrite.ts';
import { listAuthors } from '../store/document-authors.ts';
import { listBranchIds } from '../store/document-branches.ts';
import { beginHistory, listAnchors, moveAnchors, retireAuthors } from '../store/document-erasures.ts';
import { forgetVersions } from '../store/document-versions.ts';
import { recordVersion } from '../store/documents.ts';
import { deleteStaleCopy } from '../store/stale-copies.ts';
import { authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { findDocuments } from './documents.ts';
import { emptyAnswersOf } from './empty-answers.ts';
import { keepVersion, takeState } from './keep-version.ts';
import { checkExpected, lockDocument } from './locked-document.ts';
import { tellGrowth } from './tell-growth.ts';
import { takeSnapshot, writeSnapshot } from './write-snapshot.ts';

/** Which history is to be erased. */
export interface EraseHistoryInput {
  readonly documentId: string;
  /** Refuses when the document is at another version: what is to stay was looked at in this one. */
  readonly expectedVersion?: number | null | undefined;
}

/** What came of erasing a history. */
export interface Erasure {
  /** Sequence of the update with which the new history begins. */
  readonly version: number;
  readonly epoch: number;
  /** Branches that the caller sees: documents of their own from now on, which still hold what they held. */
  readonly formerBranchIds: readonly string[];
}

/**
 * Erases all that a document was before: its content stays, written anew under a client id that nobody had, as the first
 * update of the next epoch; log, snapshots, kept states, undoings and who wrote what go. Client ids of the old history are
 * retired, so nobody brings back what it held. Needs the level manage, and of keys and agents the scope `document:erase`.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function eraseHistory(ctx: DocumentCtx, input: EraseHistoryInput): Promise<Erasure> {
  const grant = authorizeWork(ctx);
  const { documentId } = input;
  await requireAccess(ctx, grant, documentId, 'manage');
  const { scopes } = ctx.actor;
  if (scopes !== null && !scopesInclude(scopes, 'document:erase')) {
    throw platformErrors.forbidden({ detail: 'A key or agent needs the scope document:erase for this.' });
  }
  const tenantId = tenantOf(grant);
  const { branchIds, ...erased } = await ctx.tx(grant, async (tx) => {
    const document = await lockDocument(tx, grant, documentId);
    checkExpected(document, input.expectedVersion);
    const branches = await tx.run(listBranchIds({ tenantId, mainDocumentId: documentId }));
    const done = await replaceHistory(ctx, tx, tenantId, document);
    tx.emit(documentErased, { documentId, epoch: done.epoch, sequence: done.version });
    tx.afterCommit(() => {
      ctx.service.copies.drop(documentId);
      ctx.service.wholeStates.drop(documentId);
      ctx.service.usage.expire(tenantId);
      tellGrowth(ctx, tenantId, [{ documentId, seq: done.version }]);
    });
    return { ...done, branchIds: branches.map(({ id }) => id) };
  });
  const visible = await findDocuments(ctx, branchIds);
  return { ...erased, formerBranchIds: visible.map(({ id }) => id) };
}

type Locked = Awaited<ReturnType<typeof lockDocument>>;

async function replaceHistory(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  tenantId: string,
  { head, doc, contentType }: Locked,
): Promise<{ readonly version: number; readonly epoch: number }> {
  const { documentId } = head;
  const of = { tenantId, documentId };
  const authors = await tx.run(listAuthors({ tenantId, documentIds: [documentId] }));
  const clientIds = [...doc.store.clients.keys()];
  const used = new Set([...clientIds, ...authors.map(({ clientId }) => clientId)]);
  const { doc: fresh, update } = rewrite(doc, contentType, (clientId) => used.has(clientId));
  await moveThreads(tx, of, doc, fresh);
  // The log says which answers were stored with it.
  await emptyAnswersOf(tx, of);
  await tx.run(retireAuthors({ ...of, clientIds, retiredAt: ctx.clock.now() }));
  await tx.run(forgetVersions(of));
  const { kind: actorKind, id: actorId, userId } = ctx.actor;
  const clientId = fresh.clientID;
  const { seq, epoch } = await tx.one(beginHistory({ ...of, update, clientId, actorKind, actorId, userId }));
  const place = { ...of, seq, epoch, snapshotSeq: 0, bytesSinceSnapshot: update.length };
  writeSnapshot(ctx, tx, place, takeSnapshot(fresh, contentType, documentId));
  // What is changed from now on can be undone and compared with this, when the snapshot has moved on.
  await keepVersion(ctx, tx, takeState({ head: { documentId, seq, epoch }, contentType, doc: fresh }), {
    kind: 'auto',
  });
  const { roots, text } = project(fresh, contentType);
  await tx.run(recordVersion({ tenantId, id: documentId, version: seq, crdtState: toJson({ seq, roots }), text }));
  await tx.run(deleteStaleCopy(of));
  return { version: seq, epoch };
}

/** Puts the threads where the same text stands now. A thread whose text is gone keeps its place in no history, and no quote. */
async function moveThreads(
  tx: Tx<WorkAction>,
  of: { readonly tenantId: string; readonly documentId: string },
  from: Y.Doc,
  to: Y.Doc,
): Promise<void> {
  const threads = await tx.run(listAnchors(of));
  if (threads.length === 0) return;
  const carry = anchorCarrier(from, to);
  const moved = threads.map((thread) => ({ ...thread, text: '', ...carry(thread) }));
  await tx.run(
    moveAnchors({
      ...of,
      ids: moved.map(({ id }) => id),
      starts: moved.map(({ start }) => start),
      ends: moved.map(({ end }) => end),
      quotes: moved.map(({ text }) => quoteOf(text)),
    }),
  );
}
