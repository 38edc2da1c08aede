import type { Ctx } from '@candlefish/kit/context';
import type { ServiceStatus } from '@candlefish/kit/lifecycle';
import type { GatewayConfig } from './gateway/settings.ts';

/** What the service keeps for its lifetime. */
export interface GraphqlService {
  readonly config: GatewayConfig;
  /** Release of the server. */
  readonly version: string;
  statuses(): readonly ServiceStatus[];
}

/** The context of the service's operations. */
export type GraphqlCtx = Ctx<GraphqlService>;
