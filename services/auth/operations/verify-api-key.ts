import type { Ctx } from '@candlefish/kit/context';
import type { VerifiedApiKey } from '@candlefish/kit/identity';
import type { AuthCtx } from '../ctx.ts';
import * as store from '../store/api-keys.ts';
import { permissionsOf, textsOf } from './permissions.ts';

/** The key with this SHA-256 when it may be used now, with what its owner may do at this moment; else null. */
export async function verifyApiKey(ctx: AuthCtx, sha256: Uint8Array): Promise<VerifiedApiKey | null> {
  const grant = ctx.authorize('api-key:verify');
  const row = await ctx.first(grant, store.findApiKeyByHash({ keyHash: sha256 }));
  if (row === undefined) return null;
  ctx.service.keyUses.note(row.id, ctx.clock.now());
  return {
    id: row.id,
    tenantId: row.tenantId,
    userId: row.userId,
    role: row.role,
    permissions: permissionsOf(row.permissions),
    scopes: textsOf(row.scopes),
    requestsPerHourMax: row.rateLimit,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}

/** Writes down when keys were last used, by their ids. */
export async function noteKeyUses(ctx: Ctx, uses: ReadonlyMap<string, Date>): Promise<void> {
  const grant = ctx.authorize('api-key:verify');
  await ctx.query(grant, store.noteKeyUses({ ids: [...uses.keys()], usedAt: [...uses.values()] }));
}
