import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { commentEvents, type ThreadStatus } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { includesLevel } from '../domain/access.ts';
import { deleteThread as deleteRow, lockThread, setResolved } from '../store/comment-threads.ts';
import { isAuthor } from './change-comment.ts';
import { type CommentThread, readThread } from './comment-threads.ts';
import { authorizeWork, requireAccess } from './document-access.ts';

/** A thread by its place. */
export interface ThreadPlace {
  readonly documentId: string;
  readonly id: string;
}

/**
 * Resolves a thread or opens it again: its author with the level comment, everybody else with the level edit.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function setThreadStatus(
  ctx: DocumentCtx,
  { documentId, id, status }: ThreadPlace & { readonly status: ThreadStatus },
): Promise<CommentThread> {
  const grant = authorizeWork(ctx);
  const document = await requireAccess(ctx, grant, documentId, 'comment');
  if (!isUuid(id)) throw platformErrors.notFound();
  const tenantId = tenantOf(grant);
  await ctx.tx(grant, async (tx) => {
    const thread = await tx.first(lockThread({ tenantId, documentId, id }));
    if (thread === undefined) throw platformErrors.notFound();
    const author = { kind: thread.authorKind, id: thread.authorId, userId: thread.userId };
    if (!isAuthor(ctx, author) && !includesLevel(document.access, 'edit')) {
      throw platformErrors.forbidden({ detail: 'Resolving what others began needs the level edit.' });
    }
    const resolves = status === 'resolved';
    if (resolves === (thread.resolvedAt !== null)) return;
    const resolvedAt = resolves ? ctx.clock.now() : null;
    await tx.run(setResolved({ tenantId, id, resolvedAt, resolvedBy: resolves ? ctx.actor.userId : null }));
    tx.emit(resolves ? commentEvents.threadResolved : commentEvents.threadReopened, { documentId, threadId: id });
  });
  return readThread(ctx, grant, document, id);
}

/** Deletes a thread with all its comments. Needs the level manage. @throws AppError NOT_FOUND, FORBIDDEN */
export async function deleteThread(ctx: DocumentCtx, { documentId, id }: ThreadPlace): Promise<void> {
  const grant = authorizeWork(ctx);
  await requireAccess(ctx, grant, documentId, 'manage');
  if (!isUuid(id)) throw platformErrors.notFound();
  await ctx.tx(grant, async (tx) => {
    const row = await tx.first(deleteRow({ tenantId: tenantOf(grant), documentId, id }));
    if (row === undefined) throw platformErrors.notFound();
    tx.emit(commentEvents.threadDeleted, { documentId, threadId: id });
  });
}
