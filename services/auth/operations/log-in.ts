import { authErrors } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { addressPrefix } from '../domain/address.ts';
import { normalizeEmail } from '../domain/email.ts';
import { findAccount, recordLogin } from '../store/users.ts';
import { loginRefused } from '../telemetry.ts';
import { asOwner } from './actors.ts';
import { beginSession, issueTokens, newSession, type SignIn, sessionBegun } from './open-session.ts';
import { throttleAccount, throttleAddress } from './throttle.ts';

/** An account and its password. */
export interface LogInInput {
  readonly email: string;
  readonly password: string;
}

/**
 * Signs a person in to their home tenant, or to the one they joined first when they may not act at home. An unknown
 * address costs the same work and gets the same answer as a wrong password.
 * @throws AppError INVALID_CREDENTIALS, ACCOUNT_DISABLED (after the right password only), RATE_LIMITED
 */
export async function logIn(ctx: AuthCtx, input: LogInInput): Promise<SignIn> {
  const grant = ctx.authorize('auth:login');
  await throttleAddress(ctx);
  const email = normalizeEmail(input.email) ?? '';
  const account = await ctx.first(grant, findAccount({ email, address: addressPrefix(ctx.clientAddress) }));
  await throttleAccount(ctx, email, account?.isFamiliar === true);

  const { passwords } = ctx.service;
  const { matches, needsRehash } = await passwords.verify(account?.passwordHash ?? null, input.password, ctx.signal);
  if (account === undefined || !matches) {
    loginRefused(ctx, account === undefined ? 'unknown' : 'password');
    throw authErrors.invalidCredentials();
  }
  if (account.openTenantId === null) {
    loginRefused(ctx, 'disabled');
    throw authErrors.accountDisabled();
  }
  const passwordHash = needsRehash ? await passwords.hash(input.password, ctx.signal) : null;
  const login = recordLogin({ id: account.userId, tenantId: account.tenantId, passwordHash });
  const owner = { userId: account.userId, tenantId: account.openTenantId };
  const isAtHome = account.openTenantId === account.tenantId;
  if (!isAtHome) {
    const home = asOwner(ctx, account);
    await home.query(home.authorize('auth:login'), login);
  }
  const scoped = asOwner(ctx, owner);
  const signer = await ctx.service.signingKeys.signer();
  const session = newSession(scoped, owner);
  const begun = await scoped.groupTx(scoped.authorize('auth:login'), beginSession(scoped, session), (tx, [member]) => {
    const issued = sessionBegun(scoped, tx, session, member);
    if (isAtHome) tx.write(login);
    return issued;
  });
  return issueTokens(scoped, signer, begun);
}
