import type { Ctx } from '@candlefish/kit/context';
import type { EventFeed } from '@candlefish/kit/events';
import type { OutgoingClient } from '@candlefish/kit/outgoing';

/** What the service builds at its start. */
export interface NandaService {
  /** The event log, for subscriptions. */
  readonly events: EventFeed;
  /** Calls agents, which are addresses that strangers gave. */
  readonly outgoing: OutgoingClient;
}

/** The context of every operation of this service. */
export type NandaCtx = Ctx<NandaService>;
