import { PAGE_SIZE_MAX } from '@candlefish/base/page';
import { defineCall } from '@candlefish/kit/calls';
import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import type { VerifiedApiKey } from '@candlefish/kit/identity';
import { PageQuery, pageSchema } from '@candlefish/kit/page';
import { type Static, type TObject, type TProperties, Type } from 'typebox';

/** Refusals of this service that a caller can act on. */
export const authErrors = defineErrors({
  invalidCredentials: {
    code: 'INVALID_CREDENTIALS',
    status: 401,
    title: 'The e-mail address or the password is wrong.',
  },
  sessionEnded: { code: 'SESSION_ENDED', status: 401, title: 'The session has ended; sign in again.' },
  accountDisabled: { code: 'ACCOUNT_DISABLED', status: 403, title: 'The account may not act in any tenant.' },
  csrfRefused: {
    code: 'CSRF_REFUSED',
    status: 403,
    title: 'A request by cookie needs a JSON body and the header X-Candlefish-Csrf: 1.',
  },
  emailTaken: { code: 'EMAIL_TAKEN', status: 409, title: 'There is an account with this e-mail address.' },
  alreadyMember: { code: 'ALREADY_MEMBER', status: 409, title: 'This person is a member already.' },
  lastOwner: { code: 'LAST_OWNER', status: 409, title: 'A tenant keeps at least one owner who may act.' },
  roleNameTaken: { code: 'ROLE_NAME_TAKEN', status: 409, title: 'There is a role with this name.' },
  roleInUse: { code: 'ROLE_IN_USE', status: 409, title: 'The role is held by members; give them another one first.' },
  apiKeyEnded: { code: 'API_KEY_ENDED', status: 409, title: 'The key is revoked or past its time.' },
  tooMany: { code: 'TOO_MANY', status: 409, title: 'The limit of such things is reached; remove one first.' },
});

const STRICT = { additionalProperties: false } as const;
const strict = <P extends TProperties>(properties: P): TObject<P> => Type.Object(properties, STRICT);
const Id = Type.String({ format: 'uuid', description: 'A UUID of version 7.' });
const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601.' });
const OptionalTime = Type.Union([Time, Type.Null()]);
const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  description: 'An e-mail address; upper and lower case are the same.',
});
const Password = Type.String({ minLength: 1, maxLength: 200 });
const NewPassword = Type.String({
  minLength: 8,
  maxLength: 200,
  description: '8 to 200 characters of any kind, not one of the most used passwords.',
});
const RoleName = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,49}$',
  description: 'owner, admin, manager, staff, field, finance, viewer, or a role of the tenant.',
});
const Permission = Type.String({ maxLength: 100, pattern: '^(\\*|[a-z][a-z0-9_-]*:(\\*|[a-z][a-z0-9_-]*))$' });
const Permissions = Type.Array(Permission, {
  minItems: 1,
  maxItems: 200,
  uniqueItems: true,
  description: 'Such as agent:read, agent:* or *; never more than the caller may do.',
});

const SignedInUser = strict({ id: Id, email: Type.String(), role: Type.String(), tenantId: Id });
const User = strict({
  id: Id,
  email: Type.String(),
  role: Type.String(),
  tenantId: Id,
  isDisabled: Type.Boolean({ description: 'Whether the person may not act in this tenant.' }),
  joinedAt: Time,
  lastLogin: OptionalTime,
});
const Membership = strict({
  tenantId: Id,
  tenantName: Type.String(),
  tenantSlug: Type.String(),
  role: Type.String(),
  isDisabled: Type.Boolean(),
  isCurrent: Type.Boolean({ description: 'Whether the credential in use speaks for this tenant.' }),
  joinedAt: Time,
});
const Role = strict({
  id: Type.Union([Id, Type.Null()], { description: 'Null for a built-in role.' }),
  name: Type.String(),
  description: Type.String(),
  permissions: Type.Array(Type.String()),
  isBuiltIn: Type.Boolean(),
  createdAt: OptionalTime,
  updatedAt: OptionalTime,
});
const ApiKey = {
  id: Id,
  userId: Id,
  name: Type.String(),
  prefix: Type.String({ description: 'How the key begins.' }),
  scopes: Type.Array(Type.String()),
  rateLimit: Type.Integer({ description: 'Requests per hour.' }),
  expiresAt: OptionalTime,
  lastUsedAt: OptionalTime,
  revokedAt: OptionalTime,
  createdAt: Time,
};
const Session = strict({
  id: Id,
  userAgent: Type.String(),
  address: Type.String({ description: 'Network the session was last used from: /24 of IPv4, /48 of IPv6.' }),
  isCurrent: Type.Boolean(),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
});

/** Shapes of requests and answers: one object each for validation, OpenAPI and types. */
export const schemas = {
  SignupBody: strict({
    email: Email,
    password: NewPassword,
    tenantName: Type.String({ minLength: 1, maxLength: 255 }),
  }),
  LoginBody: strict({ email: Email, password: Password }),
  RefreshBody: strict({ refreshToken: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
  SwitchBody: strict({ tenantId: Id }),
  SignIn: strict({
    token: Type.String({ description: 'Access token (JWT), to be sent as `Authorization: Bearer`.' }),
    refreshToken: Type.String({ description: 'Gives the next pair of tokens, once.' }),
    expiresIn: Type.Integer({ description: 'Seconds until the access token expires.' }),
    user: SignedInUser,
  }),
  User,
  UserPage: pageSchema(User),
  UserQuery: strict({
    ...PageQuery,
    role: Type.Optional(RoleName),
    email: Type.Optional(Email),
    isDisabled: Type.Optional(Type.Boolean()),
  }),
  AddUserBody: strict({ email: Email, role: RoleName, password: NewPassword }),
  UpdateUserBody: Type.Object(
    { role: Type.Optional(RoleName), isDisabled: Type.Optional(Type.Boolean()) },
    { ...STRICT, minProperties: 1 },
  ),
  Membership,
  MembershipList: strict({ data: Type.Array(Membership) }),
  CreateTenantBody: strict({ name: Type.String({ minLength: 1, maxLength: 255 }) }),
  Role,
  RoleList: strict({ data: Type.Array(Role) }),
  CreateRoleBody: strict({
    name: RoleName,
    description: Type.Optional(Type.String({ maxLength: 500 })),
    permissions: Permissions,
  }),
  UpdateRoleBody: Type.Object(
    { description: Type.Optional(Type.String({ maxLength: 500 })), permissions: Type.Optional(Permissions) },
    { ...STRICT, minProperties: 1 },
  ),
  ApiKey: strict(ApiKey),
  NewApiKey: strict({ ...ApiKey, key: Type.String({ description: 'The key itself, shown this once.' }) }),
  ApiKeyPage: pageSchema(strict(ApiKey)),
  ApiKeyQuery: strict({ ...PageQuery, withRevoked: Type.Optional(Type.Boolean()) }),
  CreateApiKeyBody: strict({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Permissions,
    rateLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1_000 })),
    expiresAt: Type.Optional(Time),
  }),
  RerollApiKeyBody: strict({
    overlapSeconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 604_800, default: 86_400, description: 'How long the old key still works.' }),
    ),
  }),
  SessionPage: pageSchema(Session),
  PageQuery: strict(PageQuery),
  IdParams: strict({ id: Id }),
  PublicKeys: strict({
    keys: Type.Array(
      strict({
        kty: Type.String(),
        crv: Type.String(),
        x: Type.String({ description: 'The public key, base64url.' }),
        kid: Type.String(),
        use: Type.String(),
        alg: Type.String(),
      }),
    ),
  }),
};

const event = <P extends TProperties>(name: string, payload: P) =>
  defineEvent({ name: `auth.${name}`, payload: strict(payload) });

/** What happened to identities. Payloads hold ids, never addresses. */
export const authEvents = {
  userSignedUp: event('user.signed-up.v1', { userId: Id, tenantId: Id }),
  tenantCreated: event('tenant.created.v1', { tenantId: Id, userId: Id }),
  sessionStarted: event('session.started.v1', { sessionId: Id, userId: Id }),
  sessionEnded: event('session.ended.v1', { sessionId: Id, userId: Id, reason: Type.String() }),
  userAdded: event('user.added.v1', { userId: Id, role: Type.String() }),
  userRoleChanged: event('user.role-changed.v1', { userId: Id, from: Type.String(), to: Type.String() }),
  userDisabled: event('user.disabled.v1', { userId: Id }),
  userEnabled: event('user.enabled.v1', { userId: Id }),
  userRemoved: event('user.removed.v1', { userId: Id }),
  roleCreated: event('role.created.v1', { roleId: Id, name: Type.String(), permissions: Type.Array(Type.String()) }),
  roleUpdated: event('role.updated.v1', { roleId: Id, name: Type.String(), permissions: Type.Array(Type.String()) }),
  roleDeleted: event('role.deleted.v1', { roleId: Id, name: Type.String() }),
  apiKeyCreated: event('api-key.created.v1', { apiKeyId: Id, userId: Id, scopes: Type.Array(Type.String()) }),
  apiKeyRerolled: event('api-key.rerolled.v1', { apiKeyId: Id, successorId: Id, userId: Id }),
  apiKeyRevoked: event('api-key.revoked.v1', { apiKeyId: Id, userId: Id }),
};

/** The published keys of access tokens (RFC 7517), those that will sign soon included. */
export const publicKeysCall = defineCall({
  name: 'auth.publicKeys',
  input: strict({}),
  output: schemas.PublicKeys,
});

/** What the key with this SHA-256 may do now; `key: null` when there is none that may be used. */
export const verifyApiKeyCall = defineCall({
  name: 'auth.verifyApiKey',
  input: strict({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
  output: strict({
    key: Type.Union([
      Type.Null(),
      strict({
        id: Id,
        tenantId: Id,
        userId: Id,
        role: Type.String(),
        permissions: Type.Union([Type.Array(Type.String()), Type.Null()]),
        scopes: Type.Array(Type.String()),
        requestsPerHourMax: Type.Integer(),
        createdAt: Time,
        expiresAt: OptionalTime,
      }),
    ]),
  }),
});

/** The answer of `verifyApiKeyCall` as the authenticator takes it. */
export function verifiedApiKeyOf({ key }: Static<typeof verifyApiKeyCall.output>): VerifiedApiKey | null {
  if (key === null) return null;
  return {
    ...key,
    createdAt: new Date(key.createdAt),
    expiresAt: key.expiresAt === null ? null : new Date(key.expiresAt),
  };
}

/** Members of the caller's tenant by id; others are left out. */
export const findUsersCall = defineCall({
  name: 'auth.findUsers',
  input: strict({ ids: Type.Array(Id, { maxItems: PAGE_SIZE_MAX }) }),
  output: strict({ users: Type.Array(strict({ id: Id, email: Type.String(), role: Type.String() })) }),
});

/** The plan of the caller's tenant. */
export const findTenantPlanCall = defineCall({
  name: 'auth.findTenantPlan',
  input: strict({}),
  output: strict({ plan: Type.String() }),
});

/**
 * Members of the caller's tenant who may act, whose address holds a text, in the order of their addresses: those with one of
 * the ids or roles, or everybody where both are null.
 */
export const searchUsersCall = defineCall({
  name: 'auth.searchUsers',
  input: strict({
    text: Type.String({ maxLength: 255 }),
    ids: Type.Union([Type.Null(), Type.Array(Id, { maxItems: 1_000 })]),
    roles: Type.Union([Type.Null(), Type.Array(Type.String(), { maxItems: 50 })]),
    limit: Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX }),
  }),
  output: strict({ users: Type.Array(strict({ id: Id, email: Type.String() })) }),
});

/** Makes a new signing key; for operators. `emergency` ends the old keys, and every access token with them, at once. */
export const rotateKeysCall = defineCall({
  name: 'auth.rotateKeys',
  input: strict({ emergency: Type.Optional(Type.Boolean()) }),
  output: strict({ keyId: Type.String(), activatesAt: Time }),
});

/** Makes the demo tenant where it is missing and tells how to sign in to it; for development. All of it is invented. */
export const makeDemoTenantCall = defineCall({
  name: 'auth.makeDemoTenant',
  input: strict({}),
  output: strict({ email: Type.String(), password: Type.String(), tenantId: Id, userId: Id }),
});
