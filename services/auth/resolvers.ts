import { batched } from '@candlefish/kit/graphql';
import { toConnection } from '@candlefish/kit/page';
import type { AuthCtx } from './ctx.ts';
import { addUser } from './operations/add-user.ts';
import { listApiKeys } from './operations/api-keys.ts';
import { createApiKey } from './operations/create-api-key.ts';
import { createRole } from './operations/create-role.ts';
import { createTenant } from './operations/create-tenant.ts';
import { deleteRole } from './operations/delete-role.ts';
import { idKey } from './operations/id-page.ts';
import { logIn } from './operations/log-in.ts';
import { logOut } from './operations/log-out.ts';
import { findMembership, listMemberships } from './operations/memberships.ts';
import type { SignIn } from './operations/open-session.ts';
import { dropRefreshCookie, keepRefreshCookie, refreshTokenOf } from './operations/refresh-cookie.ts';
import { refreshSession } from './operations/refresh-session.ts';
import { removeUser } from './operations/remove-user.ts';
import { rerollApiKey } from './operations/reroll-api-key.ts';
import { revokeApiKey } from './operations/revoke-api-key.ts';
import { revokeSession } from './operations/revoke-session.ts';
import { listRoles } from './operations/roles.ts';
import { listSessions } from './operations/sessions.ts';
import { signUp } from './operations/sign-up.ts';
import { switchTenant } from './operations/switch-tenant.ts';
import { findTenants, type Tenant } from './operations/tenants.ts';
import { updateRole } from './operations/update-role.ts';
import { updateUser } from './operations/update-user.ts';
import { findUser, findUsers, listUsers, me, type User } from './operations/users.ts';
import type { Resolvers } from './schema.generated.ts';

const userById = batched<AuthCtx, User>(findUsers, (user) => user.id);
const tenantById = batched<AuthCtx, Tenant>(findTenants, (tenant) => tenant.id);

/** Leaves the refresh token with a browser as a cookie, too. */
const signedIn = (ctx: AuthCtx, signIn: SignIn): SignIn => {
  keepRefreshCookie(ctx, signIn);
  return signIn;
};

/** The subgraph of this service. */
export const resolvers = {
  Query: {
    me: (_parent, _args, ctx) => (ctx.actor.kind === 'anonymous' ? null : me(ctx)),
    users: async (_parent, args, ctx) => (await listUsers(ctx, args)).rows,
    usersConnection: async (_parent, args, ctx) => toConnection(await listUsers(ctx, args), args, idKey),
    user: (_parent, { id }, ctx) => userById(ctx, id),
    memberships: (_parent, _args, ctx) => listMemberships(ctx),
    roles: (_parent, _args, ctx) => listRoles(ctx),
    apiKeys: async (_parent, args, ctx) => (await listApiKeys(ctx, args)).rows,
    apiKeysConnection: async (_parent, args, ctx) => toConnection(await listApiKeys(ctx, args), args, idKey),
    sessions: async (_parent, args, ctx) => (await listSessions(ctx, args)).rows,
    sessionsConnection: async (_parent, args, ctx) => toConnection(await listSessions(ctx, args), args, idKey),
  },
  Mutation: {
    signup: async (_parent, { input }, ctx) => signedIn(ctx, await signUp(ctx, input)),
    login: async (_parent, { input }, ctx) => signedIn(ctx, await logIn(ctx, input)),
    logout: async (_parent, _args, ctx) => {
      await logOut(ctx);
      dropRefreshCookie(ctx);
      return true;
    },
    refreshToken: async (_parent, args, ctx) =>
      signedIn(ctx, await refreshSession(ctx, refreshTokenOf(ctx, args.refreshToken))),
    switchTenant: async (_parent, args, ctx) => signedIn(ctx, await switchTenant(ctx, args)),
    createTenant: async (_parent, { input }, ctx) => findMembership(ctx, await createTenant(ctx, input)),
    addUser: async (_parent, { input }, ctx) => findUser(ctx, await addUser(ctx, input)),
    updateUser: async (_parent, { id, input }, ctx) => {
      await updateUser(ctx, id, { role: input.role ?? undefined, isDisabled: input.isDisabled ?? undefined });
      return findUser(ctx, id);
    },
    removeUser: async (_parent, { id }, ctx) => {
      await removeUser(ctx, id);
      return true;
    },
    createRole: (_parent, { input }, ctx) => createRole(ctx, input),
    updateRole: (_parent, { id, input }, ctx) => updateRole(ctx, id, input),
    deleteRole: async (_parent, { id }, ctx) => {
      await deleteRole(ctx, id);
      return true;
    },
    createApiKey: (_parent, { input }, ctx) => createApiKey(ctx, input),
    rerollApiKey: (_parent, { id, overlapSeconds }, ctx) => rerollApiKey(ctx, id, { overlapSeconds }),
    revokeApiKey: async (_parent, { id }, ctx) => {
      await revokeApiKey(ctx, id);
      return true;
    },
    revokeSession: async (_parent, { id }, ctx) => {
      await revokeSession(ctx, id);
      return true;
    },
  },
  User: {
    __resolveReference: ({ id }, ctx) => userById(ctx, id),
    tenant: (user, _args, ctx) => user.tenant ?? tenantById(ctx, user.tenantId),
  },
  Tenant: {
    __resolveReference: ({ id }, ctx) => tenantById(ctx, id),
  },
  ApiKey: {
    user: (apiKey, _args, ctx) => userById(ctx, apiKey.userId),
  },
  NewApiKey: {
    apiKey: (made) => made,
  },
} satisfies Resolvers;
