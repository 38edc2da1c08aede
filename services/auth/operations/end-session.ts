import type { Tx } from '@candlefish/kit/context';
import { subjects } from '@candlefish/kit/identity';
import type { RevocationMark } from '@candlefish/kit/revocation';
import { authEvents } from '../contract.ts';
import { lockSession, revokeSession } from '../store/sessions.ts';
import { revoke } from './revoke.ts';

/** Which session ends, and why. */
export interface EndSessionInput {
  readonly tenantId: string;
  readonly id: string;
  /** Only a session of this person. */
  readonly userId: string;
  readonly reason: 'logout' | 'revoked' | 'switched';
}

/** Ends a session; null when there is none of this person. Ending an ended one marks it again, which does no harm. */
export async function endSession(
  tx: Tx<'auth:logout' | 'session:revoke' | 'tenant:switch'>,
  { tenantId, id, userId, reason }: EndSessionInput,
): Promise<readonly RevocationMark[] | null> {
  const session = await tx.first(lockSession({ tenantId, id }));
  if (session === undefined || session.userId !== userId) return null;
  const ended = await tx.first(revokeSession({ tenantId, id, reason }));
  if (ended !== undefined) tx.emit(authEvents.sessionEnded, { sessionId: id, userId, reason });
  return revoke(tx, [subjects.session(id)]);
}
