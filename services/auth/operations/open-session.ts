import { SECOND_MS } from '@candlefish/base/time';
import type { Tx } from '@candlefish/kit/context';
import { type SigningKey, signAccessToken } from '@candlefish/kit/identity';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { addressPrefix } from '../domain/address.ts';
import { ACCESS_TOKEN_MS, IDLE_MS, SESSION_MS } from '../domain/session.ts';
import { insertSession } from '../store/sessions.ts';
import { sessionStarted } from '../telemetry.ts';
import type { SessionOwner } from './actors.ts';
import { permissionsOf } from './permissions.ts';
import type { User } from './users.ts';

const SEED_BYTES = 32;
const USER_AGENT_CHARS_MAX = 300;

/** A pair of tokens and who they speak for. */
export interface SignIn {
  /** Access token. */
  readonly token: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
  readonly user: User;
}

/**
 * Begins a session of a member in the tenant of the transaction.
 * @param signer Asked for before the transaction: keys are read anew from time to time, over a connection of their own.
 * @throws AppError ACCOUNT_DISABLED when the member may not act there (any more).
 */
export async function openSession(
  ctx: AuthCtx,
  tx: Tx<'auth:signup' | 'auth:login' | 'tenant:switch'>,
  owner: SessionOwner,
  signer: SigningKey,
): Promise<SignIn> {
  const sessionId = ctx.ids.next();
  const seed = ctx.service.randomBytes(SEED_BYTES);
  const member = await tx.first(
    insertSession({
      ...owner,
      ...clientOf(ctx),
      id: sessionId,
      seed,
      idleS: IDLE_MS / SECOND_MS,
      sessionS: SESSION_MS / SECOND_MS,
    }),
  );
  if (member === undefined) throw authErrors.accountDisabled();
  tx.emit(authEvents.sessionStarted, { sessionId, userId: owner.userId });
  sessionStarted(ctx, sessionId, owner.tenantId);
  const issued = { ...owner, ...member, sessionId, seed, generation: 0, issuedAt: member.rotatedAt };
  return issueTokens(ctx, signer, issued);
}

/** What the pair of tokens of a session is made from. */
export interface IssueInput extends SessionOwner {
  readonly sessionId: string;
  readonly seed: Uint8Array;
  readonly generation: number;
  /** The database's time, read while the membership was held. */
  readonly issuedAt: Date;
  readonly email: string;
  readonly role: string;
  readonly permissions: unknown;
  readonly joinedAt: Date;
  readonly lastLogin: Date | null;
  readonly tenantName: string;
  readonly tenantSlug: string;
  readonly tenantPlan: string;
  readonly tenantCreatedAt: Date;
}

/** The pair of tokens of a session's generation. */
export function issueTokens(ctx: AuthCtx, signer: SigningKey, input: IssueInput): SignIn {
  const { refreshTokens, settings } = ctx.service;
  const { userId, tenantId, sessionId, role, email, joinedAt, lastLogin, issuedAt } = input;
  const { tenantName: name, tenantSlug: slug, tenantPlan: plan, tenantCreatedAt: createdAt } = input;
  const tenant = { id: tenantId, name, slug, plan, createdAt };
  const expiresAt = new Date(issuedAt.getTime() + ACCESS_TOKEN_MS);
  const permissions = permissionsOf(input.permissions);
  const claims = { id: ctx.ids.next(), userId, sessionId, tenantId, role, permissions, issuedAt, expiresAt };
  return {
    token: signAccessToken(signer, settings, claims),
    refreshToken: refreshTokens.make(sessionId, input.seed, input.generation),
    expiresIn: ACCESS_TOKEN_MS / SECOND_MS,
    user: { id: userId, email, role, tenantId, isDisabled: false, joinedAt, lastLogin, tenant },
  };
}

/** What a session remembers of the client, for its owner to recognise it by. */
export const clientOf = (ctx: AuthCtx): { readonly userAgent: string; readonly address: string } => ({
  userAgent: printable(ctx.http?.header('user-agent') ?? '').slice(0, USER_AGENT_CHARS_MAX),
  address: addressPrefix(ctx.clientAddress),
});

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
