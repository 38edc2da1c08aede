import { scopesInclude } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { AuthCtx } from '../ctx.ts';
import { handOnProblem } from '../domain/permissions.ts';

/**
 * Holds permissions that somebody wants to hand on, to a role or a key, against their own.
 * @param pointer Where the list stands in the input.
 * @throws AppError VALIDATION_FAILED for words that are no permissions, FORBIDDEN for more than the caller may do.
 */
export function checkHandOn(ctx: AuthCtx, permissions: readonly string[], pointer: string): void {
  const actions = grantable(ctx);
  const problems = permissions.map((permission) =>
    handOnProblem(
      permission,
      actions,
      (action) => ctx.may(action),
      (wildcard) => holdsWildcard(ctx, wildcard),
    ),
  );
  const fields = problems.flatMap((problem, index) =>
    problem === null ? [] : [{ pointer: `${pointer}/${index}`, message: MESSAGES[problem] }],
  );
  if (fields.length === 0) return;
  if (problems.some((problem) => problem === 'malformed' || problem === 'unknown')) {
    throw platformErrors.validationFailed({ fields });
  }
  throw platformErrors.forbidden({ detail: 'Nobody hands on more than they may do themselves.', fields });
}

const MESSAGES = {
  malformed: 'is not a permission such as agent:read, agent:* or *',
  unknown: 'is not a permission of this platform',
  beyond: 'goes beyond your own permissions',
} as const;

/** Actions that some role of a tenant has: what a role or a key can be made of. */
const grantable = (ctx: AuthCtx): readonly `${string}:${string}`[] =>
  [...ctx.service.policy]
    .filter(([, allowed]) => allowed.some((role) => role !== 'anonymous'))
    .map(([action]) => action as `${string}:${string}`);

/** A wildcard includes actions that do not exist yet, so whoever is narrowed to a list needs it in the list. */
function holdsWildcard({ actor }: AuthCtx, wildcard: string): boolean {
  const includes = (held: ReadonlySet<string> | null): boolean => held === null || scopesInclude(held, wildcard);
  return includes(actor.permissions) && includes(actor.scopes);
}
