import { type Growth, growthChannel, growthMessages } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';

/** Tells followers and sockets of all nodes that logs have grown. What gets lost is healed by their own looks. */
export function tellGrowth(ctx: DocumentCtx, tenantId: string, growths: readonly Growth[]): void {
  for (const message of growthMessages(growths)) {
    ctx.service.pubsub.publish(growthChannel(tenantId), message).catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'the growth of logs was not told; it is found at the next look');
    });
  }
}
