import type { Ctx } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import type { AuthCtx, NewSigningKey, PublicJwk, SigningKeys, StoredSigningKey } from '../ctx.ts';
import { planRotation } from '../domain/signing-keys.ts';
import { insertSigningKey, listSigningKeys, lockSigningKeys, retireSigningKeys } from '../store/signing-keys.ts';
import { signingKeysRotated } from '../telemetry.ts';

/** The stored keys whose tokens are believed. */
export const loadSigningKeys = (ctx: Ctx): Promise<readonly StoredSigningKey[]> =>
  ctx.query(ctx.authorize('signing-key:use'), listSigningKeys());

/** The published keys: anybody may verify tokens with them. */
export const listPublicKeys = (ctx: AuthCtx): Promise<readonly PublicJwk[]> => ctx.service.signingKeys.published();

/** Makes the first key of a new platform; of several nodes that start at once, one makes it. */
export async function ensureSigningKey(ctx: Ctx, keys: Pick<SigningKeys, 'make'>): Promise<void> {
  if ((await loadSigningKeys(ctx)).length > 0) return;
  const grant = ctx.authorize('signing-key:rotate');
  const key = await keys.make();
  await ctx.tx(grant, async (tx) => {
    await tx.run(lockSigningKeys());
    if ((await tx.run(listSigningKeys())).length > 0) return;
    await tx.run(insertSigningKey(toRow(key, ctx.clock.now())));
  });
}

/**
 * Makes a new signing key. It is published at once and signs after every verifier has had time to see it; the old keys
 * stay published until their last token has expired. In an emergency the new key signs at once and the old ones are
 * refused within two minutes, with every access token they signed; sessions go on with their next refresh.
 */
export async function rotateSigningKeys(
  ctx: AuthCtx,
  { emergency }: { readonly emergency: boolean },
): Promise<{ readonly keyId: string; readonly activatesAt: Date }> {
  const grant = ctx.authorize('signing-key:rotate');
  const { signingKeys } = ctx.service;
  const key = await signingKeys.make();
  const { activatesAt, retiresAt } = planRotation(ctx.clock.now(), emergency);
  await ctx.tx(grant, async (tx) => {
    await tx.run(lockSigningKeys());
    await tx.run(insertSigningKey(toRow(key, activatesAt)));
    await tx.run(retireSigningKeys({ kid: key.kid, retiresAt }));
  });
  await signingKeys.reload();
  signingKeysRotated(ctx, key.kid, activatesAt);
  return { keyId: key.kid, activatesAt };
}

const toRow = ({ kid, publicJwk, sealedPrivateKey }: NewSigningKey, activatesAt: Date) => ({
  kid,
  publicJwk: toJson(publicJwk),
  sealedPrivateKey,
  activatesAt,
});
