import type { Credential } from '@candlefish/kit/context';
import type { WebsocketCtx } from '../ctx.ts';
import { useTicket } from '../store/used-tickets.ts';

/**
 * The credential a ticket stands for, to the first who shows it; null for one that is used, old or forged. The database
 * decides who is first, so that no loss of anything else lets a ticket through twice.
 */
export async function redeemTicket(ctx: WebsocketCtx, text: string): Promise<Credential | null> {
  const { tickets, system } = ctx.service;
  const now = ctx.clock.now();
  const ticket = tickets.open(text, now);
  if (ticket === null) return null;
  const { tenantId, id, expiresAt, credential } = ticket;
  const own = system(tenantId, ctx.signal);
  const used = await own.first(own.authorize('socket:redeem'), useTicket({ tenantId, now, id, expiresAt }));
  return used === undefined ? null : credential;
}
