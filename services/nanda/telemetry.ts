import type { NandaCtx } from './ctx.ts';
import type { CheckOutcome } from './domain/agent-status.ts';

/** A check has come to an end. */
export function agentChecked(ctx: NandaCtx, check: { readonly agentId: string; readonly outcome: CheckOutcome }): void {
  ctx.log.info({ agentId: check.agentId, outcome: check.outcome }, 'agent checked');
}
