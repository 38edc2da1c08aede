import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { PageRequest } from '@candlefish/kit/page';
import type { AuthCtx } from '../ctx.ts';
import { normalizeEmail } from '../domain/email.ts';
import type { UsersStatements } from '../store/users.rows.generated.ts';
import * as store from '../store/users.ts';
import { userIdOf } from './actors.ts';
import { idKey, idPage } from './id-page.ts';
import { textOf } from './inputs.ts';
import type { Tenant } from './tenants.ts';

const ROLE_CHARS_MAX = 50;

/** A member of a tenant. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly tenantId: string;
  /** Whether they may not act in this tenant. */
  readonly isDisabled: boolean;
  readonly joinedAt: Date;
  /** Last sign-in with the password; null where the tenant is not the person's home, which it is no business of. */
  readonly lastLogin: Date | null;
  /** The tenant, where it is at hand: whoever has just signed in may not ask for it yet. */
  readonly tenant?: Tenant;
}

/** Which members a list shows. */
export interface UserFilter {
  readonly role?: string | null | undefined;
  /** The whole address, in any case. */
  readonly email?: string | null | undefined;
  readonly isDisabled?: boolean | null | undefined;
}

/** The member of a row. */
const toUser = (row: UsersStatements['findUsers']['row'], tenantId: string): User => ({
  id: row.id,
  email: row.email,
  role: row.role,
  tenantId,
  isDisabled: row.disabledAt !== null,
  joinedAt: row.joinedAt,
  lastLogin: row.lastLogin,
});

/** The caller; for a key its owner. @throws AppError UNAUTHENTICATED, FORBIDDEN */
export async function me(ctx: AuthCtx): Promise<User> {
  const grant = ctx.authorize('me:read');
  const tenantId = tenantOf(grant);
  const row = await ctx.first(grant, store.findUsers({ tenantId, ids: [userIdOf(ctx)] }));
  // The token outlived the membership by less than a second.
  if (row === undefined) throw platformErrors.unauthenticated();
  return toUser(row, tenantId);
}

/** A page of members in the order of their ids. */
export async function listUsers(
  ctx: AuthCtx,
  request: PageRequest & { readonly filter?: UserFilter | null | undefined },
): Promise<Page<User>> {
  const grant = ctx.authorize('user:read');
  const tenantId = tenantOf(grant);
  const { limit, after } = idPage(request);
  const { role, email, isDisabled } = request.filter ?? {};
  const rows = await ctx.query(
    grant,
    store.listUsers({
      tenantId,
      after,
      role: role === undefined || role === null ? null : textOf(role, '/role', ROLE_CHARS_MAX),
      // What is no address belongs to nobody.
      email: email === undefined || email === null ? null : (normalizeEmail(email) ?? ''),
      isDisabled: isDisabled ?? null,
      limit: limit + 1,
    }),
  );
  return toPage(
    rows.map((row) => toUser(row, tenantId)),
    limit,
    idKey,
  );
}

/** Members by id; ids of nobody here are left out. */
export async function findUsers(ctx: AuthCtx, ids: readonly string[]): Promise<readonly User[]> {
  const grant = ctx.authorize('user:read');
  const tenantId = tenantOf(grant);
  const known = ids.filter(isUuid);
  if (known.length === 0) return [];
  const rows = await ctx.query(grant, store.findUsers({ tenantId, ids: known }));
  return rows.map((row) => toUser(row, tenantId));
}

/** Which members a search is for. */
export interface UserSearch {
  /** A part of the address, in any case. */
  readonly text: string;
  /** Only these, and those with one of the roles; null with `roles` null for everybody. */
  readonly ids: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly limit: number;
}

/** Members who may act and whose address holds a text, in the order of their addresses. */
export async function searchUsers(
  ctx: AuthCtx,
  search: UserSearch,
): Promise<readonly { readonly id: string; readonly email: string }[]> {
  const grant = ctx.authorize('user:read');
  return ctx.query(grant, store.searchUsers({ tenantId: tenantOf(grant), ...search }));
}

/** One member. @throws AppError NOT_FOUND */
export async function findUser(ctx: AuthCtx, id: string): Promise<User> {
  const [user] = await findUsers(ctx, [id]);
  if (user === undefined) throw platformErrors.notFound();
  return user;
}
