import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { commentErrors, commentEvents } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import {
  type Anchor,
  anchorAt,
  anchorOf,
  type CountedRange,
  findAnchor,
  type RelativeRange,
} from '../domain/anchor.ts';
import { checkBody, quoteOf } from '../domain/comment-body.ts';
import type { ContentType } from '../domain/content-types.ts';
import { countThreads, insertThread } from '../store/comment-threads.ts';
import { checkEpoch } from './check-epoch.ts';
import { type CommentThread, readThread } from './comment-threads.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { loadDocument } from './load-document.ts';
import { mentionedPeople } from './mentioned.ts';
import { addComment } from './reply-to-thread.ts';

/** Threads of one document, resolved ones included. */
const THREADS_MAX = 5_000;
/** What a thread begins with. */
export interface BeginThreadInput {
  readonly documentId: string;
  readonly body: string;
  /** Null for a thread about the whole document. */
  readonly anchor?: RelativeRange | CountedRange | null | undefined;
  /** Version that a counted range was counted in; it is refused when it is not the present one. */
  readonly expectedVersion?: number | null | undefined;
}

/**
 * Begins a thread about a range of a document, or about all of it. Needs the level comment.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, ANCHOR_NOT_FOUND, CONFLICT, TOO_MANY_COMMENTS
 */
export async function beginThread(ctx: DocumentCtx, input: BeginThreadInput): Promise<CommentThread> {
  const grant = authorizeWork(ctx);
  const { documentId, body } = input;
  const problems = checkBody(body);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  const document = await requireAccess(ctx, grant, documentId, 'comment');
  const of = { tenantId: tenantOf(grant), documentId };
  const contentType = document.contentType as ContentType;
  const mentions = await mentionedPeople(ctx, { documentId, body });
  const { doc, seq } = await loadDocument((statement) => ctx.query(grant, statement), { ...of, contentType });
  const { anchor, quote } = readAnchor(doc, seq, input);
  const id = ctx.ids.next();
  const { kind, id: authorId, userId } = ctx.actor;
  await ctx.tx(grant, async (tx) => {
    await checkEpoch(tx, { ...of, epoch: document.epoch });
    const { count } = await tx.one(countThreads(of));
    if (count >= THREADS_MAX) throw commentErrors.tooManyComments();
    const place = {
      anchorRoot: anchor?.root ?? null,
      anchorStart: anchor?.start ?? null,
      anchorEnd: anchor?.end ?? null,
    };
    await tx.run(insertThread({ ...of, id, ...place, quote, version: seq, authorKind: kind, authorId, userId }));
    tx.emit(commentEvents.threadCreated, { documentId, threadId: id });
    await addComment(ctx, tx, { ...of, threadId: id, body, mentions });
  });
  return readThread(ctx, grant, document, id);
}

function readAnchor(
  doc: Parameters<typeof findAnchor>[0],
  seq: number,
  { anchor: given, expectedVersion }: BeginThreadInput,
): { readonly anchor: Anchor | null; readonly quote: string } {
  if (given === undefined || given === null) return { anchor: null, quote: '' };
  const isCounted = 'root' in given;
  if (isCounted && expectedVersion !== undefined && expectedVersion !== null && expectedVersion !== seq) {
    throw platformErrors.conflict({ detail: `The document is at version ${seq}.`, extensions: { version: seq } });
  }
  const anchor = isCounted ? anchorAt(doc, given) : anchorOf(doc, given);
  const range = anchor && findAnchor(doc, anchor);
  if (anchor === null || range === null) throw commentErrors.anchorNotFound();
  return { anchor, quote: quoteOf(range.text) };
}
