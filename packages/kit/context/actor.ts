/** What a caller may be allowed to do: `noun:verb`, the unit of policies, scopes and grants. */
export type Action = `${string}:${string}`;

/** The built-in roles of a tenant, strongest first. Custom roles carry their own permissions. */
export const ROLES = ['owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who acts. Built once at the edge of the process from a verified credential, or by the kit for work that no person
 * asked for (`system`), and carried by the context from there on.
 */
export interface Actor {
  readonly kind: 'anonymous' | 'user' | 'api_key' | 'agent' | 'system';
  /** Id of the user, key or agent; the service's name for `system`; `anonymous` for nobody. */
  readonly id: string;
  /** The person behind it, when there is one: the owner of a key, the user of a session. */
  readonly userId: string | null;
  /** The tenant this credential speaks for; null only for `anonymous`. */
  readonly tenantId: string | null;
  /** Built-in role or the name of a custom one. */
  readonly role: string;
  /** Permissions of a custom role; null when the role is built in and policy tables decide. */
  readonly permissions: ReadonlySet<string> | null;
  /** A key or a delegated token may do no more than these; null means no narrowing. `*` and `noun:*` are wildcards. */
  readonly scopes: ReadonlySet<string> | null;
  readonly sessionId: string | null;
  /** When the credential was issued; a revocation at or after this moment refuses it. */
  readonly issuedAt: Date;
  /** When the credential ends by itself; null when it does not. */
  readonly expiresAt: Date | null;
}

/** Nobody: the actor of a request without credentials. */
export const ANONYMOUS: Actor = Object.freeze({
  kind: 'anonymous',
  id: 'anonymous',
  userId: null,
  tenantId: null,
  role: 'anonymous',
  permissions: null,
  scopes: null,
  sessionId: null,
  issuedAt: new Date(0),
  expiresAt: null,
});

/** The platform itself at work for one tenant: event subscribers and jobs. */
export const systemActor = (service: string, tenantId: string | null, now: Date): Actor => ({
  kind: 'system',
  id: service,
  userId: null,
  tenantId,
  role: 'system',
  permissions: null,
  scopes: null,
  sessionId: null,
  issuedAt: now,
  expiresAt: null,
});
