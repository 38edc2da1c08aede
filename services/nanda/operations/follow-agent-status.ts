import { decodeCursor, encodeCursor } from '@candlefish/base/page';
import type { LoggedEvent, PayloadOf } from '@candlefish/kit/events';
import { badCursor } from '@candlefish/kit/page';
import { agentStatusChanged } from '../contract.ts';
import type { NandaCtx } from '../ctx.ts';
import type { AgentStatus } from '../domain/agent-status.ts';

/** A change of an agent's status and the place after it. */
export interface AgentStatusUpdate {
  readonly agentId: string;
  readonly previousStatus: AgentStatus;
  readonly status: AgentStatus;
  readonly reason: string | null;
  readonly changedAt: Date;
  /** Continues the stream after this change. */
  readonly cursor: string;
}

/**
 * Changes of status in the tenant as they come, after a cursor or from now on, until `ctx.signal` aborts.
 * @throws AppError NOT_FOUND for another tenant than the caller's, VALIDATION_FAILED for a bad cursor, CURSOR_EXPIRED.
 */
export function followAgentStatus(
  ctx: NandaCtx,
  input: { readonly tenantId: string; readonly after?: string | null | undefined },
): AsyncIterableIterator<LoggedEvent> {
  const grant = ctx.authorize('agent:read', { tenantId: input.tenantId });
  return ctx.service.events.follow(ctx, grant, { after: placeOf(input.after), events: [agentStatusChanged] });
}

/** The change that an event of the log tells. */
export function toStatusUpdate(event: LoggedEvent): AgentStatusUpdate {
  const { agentId, from, to, reason } = event.payload as PayloadOf<typeof agentStatusChanged>;
  return {
    agentId,
    previousStatus: from,
    status: to,
    reason,
    changedAt: event.occurredAt,
    cursor: encodeCursor([event.seq]),
  };
}

function placeOf(cursor: string | null | undefined): number | null {
  if (cursor === undefined || cursor === null) return null;
  const [seq] = decodeCursor(cursor, 1) ?? [];
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) throw badCursor('/after');
  return seq;
}
