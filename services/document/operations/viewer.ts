import { isUuid } from '@candlefish/base/ids';
import { type Actor, isAllowed, scopesInclude } from '@candlefish/kit/context';
import type { DocumentCtx } from '../ctx.ts';
import type { AccessLevel, Viewer } from '../domain/access.ts';
import { policy } from '../policy.ts';

type DocumentAction = keyof typeof policy.table;

/** The caller as documents look at it. */
export function viewerOf({ actor }: DocumentCtx): Viewer {
  const isKey = actor.kind === 'api_key' || actor.kind === 'agent';
  // A key sees what its person may see: scopes bound how far it goes there, and not where.
  const person: Actor = { ...actor, scopes: null };
  const mayAsPerson = (action: DocumentAction) => isAllowed(person, action, policy.table[action]);
  const { scopes } = actor;
  return {
    userId: actor.userId !== null && isUuid(actor.userId) ? actor.userId : null,
    apiKeyId: isKey && isUuid(actor.id) ? actor.id : null,
    seesAll: mayAsPerson('document:administer'),
    roleLevel: levelReached(mayAsPerson),
    scopeLevel: levelReached((action) => scopes === null || scopesInclude(scopes, action)) ?? 'view',
  };
}

/** The highest level whose actions, and those of the levels before it, are all reached. */
function levelReached(reaches: (action: DocumentAction) => boolean): AccessLevel | null {
  if (reaches('document:update')) return reaches('document:delete') ? 'manage' : 'edit';
  if (reaches('document:comment')) return 'comment';
  return reaches('document:read') ? 'view' : null;
}

/** The caller as statements take it that show only what it sees. */
export function viewerParams(ctx: DocumentCtx) {
  const { userId, apiKeyId, seesAll } = viewerOf(ctx);
  return { viewerSeesAll: seesAll, viewerId: userId, viewerKeyId: apiKeyId };
}
