import { randomUUID } from 'node:crypto';
import type { Ctx } from '@candlefish/kit/context';
import type { SetupParts } from '@candlefish/kit/service';
import type { WebsocketConfig } from './config.ts';
import { Hub } from './hub.ts';
import { createTickets, TICKET_MS, type Tickets } from './tickets.ts';

/** What the service builds at its start. */
export interface WebsocketService {
  readonly config: WebsocketConfig;
  readonly hub: Hub;
  readonly tickets: Tickets;
  readonly ticketMs: number;
  /** Aborts when the process begins to drain: followers are sent home. */
  readonly draining: AbortSignal;
  system(tenantId: string, signal: AbortSignal): Ctx;
}

/** Edits at once in place of the average: a client that comes back sends what it has gathered. */
const EDITS_BURST_SECONDS = 10;
const BYTES_BURST_SECONDS = 8;
const TENANT_BURST_SECONDS = 2;

/** Opens the service. */
export function openWebsocketService(parts: SetupParts<WebsocketConfig>): WebsocketService {
  const { config, log, pubsub, events, draining } = parts;
  const system = (tenantId: string, signal: AbortSignal): Ctx => parts.system(tenantId, signal);
  const acks = parts.metrics
    .duration('document_ack_seconds', 'Time from the oldest edit of an append to its commit.')
    .of({});
  const hub = new Hub({
    node: randomUUID(),
    log,
    pubsub,
    system,
    events,
    draining,
    observeAck: (seconds) => acks.observe(seconds),
    rates: {
      edits: { perSecond: config.editsPerSecond, burst: config.editsPerSecond * EDITS_BURST_SECONDS },
      bytes: { perSecond: config.bytesPerSecond, burst: config.bytesPerSecond * BYTES_BURST_SECONDS },
      tenantEdits: {
        perSecond: config.tenantEditsPerSecond,
        burst: config.tenantEditsPerSecond * TENANT_BURST_SECONDS,
      },
    },
  });
  const tickets = createTickets(parts.deriveKey('tickets for sockets'));
  return { config, hub, tickets, ticketMs: TICKET_MS, draining, system };
}
