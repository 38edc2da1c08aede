import { tenantOf } from '@candlefish/kit/context';
import type { WebsocketCtx } from '../ctx.ts';
import type { OnlineMember } from '../domain/person.ts';

export type { OnlineMember } from '../domain/person.ts';

/** Who is online in the caller's tenant, the longest present first. */
export async function listOnline(ctx: WebsocketCtx): Promise<readonly OnlineMember[]> {
  const tenantId = tenantOf(ctx.authorize('presence:read'));
  const tenant = ctx.service.hub.tenant(tenantId);
  await tenant.ready;
  return tenant.whoIsOnline();
}
