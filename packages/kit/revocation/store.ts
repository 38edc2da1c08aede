import { statementsOf } from '../db/statement.ts';
import type { StoreStatements } from './store.rows.generated.ts';

const statement = statementsOf<StoreStatements>('platform');

/** Stores marks. */
export const insertRevocations = statement('insertRevocations', {
  actions: [],
  text: `
    insert into platform.revocations (subject, revoked_at, expires_at)
    select m.subject, m.revoked_at, m.expires_at
    from unnest(:subjects::text[], :revokedAt::timestamptz[], :expiresAt::timestamptz[])
      as m (subject, revoked_at, expires_at)`,
});

/**
 * The oldest transaction that still runs: whatever was written by an older one can be seen, or never will be. Asked
 * before the marks, so that what commits between the two questions is only given twice.
 */
export const readRevocationBounds = statement('readRevocationBounds', {
  actions: [],
  text: 'select pg_snapshot_xmin(pg_current_snapshot())::text as "floor"',
  notNull: ['floor'],
});

/** Marks that still count, after a place in the order of transactions and numbers. */
export const readRevocations = statement('readRevocations', {
  actions: [],
  text: `
    select seq, xact::text as "xact", subject, revoked_at as "revokedAt", expires_at as "expiresAt"
    from platform.revocations
    where (xact, seq) > (:xact::text::xid8, :seq::bigint) and expires_at > now()
    order by xact, seq
    limit :limit::bigint`,
  notNull: ['xact'],
});
