import type { Tx } from '@candlefish/kit/context';
import { type SigningKey, subjects } from '@candlefish/kit/identity';
import type { RevocationMark } from '@candlefish/kit/revocation';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx, PresentedRefreshToken } from '../ctx.ts';
import { decideRefresh, expiryAfter } from '../domain/session.ts';
import { holdMembership } from '../store/memberships.ts';
import { findSessionOwner, lockSession, readTime, revokeSession, rotateSession } from '../store/sessions.ts';
import { refreshReused } from '../telemetry.ts';
import { asOwner, type SessionOwner } from './actors.ts';
import { clientOf, issueTokens, type SignIn } from './open-session.ts';
import { announce, revoke } from './revoke.ts';

/** What a refresh came to. A refusal is a result and no error inside, since the end of a stolen family must commit. */
type Outcome =
  | { readonly kind: 'issued'; readonly signIn: SignIn }
  | { readonly kind: 'reused'; readonly marks: readonly RevocationMark[] }
  | { readonly kind: 'refused' };

/**
 * The next pair of tokens of a session. Tabs that refresh at the same time all get the same one; a token that was
 * replaced more than ten seconds ago ends the session for everybody who holds it.
 * @throws AppError SESSION_ENDED, for whatever reason
 */
export async function refreshSession(ctx: AuthCtx, refreshToken: string): Promise<SignIn> {
  const grant = ctx.authorize('auth:refresh');
  const presented = ctx.service.refreshTokens.read(refreshToken);
  if (presented === null) throw authErrors.sessionEnded();
  const owner = await ctx.first(grant, findSessionOwner({ id: presented.sessionId }));
  if (owner === undefined) throw authErrors.sessionEnded();
  const scoped = asOwner(ctx, owner);
  const signer = await ctx.service.signingKeys.signer();
  const outcome = await scoped.tx(scoped.authorize('auth:refresh'), (tx) =>
    decide(scoped, tx, owner, { presented, signer }),
  );
  if (outcome.kind === 'issued') return outcome.signIn;
  if (outcome.kind === 'reused') {
    refreshReused(ctx, presented.sessionId, owner.tenantId);
    await announce(ctx, outcome.marks);
  }
  throw authErrors.sessionEnded();
}

/** The membership is locked before the session, as everywhere, so that nobody waits in a circle. */
async function decide(
  ctx: AuthCtx,
  tx: Tx<'auth:refresh'>,
  owner: SessionOwner,
  { presented, signer }: { readonly presented: PresentedRefreshToken; readonly signer: SigningKey },
): Promise<Outcome> {
  const member = await tx.first(holdMembership(owner));
  const session = await tx.first(lockSession({ tenantId: owner.tenantId, id: presented.sessionId }));
  if (session === undefined || !ctx.service.refreshTokens.isGenuine(presented, session.seed))
    return { kind: 'refused' };
  const { now } = await tx.one(readTime());
  const decision = decideRefresh({ ...session, isRevoked: session.revokedAt !== null }, presented.generation, now);
  if (decision.kind === 'reuse') return endReused(tx, owner, session.id);
  if (decision.kind === 'ended' || member === undefined || member.disabledAt !== null) return { kind: 'refused' };
  const { generation } = decision;
  if (decision.kind === 'rotate') {
    const expiresAt = expiryAfter(now, session.endsAt);
    const place = { tenantId: owner.tenantId, id: session.id };
    tx.write(rotateSession({ ...place, ...clientOf(ctx), generation, rotatedAt: now, expiresAt }));
  }
  const { seed } = session;
  const issued = { ...owner, ...member, sessionId: session.id, seed, generation, issuedAt: now };
  return { kind: 'issued', signIn: issueTokens(ctx, signer, issued) };
}

async function endReused(tx: Tx<'auth:refresh'>, owner: SessionOwner, sessionId: string): Promise<Outcome> {
  await tx.run(revokeSession({ tenantId: owner.tenantId, id: sessionId, reason: 'reuse' }));
  const marks = await revoke(tx, [subjects.session(sessionId)]);
  tx.emit(authEvents.sessionEnded, { sessionId, userId: owner.userId, reason: 'reuse' });
  return { kind: 'reused', marks };
}
