/** Built-in roles by rank: nobody gives or takes a role above their own. Custom roles rank by what they permit. */
const RANK: Readonly<Record<string, number>> = {
  owner: 3,
  admin: 2,
  manager: 1,
  staff: 1,
  field: 1,
  finance: 1,
  viewer: 1,
};

/** A custom role ranks with the ordinary ones; its permissions are held against the giver's apart. */
const rankOf = (role: string): number => RANK[role] ?? 1;

/** Whether the role is one that every tenant has. */
export const isBuiltInRole = (role: string): boolean => Object.hasOwn(RANK, role);

/** Whether a holder of `role` may give `target` to somebody, or act on somebody who holds it. */
export const mayHandle = (role: string, target: string): boolean => rankOf(role) >= rankOf(target);

/** `noun:verb`, `noun:*` or `*`. */
const PERMISSION = /^(\*|[a-z][a-z0-9_-]*:(\*|[a-z][a-z0-9_-]*))$/;

/** Why a permission cannot be handed on: no such form, no such action, or more than the giver has. */
export type HandOnProblem = 'malformed' | 'unknown' | 'beyond';

/**
 * Why somebody may not hand on a permission, or null when they may: a wildcard needs every action under it.
 * @param actions All actions that a role of a tenant can have.
 * @param holds Whether the giver may do an action.
 * @param holdsWildcard Whether later actions under a wildcard will be the giver's too.
 */
export function handOnProblem<Action extends string>(
  permission: string,
  actions: readonly Action[],
  holds: (action: Action) => boolean,
  holdsWildcard: (wildcard: string) => boolean,
): HandOnProblem | null {
  if (!PERMISSION.test(permission)) return 'malformed';
  const meant = actions.filter((action) => covers(permission, action));
  if (meant.length === 0) return 'unknown';
  if (!meant.every(holds)) return 'beyond';
  return permission.endsWith('*') && !holdsWildcard(permission) ? 'beyond' : null;
}

function covers(permission: string, action: string): boolean {
  if (permission === '*' || permission === action) return true;
  return permission.endsWith(':*') && action.startsWith(permission.slice(0, -1));
}
