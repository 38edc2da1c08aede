import { SECOND_MS } from '@candlefish/base/time';
import type { Tx } from '@candlefish/kit/context';
import type { RevocationMark } from '@candlefish/kit/revocation';
import type { AuthCtx } from '../ctx.ts';
import { ACCESS_TOKEN_MS } from '../domain/session.ts';
import { insertRevocations } from '../store/revocations.ts';

/** A mark outlives every token it refuses, with a minute for clocks that are apart. */
const KEPT_MS = ACCESS_TOKEN_MS + 60 * SECOND_MS;

type Revoking =
  | 'auth:refresh'
  | 'auth:logout'
  | 'session:revoke'
  | 'tenant:switch'
  | 'user:update'
  | 'user:remove'
  | 'role:update'
  | 'api-key:revoke'
  | 'api-key:reroll';

/**
 * Revokes subjects with the transaction: what is refused and why are stored together or not at all. Call it after the
 * changed rows are locked, and `announce` once the transaction has committed.
 */
export function revoke(tx: Tx<Revoking>, subjects: readonly string[]): Promise<readonly RevocationMark[]> {
  return tx.run(insertRevocations({ subjects, keptS: KEPT_MS / SECOND_MS }));
}

/** Tells every node of committed marks at once; those that do not hear it read them from the log within half a second. */
export const announce = (ctx: AuthCtx, marks: readonly RevocationMark[]): Promise<void> =>
  marks.length === 0 ? Promise.resolve() : ctx.service.revocations.announce(marks);
