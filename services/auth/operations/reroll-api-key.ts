import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { subjects } from '@candlefish/kit/identity';
import { authErrors, authEvents } from '../contract.ts';
import type { AuthCtx } from '../ctx.ts';
import { lockApiKey, revokeApiKey, shortenApiKey } from '../store/api-keys.ts';
import { type NewApiKey, storeApiKey } from './create-api-key.ts';
import { checkHandOn } from './hand-on.ts';
import { invalid } from './inputs.ts';
import { textsOf } from './permissions.ts';
import { announce, revoke } from './revoke.ts';

const OVERLAP_DEFAULT_S = 86_400;
const OVERLAP_MAX_S = 604_800;

/** How long the old key still works, in seconds; default a day, at most a week, 0 ends it at once. */
export interface RerollApiKeyInput {
  readonly overlapSeconds?: number | null | undefined;
}

/**
 * Makes a successor of one's own key with the same name, scopes, limit and end; the old one works on for the overlap.
 * Keys of others cannot be rerolled, since the successor's secret would speak for them.
 * @throws AppError NOT_FOUND, API_KEY_ENDED, FORBIDDEN for scopes the caller does not have, TOO_MANY
 */
export async function rerollApiKey(ctx: AuthCtx, id: string, input: RerollApiKeyInput): Promise<NewApiKey> {
  const grant = ctx.authorize('api-key:reroll');
  const overlapS = input.overlapSeconds ?? OVERLAP_DEFAULT_S;
  if (!Number.isInteger(overlapS) || overlapS < 0 || overlapS > OVERLAP_MAX_S) {
    throw invalid('/overlapSeconds', `must be between 0 and ${OVERLAP_MAX_S}`);
  }
  if (!isUuid(id)) throw platformErrors.notFound();
  const place = { tenantId: tenantOf(grant), id };
  const { made, marks } = await ctx.tx(grant, async (tx) => {
    const old = await tx.first(lockApiKey(place));
    if (old === undefined || old.userId !== ctx.actor.userId) throw platformErrors.notFound();
    const hasExpired = old.expiresAt !== null && old.expiresAt <= ctx.clock.now();
    if (old.revokedAt !== null || hasExpired) throw authErrors.apiKeyEnded();
    const scopes = textsOf(old.scopes);
    checkHandOn(ctx, scopes, '/scopes');
    const { tenantId } = place;
    const successor = await storeApiKey(ctx, tx, { ...old, tenantId, scopes });
    tx.emit(authEvents.apiKeyRerolled, { apiKeyId: id, successorId: successor.id, userId: old.userId });
    if (overlapS > 0) {
      await tx.run(shortenApiKey({ ...place, overlapS }));
      return { made: successor, marks: [] };
    }
    await tx.run(revokeApiKey(place));
    return { made: successor, marks: await revoke(tx, [subjects.key(id)]) };
  });
  await announce(ctx, marks);
  return made;
}
