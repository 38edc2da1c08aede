import { decodeCursor, encodeCursor } from '@candlefish/base/page';
import type { Grant } from '@candlefish/kit/context';
import { isAppError } from '@candlefish/kit/errors';
import type { LoggedEvent, PayloadOf } from '@candlefish/kit/events';
import { badCursor } from '@candlefish/kit/page';
import { commentEvents } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { authorizeWork, requireAccess, type WorkAction } from './document-access.ts';

/** What happened to the comments of a document, and the place after it. */
export interface CommentChange {
  /** `thread_created`, `comment_edited` and so on: the name of the event without its frame. */
  readonly type: string;
  readonly documentId: string;
  readonly threadId: string;
  /** Null for what happened to a whole thread. */
  readonly commentId: string | null;
  /** Continues the stream after this change. */
  readonly cursor: string;
}

type Payload = PayloadOf<typeof commentEvents.threadCreated> & { readonly commentId?: string };

/**
 * Changes of the comments of a document as they come, after a cursor or from now on, until `ctx.signal` aborts or the
 * document is hidden from the caller.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED for a bad cursor, CURSOR_EXPIRED.
 */
export async function followComments(
  ctx: DocumentCtx,
  input: { readonly documentId: string; readonly after?: string | null | undefined },
): Promise<AsyncIterableIterator<CommentChange>> {
  const grant = authorizeWork(ctx);
  const after = input.after === undefined || input.after === null ? null : placeOf(input.after);
  await requireAccess(ctx, grant, input.documentId, 'view');
  const events = ctx.service.events.follow(ctx, grant, { after, events: Object.values(commentEvents) });
  return new CommentChanges(ctx, grant, input.documentId, events);
}

function placeOf(cursor: string): number {
  const [seq] = decodeCursor(cursor, 1) ?? [];
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) throw badCursor('/after');
  return seq;
}

/** Those events of a tenant that are about one document. A plain object: `return` does not wait behind a pending `next`. */
class CommentChanges implements AsyncIterableIterator<CommentChange> {
  readonly #events: AsyncIterableIterator<LoggedEvent>;
  readonly #documentId: string;
  readonly #mayRead: () => Promise<boolean>;

  constructor(
    ctx: DocumentCtx,
    grant: Grant<WorkAction>,
    documentId: string,
    events: AsyncIterableIterator<LoggedEvent>,
  ) {
    this.#events = events;
    this.#documentId = documentId;
    this.#mayRead = async () => {
      try {
        await requireAccess(ctx, grant, documentId, 'view');
        return true;
      } catch (error) {
        if (isAppError(error) && error.code === 'NOT_FOUND') return false;
        throw error;
      }
    };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<CommentChange>> {
    for (;;) {
      const { done, value } = await this.#events.next();
      if (done) return { done: true, value: undefined };
      const payload = value.payload as Payload;
      if (payload.documentId !== this.#documentId) continue;
      // Looked at with every change: a change is rare, and what it tells is not for everybody.
      if (!(await this.#mayRead())) return this.return();
      return { done: false, value: toChange(value, payload) };
    }
  }

  async return(): Promise<IteratorResult<CommentChange>> {
    await this.#events.return?.();
    return { done: true, value: undefined };
  }
}

const toChange = ({ name, seq }: LoggedEvent, { documentId, threadId, commentId = '' }: Payload): CommentChange => ({
  type: name.split('.').slice(1, 3).join('_'),
  documentId,
  threadId,
  commentId: commentId === '' ? null : commentId,
  cursor: encodeCursor([seq]),
});
