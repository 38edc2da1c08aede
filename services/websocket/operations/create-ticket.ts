import { requestScopeOf, tenantOf } from '@candlefish/kit/context';
import { websocketErrors } from '../contract.ts';
import type { WebsocketCtx } from '../ctx.ts';

/** A ticket for a browser, which cannot send headers with a socket. */
export interface CreatedTicket {
  readonly ticket: string;
  readonly expiresInMs: number;
}

/**
 * A ticket that stands for the credential of this request, once and for half a minute.
 * @throws AppError TICKET_NEEDS_CREDENTIAL for work that came without one.
 */
export function createTicket(ctx: WebsocketCtx): CreatedTicket {
  const tenantId = tenantOf(ctx.authorize('socket:open'));
  const { credential } = requestScopeOf(ctx);
  if (credential === null) throw websocketErrors.ticketNeedsCredential();
  const { tickets, ticketMs } = ctx.service;
  const expiresAt = new Date(ctx.clock.now().getTime() + ticketMs);
  return { ticket: tickets.seal({ id: ctx.ids.next(), tenantId, expiresAt, credential }), expiresInMs: ticketMs };
}
