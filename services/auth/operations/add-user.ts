import { type Tx, tenantOf } from '@candlefish/kit/context';
import { violates } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { insertMembership } from '../store/memberships.ts';
import { findAccount, insertUser } from '../store/users.ts';
import { checkPassword, emailOf } from './inputs.ts';
import { checkMayGive } from './member-roles.ts';

/** Whom to add. */
export interface AddUserInput {
  readonly email: string;
  readonly role: string;
  /** First password of a new account; without effect when the address has one. */
  readonly password: string;
}

/**
 * Makes somebody a member of the caller's tenant. An address without an account gets one; the answer has the same shape
 * and takes the same work for both.
 * @returns Id of the member.
 * @throws AppError VALIDATION_FAILED, FORBIDDEN for a role above the caller's, ALREADY_MEMBER
 */
export async function addUser(ctx: AuthCtx, input: AddUserInput): Promise<string> {
  const grant = ctx.authorize('user:create');
  const tenantId = tenantOf(grant);
  const email = emailOf(input.email);
  checkPassword(input.password, email);
  const passwordHash = await ctx.service.passwords.hash(input.password, ctx.signal);
  try {
    return await ctx.tx(grant, async (tx) => {
      await checkMayGive(ctx, tx, tenantId, input.role);
      const account = await tx.first(findAccount({ email, address: '' }));
      const userId = account?.userId ?? (await makeAccount(tx, { id: ctx.ids.next(), email, passwordHash, tenantId }));
      const member = await tx.first(insertMembership({ userId, tenantId, role: input.role }));
      if (member === undefined) throw authErrors.alreadyMember();
      tx.emit(authEvents.userAdded, { userId, role: input.role });
      return userId;
    });
  } catch (error) {
    // Somebody made the account in between; the next try finds it.
    if (violates(error, 'users_by_email')) throw platformErrors.conflict({ cause: error });
    throw error;
  }
}

async function makeAccount(tx: Tx<'user:create'>, account: Parameters<typeof insertUser>[0]): Promise<string> {
  await tx.run(insertUser(account));
  return account.id;
}
