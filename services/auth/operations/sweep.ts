import type { AuthCtx } from '../ctx.ts';
import { deleteExpiredRevocations } from '../store/revocations.ts';
import { deleteOldSessions } from '../store/sessions.ts';
import { deleteRetiredSigningKeys } from '../store/signing-keys.ts';

/** Rows deleted by one statement: a fraction of a second, so nobody waits for its locks. */
const BATCH = 5_000;
/** Batches of one sweep; what is left goes with the next. */
const BATCHES_MAX = 100;

/** Deletes what has been over for long: sessions and signing keys of a month ago, revocations past their time. */
export async function sweep(ctx: AuthCtx): Promise<void> {
  const grant = ctx.authorize('auth:sweep');
  await ctx.query(grant, deleteRetiredSigningKeys());
  await ctx.query(grant, deleteExpiredRevocations({ limit: BATCH }));
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const row = await ctx.first(grant, deleteOldSessions({ limit: BATCH }));
    if (row === undefined || row.deleted < BATCH) return;
  }
}
