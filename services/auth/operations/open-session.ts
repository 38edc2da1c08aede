import { SECOND_MS } from '@candlefish/base/time';
import type { GroupTx, Tx } from '@candlefish/kit/context';
import { type SigningKey, signAccessToken } from '@candlefish/kit/identity';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { addressPrefix } from '../domain/address.ts';
import { ACCESS_TOKEN_MS, IDLE_MS, SESSION_MS } from '../domain/session.ts';
import type { SessionsStatements } from '../store/sessions.rows.generated.ts';
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

/** A session that is about to begin. */
interface NewSession extends SessionOwner {
  readonly id: string;
  readonly seed: Uint8Array;
}

/** Draws up a session; `beginSession` makes it one. */
export const newSession = (ctx: AuthCtx, owner: SessionOwner): NewSession => ({
  ...owner,
  id: ctx.ids.next(),
  seed: ctx.service.randomBytes(SEED_BYTES),
});

/** The statement that begins a session, and answers whose it is. */
export const beginSession = (ctx: AuthCtx, session: NewSession) =>
  insertSession({ ...session, ...clientOf(ctx), idleS: IDLE_MS / SECOND_MS, sessionS: SESSION_MS / SECOND_MS });

/**
 * What follows from the row of `beginSession`.
 * @returns what its tokens are made from.
 * @throws AppError ACCOUNT_DISABLED when there is none: the member may not act there (any more).
 */
export function sessionBegun(
  ctx: AuthCtx,
  tx: Pick<GroupTx<'auth:login'>, 'emit' | 'afterCommit'>,
  { id: sessionId, seed, userId, tenantId }: NewSession,
  member: SessionsStatements['insertSession']['row'] | undefined,
): IssueInput {
  if (member === undefined) throw authErrors.accountDisabled();
  tx.emit(authEvents.sessionStarted, { sessionId, userId });
  tx.afterCommit(() => sessionStarted(ctx, sessionId, tenantId));
  return { ...member, userId, tenantId, sessionId, seed, generation: 0, issuedAt: member.rotatedAt };
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
  const session = newSession(ctx, owner);
  const member = await tx.first(beginSession(ctx, session));
  return issueTokens(ctx, signer, sessionBegun(ctx, tx, session, member));
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
