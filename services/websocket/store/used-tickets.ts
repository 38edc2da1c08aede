import { statementsOf } from '@candlefish/kit/db';
import type { UsedTicketsStatements } from './used-tickets.rows.generated.ts';

const statement = statementsOf<UsedTicketsStatements>('websocket');

/** Uses a ticket: a row for the first who does, none for everybody after. Forgets the tenant's tickets that have ended. */
export const useTicket = statement('useTicket', {
  actions: ['socket:redeem'],
  text: `
    with ended as (
      delete from websocket.used_tickets where tenant_id = :tenantId and expires_at < :now
    )
    insert into websocket.used_tickets (tenant_id, id, expires_at)
    values (:tenantId, :id, :expiresAt)
    on conflict (tenant_id, id) do nothing
    returning id`,
});
