import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import * as threads from '../store/comment-threads.ts';
import type { CommentsStatements } from '../store/comments.rows.generated.ts';
import * as store from '../store/comments.ts';
import type { Author } from './comment-threads.ts';
import { authorizeWork, requireAccess } from './document-access.ts';

/** Comments that a thread is shown with. */
const FIRST_COMMENTS = 20;
/** Before every comment. */
const OLDEST = { createdAt: new Date(0), id: '00000000-0000-0000-0000-000000000000' } as const;

/** What somebody said in a thread. */
export interface Comment {
  readonly id: string;
  readonly threadId: string;
  /** Markdown; empty when it was deleted. */
  readonly body: string;
  /** People it mentions who could see the document. */
  readonly mentions: readonly string[];
  readonly author: Author;
  /** Whether only its place is left, since others follow. */
  readonly isDeleted: boolean;
  readonly editedAt: Date | null;
  readonly createdAt: Date;
}

/** The comment of a row. */
export function toComment(row: CommentsStatements['findComment']['row']): Comment {
  const { authorKind, authorId, userId, deletedAt, ...comment } = row;
  return { ...comment, author: { kind: authorKind, id: authorId, userId }, isDeleted: deletedAt !== null };
}

/** The first comments of threads that the caller has been shown, oldest first. */
export async function firstComments(
  ctx: DocumentCtx,
  threadIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Comment[]>> {
  const grant = authorizeWork(ctx);
  const statement = store.firstComments({ tenantId: tenantOf(grant), threadIds, limit: FIRST_COMMENTS });
  return Map.groupBy((await ctx.query(grant, statement)).map(toComment), ({ threadId }) => threadId);
}

/** A page of the comments of a thread, oldest first. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function listComments(
  ctx: DocumentCtx,
  request: PageRequest & { readonly documentId: string; readonly threadId: string },
): Promise<Page<Comment>> {
  const grant = authorizeWork(ctx);
  const { documentId, threadId } = request;
  const { limit, key } = pageStart(request, CREATION_KEY);
  const after = key === null ? OLDEST : creationBefore(key);
  await requireAccess(ctx, grant, documentId, 'view');
  const tenantId = tenantOf(grant);
  const thread = isUuid(threadId)
    ? await ctx.first(grant, threads.findThread({ tenantId, documentId, id: threadId }))
    : undefined;
  if (thread === undefined) throw platformErrors.notFound();
  const place = { afterCreatedAt: after.createdAt, afterId: after.id };
  const rows = await ctx.query(grant, store.listComments({ tenantId, threadId, ...place, limit: limit + 1 }));
  return toPage(rows.map(toComment), limit, creationKey);
}
