import type { ApiKey } from './operations/api-keys.ts';
import type { NewApiKey } from './operations/create-api-key.ts';
import type { Membership } from './operations/memberships.ts';
import type { SignIn } from './operations/open-session.ts';
import type { Role } from './operations/roles.ts';
import type { Session } from './operations/sessions.ts';
import type { Tenant } from './operations/tenants.ts';
import type { User } from './operations/users.ts';

/** What resolvers hold for a `User`. */
export type UserMapper = User;
/** What resolvers hold for a `Tenant`. */
export type TenantMapper = Tenant;
/** What resolvers hold for a `Membership`. */
export type MembershipMapper = Membership;
/** What resolvers hold for a `Role`. */
export type RoleMapper = Role;
/** What resolvers hold for an `ApiKey`. */
export type ApiKeyMapper = ApiKey;
/** What resolvers hold for a `Session`. */
export type SessionMapper = Session;
/** What resolvers hold for a `NewApiKey`: the key with its secret. */
export type NewApiKeyMapper = NewApiKey;
/** What resolvers hold for an `AuthPayload`. */
export type AuthPayloadMapper = SignIn;
