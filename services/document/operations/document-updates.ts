import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { feedErrors } from '@candlefish/kit/events';
import type { DocumentCtx } from '../ctx.ts';
import { readUpdates } from '../store/document-updates.ts';
import { requireAccess } from './document-access.ts';
import { type DocumentUpdate, itemsOf } from './follow-document.ts';

/** Bytes of updates in one answer; base64 adds a third. */
const READ_BYTES_MAX = 4 * 1024 * 1024;

/** A part of the log. */
export interface UpdatePage {
  readonly updates: readonly DocumentUpdate[];
  /** Sequence of the last update there is. */
  readonly headVersion: number;
}

/**
 * Updates after a sequence, in order, at most `limit`, fewer when they are large.
 * @throws AppError NOT_FOUND, CURSOR_EXPIRED when the log no longer reaches back that far or never got that far.
 */
export async function listDocumentUpdates(
  ctx: DocumentCtx,
  input: { readonly id: string; readonly after: number; readonly limit: number },
): Promise<UpdatePage> {
  const grant = ctx.authorize('document:read');
  const of = { tenantId: tenantOf(grant), documentId: input.id };
  await requireAccess(ctx, grant, input.id, 'view');
  const bounds = { after: input.after, rowsMax: input.limit, bytesMax: READ_BYTES_MAX };
  const rows = await ctx.query(grant, readUpdates({ ...of, ...bounds }));
  const [first] = rows;
  if (first === undefined) throw platformErrors.notFound();
  const updates = itemsOf(input.id, { epoch: first.epoch, seq: input.after }, rows);
  if (updates[0]?.type === 'RESET') throw feedErrors.cursorExpired({ extensions: { version: first.headSeq } });
  return { updates, headVersion: first.headSeq };
}
