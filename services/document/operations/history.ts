import { type Page, type PageKey, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { type PageRequest, pageStart } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import { listSessions } from '../store/document-history.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import type { UpdateActor } from './follow-document.ts';

/** A pause of one writer after which a new session begins. */
const GAP_SECONDS = 10 * 60;
/** The newest updates that are grouped; what was before them is told by the versions. */
const UPDATES_MAX = 20_000;

/** What one writer did in one go. */
export interface HistorySession {
  readonly actor: UpdateActor;
  readonly fromSequence: number;
  readonly toSequence: number;
  /** Updates of the writer; others may have written between them. */
  readonly updates: number;
  readonly bytes: number;
  /** The ways they came. */
  readonly origins: readonly string[];
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** The version that took one of these updates back; null when none was. */
  readonly undoneBy: number | null;
}

/** The sort key of a session. */
export const sessionKey = ({ toSequence }: HistorySession): PageKey => [toSequence];

/**
 * A page of who wrote when, newest first, over the last 20,000 updates that the log has. Calls of keys and agents stand
 * alone: each can be undone by itself.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function listHistory(
  ctx: DocumentCtx,
  request: PageRequest & { readonly documentId: string },
): Promise<Page<HistorySession>> {
  const grant = authorizeWork(ctx);
  const { documentId } = request;
  const { limit, key } = pageStart(request, ['number']);
  await requireAccess(ctx, grant, documentId, 'view');
  const rows = await ctx.query(
    grant,
    listSessions({
      tenantId: tenantOf(grant),
      documentId,
      updatesMax: UPDATES_MAX,
      gapSeconds: GAP_SECONDS,
      before: key === null ? Number.MAX_SAFE_INTEGER : Math.trunc(Number(key[0])),
      limit: limit + 1,
    }),
  );
  const sessions = rows.map(({ actorKind, actorId, userId, ...row }) => ({
    actor: { kind: actorKind, id: actorId, userId },
    ...row,
  }));
  return toPage(sessions, limit, sessionKey);
}
