import type { Action, Actor } from './actor.ts';

declare const granted: unique symbol;

/**
 * Proof that `authorize` said yes to one action in one tenant. Statements name the actions that may run them and
 * running one takes a grant, so a forgotten or a different check does not compile. Grants cannot be made elsewhere:
 * the type has no public constructor and the database refuses an object it has not seen made here.
 */
export interface Grant<A extends Action> {
  readonly [granted]: A;
  readonly action: A;
  /** The tenant that row-level security will be set to; null where the action belongs to no tenant (sign-up, login). */
  readonly tenantId: string | null;
  readonly actor: Actor;
}

/** A grant as `authorize` makes it. Its private members are what no other object has, and what nobody can change. */
class MadeGrant {
  readonly #action: Action;
  readonly #tenantId: string | null;
  readonly #actor: Actor;

  constructor(action: Action, tenantId: string | null, actor: Actor) {
    this.#action = action;
    this.#tenantId = tenantId;
    this.#actor = actor;
    // A grant turned to another tenant after the check would be no proof.
    Object.preventExtensions(this);
  }

  get action(): Action {
    return this.#action;
  }
  get tenantId(): string | null {
    return this.#tenantId;
  }
  get actor(): Actor {
    return this.#actor;
  }

  static isOne(value: object): boolean {
    return #action in value;
  }
}

/** Makes a grant. Only `authorize` calls this. */
export const makeGrant = <A extends Action>(action: A, tenantId: string | null, actor: Actor): Grant<A> =>
  new MadeGrant(action, tenantId, actor) as unknown as Grant<A>;

/** Whether the object came from `authorize`; a cast object did not. */
export const isGrant = (value: object): boolean => MadeGrant.isOne(value);

/** The tenant of a grant, for statements that name it. @throws Error where the action belongs to no tenant. */
export function tenantOf(grant: Grant<Action>): string {
  if (grant.tenantId === null) throw new Error(`${grant.action} was granted in no tenant`);
  return grant.tenantId;
}
