import type { Ctx } from '@candlefish/kit/context';
import type { EventFeed } from '@candlefish/kit/events';
import type { Logger } from '@candlefish/kit/telemetry';
import type { Tenant } from '../tenant.ts';

/** What the channels of all tenants on this node share. */
export interface ChannelHost {
  readonly log: Logger;
  readonly events: EventFeed;
  readonly draining: AbortSignal;
  system(tenantId: string, signal: AbortSignal): Ctx;
  tenant(tenantId: string): Tenant;
}
