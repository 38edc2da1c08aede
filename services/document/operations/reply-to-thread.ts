import { isUuid } from '@candlefish/base/ids';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { commentErrors, commentEvents, commentMentioned } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { checkBody } from '../domain/comment-body.ts';
import { lockThread } from '../store/comment-threads.ts';
import { countComments, findComment, insertComment } from '../store/comments.ts';
import { type Comment, toComment } from './comments.ts';
import { authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { mentionedPeople } from './mentioned.ts';

/** Comments of one thread: longer talks belong elsewhere. */
const COMMENTS_MAX = 500;

/** An answer in a thread. */
export interface ReplyInput {
  readonly documentId: string;
  readonly threadId: string;
  readonly body: string;
}

/**
 * Answers in a thread, resolved or not. Needs the level comment.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, TOO_MANY_COMMENTS
 */
export async function replyToThread(ctx: DocumentCtx, input: ReplyInput): Promise<Comment> {
  const grant = authorizeWork(ctx);
  const { documentId, threadId, body } = input;
  const problems = checkBody(body);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  await requireAccess(ctx, grant, documentId, 'comment');
  if (!isUuid(threadId)) throw platformErrors.notFound();
  const of = { tenantId: tenantOf(grant), documentId };
  const mentions = await mentionedPeople(ctx, { documentId, body });
  return ctx.tx(grant, async (tx) => {
    const thread = await tx.first(lockThread({ ...of, id: threadId }));
    if (thread === undefined) throw platformErrors.notFound();
    const { count } = await tx.one(countComments({ tenantId: of.tenantId, threadId }));
    if (count >= COMMENTS_MAX) throw commentErrors.tooManyComments();
    return addComment(ctx, tx, { ...of, threadId, body, mentions });
  });
}

/** Adds a comment to a thread that the transaction has made or locked, and tells it. */
export async function addComment(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  comment: ReplyInput & { readonly tenantId: string; readonly mentions: readonly string[] },
): Promise<Comment> {
  const { tenantId, documentId, threadId, body, mentions } = comment;
  const id = ctx.ids.next();
  const { kind: authorKind, id: authorId, userId } = ctx.actor;
  const row = { id, tenantId, threadId, body, mentions, authorKind, authorId, userId, createdAt: ctx.clock.now() };
  await tx.run(insertComment(row));
  tx.emit(commentEvents.commentCreated, { documentId, threadId, commentId: id });
  tellMentioned(ctx, tx, { documentId, threadId, commentId: id }, mentions);
  return toComment(await tx.one(findComment({ tenantId, threadId, id })));
}

/** Tells people that they were mentioned; nobody is told what they wrote themselves. */
export function tellMentioned(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  of: { readonly documentId: string; readonly threadId: string; readonly commentId: string },
  userIds: readonly string[],
): void {
  for (const userId of userIds) if (userId !== ctx.actor.userId) tx.emit(commentMentioned, { ...of, userId });
}
