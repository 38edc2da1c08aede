import { type CallProvision, type Cron, provide } from '@candlefish/kit/service';
import {
  findTenantPlanCall,
  findUsersCall,
  makeDemoTenantCall,
  publicKeysCall,
  rotateKeysCall,
  searchUsersCall,
  verifyApiKeyCall,
} from './contract.ts';
import type { AuthCtx, AuthService } from './ctx.ts';
import { makeDemoTenant } from './operations/make-demo-tenant.ts';
import { listPublicKeys, rotateSigningKeys } from './operations/signing-keys.ts';
import { sweep } from './operations/sweep.ts';
import { findOwnTenant } from './operations/tenants.ts';
import { findUsers, searchUsers } from './operations/users.ts';
import { verifyApiKey } from './operations/verify-api-key.ts';

/** Calls that other services and the edge of the process make. */
export const calls: readonly CallProvision<AuthService>[] = [
  provide(publicKeysCall, async (ctx: AuthCtx) => ({ keys: [...(await listPublicKeys(ctx))] })),
  provide(verifyApiKeyCall, async (ctx: AuthCtx, { sha256 }) => {
    const key = await verifyApiKey(ctx, Buffer.from(sha256, 'hex'));
    if (key === null) return { key };
    const { permissions, scopes, createdAt, expiresAt } = key;
    return {
      key: {
        ...key,
        permissions: permissions && [...permissions],
        scopes: [...scopes],
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt?.toISOString() ?? null,
      },
    };
  }),
  provide(findUsersCall, async (ctx: AuthCtx, { ids }) => ({
    users: (await findUsers(ctx, ids)).map(({ id, email, role }) => ({ id, email, role })),
  })),
  provide(findTenantPlanCall, async (ctx: AuthCtx) => ({ plan: (await findOwnTenant(ctx)).plan })),
  provide(searchUsersCall, async (ctx: AuthCtx, search) => ({ users: [...(await searchUsers(ctx, search))] })),
  provide(rotateKeysCall, async (ctx: AuthCtx, { emergency = false }) => {
    const { keyId, activatesAt } = await rotateSigningKeys(ctx, { emergency });
    return { keyId, activatesAt: activatesAt.toISOString() };
  }),
  provide(makeDemoTenantCall, (ctx: AuthCtx) => makeDemoTenant(ctx)),
];

/** Work at fixed times. */
export const crons: readonly Cron<AuthService>[] = [{ name: 'auth.sweep', schedule: '17 * * * *', handle: sweep }];
