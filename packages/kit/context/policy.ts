import type { Action, Actor, Role } from './actor.ts';

/**
 * Who may perform an action: built-in roles, and `anonymous` where no sign-in is needed. An empty row is for the
 * platform's own work: no role of a tenant reaches it, whatever permissions it is made of.
 */
export type Allowed = readonly (Role | 'anonymous')[];

/** The role × action table of a service. `A` is the closed set of its actions. */
export interface Policy<A extends Action = Action> {
  readonly table: Readonly<Record<A, Allowed>>;
}

/** Declares the policy of a service; every action of the service stands in it. */
export const definePolicy = <A extends Action>(table: Readonly<Record<A, Allowed>>): Policy<A> => ({ table });

/** The actions of a policy, for typing the context of its service. */
export type ActionOf<P> = P extends Policy<infer A> ? A : never;

/** Whether scopes include an action, by name, by noun (`agent:*`) or all (`*`). */
export function scopesInclude(scopes: ReadonlySet<string>, action: string): boolean {
  return scopes.has(action) || scopes.has('*') || scopes.has(`${action.slice(0, action.indexOf(':'))}:*`);
}

/**
 * Whether the actor's role and scopes allow the action. Says nothing about the resource: tenancy is checked apart.
 * @param allowed The row of the action, or undefined when no loaded service knows it: then nobody may.
 */
export function isAllowed(actor: Actor, action: Action, allowed: Allowed | undefined): boolean {
  if (allowed === undefined) return false;
  if (allowed.includes('anonymous')) return true;
  if (actor.kind === 'anonymous') return false;
  if (actor.kind === 'system') return true;
  // A custom role with the permission `*` holds everything that a tenant can hold, and no more.
  if (allowed.length === 0) return false;
  const byRole =
    actor.permissions === null
      ? (allowed as readonly string[]).includes(actor.role)
      : scopesInclude(actor.permissions, action);
  return byRole && (actor.scopes === null || scopesInclude(actor.scopes, action));
}
