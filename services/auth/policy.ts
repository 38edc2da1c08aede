import { type ActionOf, definePolicy, ROLES } from '@candlefish/kit/context';

const EVERYONE = ROLES;
const LEADERS = ['owner', 'admin'] as const;
const BUILDERS = ['owner', 'admin', 'manager', 'staff'] as const;
/** No role of a tenant: only the platform itself, for its own work and at an operator's hand. */
const PLATFORM = [] as const;

/** Who may do what with identities. Operations narrow it further: nobody acts on a role above their own. */
export const policy = definePolicy({
  'auth:signup': ['anonymous'],
  'auth:login': ['anonymous'],
  'auth:refresh': ['anonymous'],
  'auth:logout': ['anonymous'],
  'auth:sweep': PLATFORM,
  'auth:demo': PLATFORM,

  'me:read': EVERYONE,
  'membership:read': EVERYONE,
  'tenant:read': EVERYONE,
  'tenant:create': EVERYONE,
  'tenant:switch': EVERYONE,
  'session:read': EVERYONE,
  'session:revoke': EVERYONE,

  'user:read': EVERYONE,
  'user:create': LEADERS,
  'user:update': LEADERS,
  'user:remove': LEADERS,

  'role:read': EVERYONE,
  'role:create': LEADERS,
  'role:update': LEADERS,
  'role:delete': LEADERS,

  'api-key:read': BUILDERS,
  'api-key:create': BUILDERS,
  'api-key:revoke': BUILDERS,
  'api-key:reroll': BUILDERS,
  /** Keys of other members. */
  'api-key:manage': LEADERS,
  'api-key:verify': PLATFORM,

  'signing-key:use': PLATFORM,
  'signing-key:rotate': PLATFORM,
});

/** Actions of this service. */
export type AuthAction = ActionOf<typeof policy>;

/** What everybody may do with what is their own, whatever their role: part of every custom role. */
export const SELF_PERMISSIONS = [
  'me:read',
  'membership:read',
  'tenant:read',
  'tenant:create',
  'tenant:switch',
  'session:read',
  'session:revoke',
] as const satisfies readonly AuthAction[];
