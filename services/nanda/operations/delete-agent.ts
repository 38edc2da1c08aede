import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { agentDeleted } from '../contract.ts';
import type { NandaCtx } from '../ctx.ts';
import { deleteAgent as deleteRow, lockAgent } from '../store/agents.ts';
import { toAgent } from './agents.ts';
import { checkRevision } from './update-agent.ts';

/** Deletes an agent with all its versions. @throws AppError NOT_FOUND, PRECONDITION_FAILED */
export async function deleteAgent(
  ctx: NandaCtx,
  input: { readonly id: string; readonly expectedRevision?: number | null | undefined },
): Promise<void> {
  const grant = ctx.authorize('agent:delete');
  if (!isUuid(input.id)) throw platformErrors.notFound();
  const tenantId = tenantOf(grant);
  await ctx.tx(grant, async (tx) => {
    const row = await tx.first(lockAgent({ tenantId, id: input.id, spec: null }));
    if (row === undefined) throw platformErrors.notFound();
    const agent = toAgent(row);
    checkRevision(agent, input.expectedRevision);
    await tx.run(deleteRow({ tenantId, id: agent.id }));
    tx.emit(agentDeleted, { agentId: agent.id, name: agent.name });
  });
}
