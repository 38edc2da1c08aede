import { statementsOf } from '@candlefish/kit/db';
import type { RevocationsStatements } from './revocations.rows.generated.ts';

const statement = statementsOf<RevocationsStatements>('auth');

/**
 * Marks subjects as revoked, in the transaction of the change they are about. Run it after the changed rows are locked:
 * then every token signed on what they said before is older than the mark.
 */
export const insertRevocations = statement('insertRevocations', {
  actions: [
    'auth:refresh',
    'auth:logout',
    'session:revoke',
    'tenant:switch',
    'user:update',
    'user:remove',
    'role:update',
    'api-key:revoke',
    'api-key:reroll',
  ],
  text: `
    insert into platform.revocations (subject, revoked_at, expires_at)
    select s.subject, t.now, t.now + make_interval(secs => :keptS::float8)
    from unnest(:subjects::text[]) as s (subject), (select clock_timestamp() as now) t
    returning subject, revoked_at as "revokedAt", expires_at as "expiresAt"`,
});

/** Deletes marks past their time. */
export const deleteExpiredRevocations = statement('deleteExpiredRevocations', {
  actions: ['auth:sweep'],
  text: `
    delete from platform.revocations
    where seq in (select seq from platform.revocations where expires_at <= now() order by expires_at limit :limit::bigint)`,
});
