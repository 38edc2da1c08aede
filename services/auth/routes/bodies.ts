import type { ApiKey } from '../operations/api-keys.ts';
import type { Membership } from '../operations/memberships.ts';
import type { SignIn } from '../operations/open-session.ts';
import type { Role } from '../operations/roles.ts';
import type { Session } from '../operations/sessions.ts';
import type { User } from '../operations/users.ts';

const text = (time: Date | null): string | null => time?.toISOString() ?? null;

/** A sign-in as JSON. */
export const signInBody = ({ user: { id, email, role, tenantId }, ...tokens }: SignIn) => ({
  ...tokens,
  user: { id, email, role, tenantId },
});

/** A member as JSON. */
export const userBody = ({ joinedAt, lastLogin, tenant: _, ...user }: User) => ({
  ...user,
  joinedAt: joinedAt.toISOString(),
  lastLogin: text(lastLogin),
});

/** A membership as JSON. */
export const membershipBody = ({ joinedAt, ...membership }: Membership) => ({
  ...membership,
  joinedAt: joinedAt.toISOString(),
});

/** A role as JSON. */
export const roleBody = ({ permissions, createdAt, updatedAt, ...role }: Role) => ({
  ...role,
  permissions: [...permissions],
  createdAt: text(createdAt),
  updatedAt: text(updatedAt),
});

/** A key, or a new key with its secret, as JSON. */
export const apiKeyBody = <K extends ApiKey>({ scopes, expiresAt, lastUsedAt, revokedAt, createdAt, ...key }: K) => ({
  ...key,
  scopes: [...scopes],
  expiresAt: text(expiresAt),
  lastUsedAt: text(lastUsedAt),
  revokedAt: text(revokedAt),
  createdAt: createdAt.toISOString(),
});

/** A session as JSON. */
export const sessionBody = ({ createdAt, lastUsedAt, expiresAt, ...session }: Session) => ({
  ...session,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});
