import type { Ctx } from '@candlefish/kit/context';
import type { WebsocketService } from './setup/index.ts';

export type { WebsocketService } from './setup/index.ts';

/** The context of every operation of this service. */
export type WebsocketCtx = Ctx<WebsocketService>;
