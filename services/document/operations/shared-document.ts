import type { DocumentCtx } from '../ctx.ts';
import { includesLevel, type SharedLevel } from '../domain/access.ts';
import type { ContentType } from '../domain/content-types.ts';
import { type CommentThread, listThreads } from './comment-threads.ts';
import { type Comment, firstComments } from './comments.ts';
import { readDocument } from './documents.ts';
import { asPlatform, openShareToken } from './share-access.ts';

/** A document as the holder of a share token reads it: nothing of the tenant beyond it. */
export interface SharedDocument {
  readonly documentId: string;
  readonly title: string;
  readonly contentType: ContentType;
  readonly level: SharedLevel;
  readonly version: number;
  readonly content: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The newest threads with their first comments; null when the link does not give the level comment. */
  readonly threads: readonly SharedThread[] | null;
}

/** A thread with its first comments. */
export interface SharedThread {
  readonly thread: CommentThread;
  readonly comments: readonly Comment[];
}

/** Threads that a guest is shown. */
const THREADS_SHOWN = 50;

/** The document of a share token. @throws AppError SHARE_TOKEN_INVALID, SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED */
export async function readSharedDocument(ctx: DocumentCtx, shareToken: string): Promise<SharedDocument> {
  const { tenantId, documentId, level } = await openShareToken(ctx, shareToken);
  const platform = asPlatform(ctx, tenantId);
  const { title, contentType, version, content, text } = await readDocument(platform, documentId);
  const threads = includesLevel(level, 'comment') ? await threadsOf(platform, documentId) : null;
  return { documentId, title, contentType, level, version, content, text, threads };
}

async function threadsOf(platform: DocumentCtx, documentId: string): Promise<readonly SharedThread[]> {
  const { rows } = await listThreads(platform, { documentId, first: THREADS_SHOWN });
  const comments = await firstComments(
    platform,
    rows.map(({ id }) => id),
  );
  return rows.map((thread) => ({ thread, comments: comments.get(thread.id) ?? [] }));
}
