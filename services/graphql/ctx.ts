import type { Ctx } from '@candlefish/kit/context';
import type { PlatformServiceStatus } from '@candlefish/kit/lifecycle';
import type { GatewayConfig } from './gateway/settings.ts';

/** What the service keeps for its lifetime. */
export interface GraphqlService {
  readonly config: GatewayConfig;
  /** Release of the server. */
  readonly version: string;
  statuses(): readonly PlatformServiceStatus[];
}

/** The context of the service's operations. */
export type GraphqlCtx = Ctx<GraphqlService>;
