import type { Tx } from '@candlefish/kit/context';
import { violates } from '@candlefish/kit/db';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { slugOf, slugWith } from '../domain/slug.ts';
import { insertMembership } from '../store/memberships.ts';
import { insertTenant } from '../store/tenants.ts';
import { insertUser } from '../store/users.ts';
import { asOwner } from './actors.ts';
import { checkPassword, emailOf, nameOf } from './inputs.ts';
import { openSession, type SignIn } from './open-session.ts';
import { throttleSignups } from './throttle.ts';

const TENANT_NAME_CHARS_MAX = 255;

/** Who signs up, and the name of the tenant they open. */
export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly tenantName: string;
}

/**
 * Makes a tenant and its first owner, signed in. The password is hashed before the address is looked at, so a taken
 * address takes as long as a free one to be refused.
 * @throws AppError VALIDATION_FAILED, EMAIL_TAKEN, RATE_LIMITED
 */
export async function signUp(ctx: AuthCtx, input: SignUpInput): Promise<SignIn> {
  ctx.authorize('auth:signup');
  const email = emailOf(input.email);
  const name = nameOf(input.tenantName, '/tenantName', TENANT_NAME_CHARS_MAX);
  checkPassword(input.password, email);
  await throttleSignups(ctx);
  const passwordHash = await ctx.service.passwords.hash(input.password, ctx.signal);

  const owner = { userId: ctx.ids.next(), tenantId: ctx.ids.next() };
  const scoped = asOwner(ctx, owner);
  const grant = scoped.authorize('auth:signup');
  const signer = await ctx.service.signingKeys.signer();
  try {
    return await scoped.tx(grant, async (tx) => {
      await makeTenant(tx, { id: owner.tenantId, name });
      await tx.run(insertUser({ id: owner.userId, email, passwordHash, tenantId: owner.tenantId }));
      await tx.run(insertMembership({ ...owner, role: 'owner' }));
      tx.emit(authEvents.tenantCreated, owner);
      tx.emit(authEvents.userSignedUp, owner);
      return openSession(scoped, tx, owner, signer);
    });
  } catch (error) {
    if (violates(error, 'users_by_email')) throw authErrors.emailTaken({ cause: error });
    throw error;
  }
}

/** Stores a tenant under a slug of its name, or of its name and id when that is taken. */
export async function makeTenant(
  tx: Tx<'auth:signup' | 'tenant:create' | 'auth:demo'>,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<void> {
  const slug = slugOf(name);
  const made = await tx.first(insertTenant({ id, name, slug }));
  if (made === undefined) await tx.one(insertTenant({ id, name, slug: slugWith(slug, id) }));
}
