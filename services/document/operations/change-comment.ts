import { isUuid } from '@candlefish/base/ids';
import { type Grant, type Tx, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { commentEvents } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { includesLevel } from '../domain/access.ts';
import { checkBody } from '../domain/comment-body.ts';
import { deleteEmptyThread, lockThread } from '../store/comment-threads.ts';
import { clearComment, deleteLastGaps, editComment as editRow, findComment } from '../store/comments.ts';
import type { Author } from './comment-threads.ts';
import { type Comment, toComment } from './comments.ts';
import { type AccessibleDocument, authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { mentionedPeople } from './mentioned.ts';
import { tellMentioned } from './reply-to-thread.ts';

/** A comment by its place. */
export interface CommentPlace {
  readonly documentId: string;
  readonly threadId: string;
  readonly id: string;
}

/** Whether the caller wrote something, by itself or by a key of its own. A key is the author of its own words alone. */
export function isAuthor({ actor }: DocumentCtx, author: Author): boolean {
  if (actor.kind === author.kind && actor.id === author.id) return true;
  return actor.kind === 'user' && actor.userId !== null && actor.userId === author.userId;
}

/**
 * Gives a comment of one's own another text. Earlier texts are not kept. Needs the level comment.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED
 */
export async function editComment(
  ctx: DocumentCtx,
  { body, ...place }: CommentPlace & { readonly body: string },
): Promise<Comment> {
  const grant = authorizeWork(ctx);
  const problems = checkBody(body);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  const document = await requireAccess(ctx, grant, place.documentId, 'comment');
  const mentions = await mentionedPeople(ctx, { documentId: place.documentId, body });
  return changing(ctx, grant, { document, place }, async (tx, before) => {
    if (!isAuthor(ctx, before.author)) throw platformErrors.forbidden({ detail: 'Only its author edits a comment.' });
    const { documentId, threadId, id } = place;
    const of = { tenantId: tenantOf(grant), threadId, id };
    if (before.body !== body) {
      await tx.run(editRow({ ...of, body, mentions, editedAt: ctx.clock.now() }));
      const ref = { documentId, threadId, commentId: id };
      tx.emit(commentEvents.commentEdited, ref);
      tellMentioned(
        ctx,
        tx,
        ref,
        mentions.filter((userId) => !before.mentions.includes(userId)),
      );
    }
    return toComment(await tx.one(findComment(of)));
  });
}

/**
 * Deletes a comment: one's own with the level comment, others' with the level manage. Its place stays while comments
 * follow it; the thread goes with its last comment.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function deleteComment(ctx: DocumentCtx, place: CommentPlace): Promise<void> {
  const grant = authorizeWork(ctx);
  const document = await requireAccess(ctx, grant, place.documentId, 'comment');
  await changing(ctx, grant, { document, place }, async (tx, comment) => {
    if (!isAuthor(ctx, comment.author) && !includesLevel(document.access, 'manage')) {
      throw platformErrors.forbidden({ detail: 'Deleting what others wrote needs the level manage.' });
    }
    const { documentId, threadId, id } = place;
    const of = { tenantId: tenantOf(grant), threadId };
    await tx.run(clearComment({ ...of, id, deletedAt: ctx.clock.now() }));
    tx.emit(commentEvents.commentDeleted, { documentId, threadId, commentId: id });
    await tx.run(deleteLastGaps(of));
    const emptied = await tx.first(deleteEmptyThread({ tenantId: of.tenantId, id: threadId }));
    if (emptied !== undefined) tx.emit(commentEvents.threadDeleted, { documentId, threadId });
  });
}

/** Works on a comment that is there, while its thread is locked. @throws AppError NOT_FOUND */
async function changing<T>(
  ctx: DocumentCtx,
  grant: Grant<WorkAction>,
  { document, place }: { readonly document: AccessibleDocument; readonly place: CommentPlace },
  change: (tx: Tx<WorkAction>, comment: Comment) => Promise<T>,
): Promise<T> {
  const { threadId, id } = place;
  if (!isUuid(threadId) || !isUuid(id)) throw platformErrors.notFound();
  const tenantId = tenantOf(grant);
  return ctx.tx(grant, async (tx) => {
    const thread = await tx.first(lockThread({ tenantId, documentId: document.id, id: threadId }));
    const row = thread && (await tx.first(findComment({ tenantId, threadId, id })));
    if (row === undefined || row.deletedAt !== null) throw platformErrors.notFound();
    return change(tx, toComment(row));
  });
}
