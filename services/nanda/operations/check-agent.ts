import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { OutgoingError } from '@candlefish/kit/outgoing';
import { agentStatusChanged, checkAgentJob } from '../contract.ts';
import type { NandaCtx } from '../ctx.ts';
import { type CheckFinding, cardUrlOf, compareSpec, specVersionOf } from '../domain/agent-check.ts';
import { statusAfterCheck } from '../domain/agent-status.ts';
import { findAgentWithSpec, findAgent as findRow, lockAgent, recordCheck } from '../store/agents.ts';
import { agentChecked } from '../telemetry.ts';
import { type Agent, type AgentWithSpec, toAgent, toAgentWithSpec } from './agents.ts';

/** Asks for a check of an agent; the finding shows in the agent and as a change of its status. @throws AppError NOT_FOUND */
export async function checkAgent(ctx: NandaCtx, id: string): Promise<Agent> {
  const grant = ctx.authorize('agent:check');
  if (!isUuid(id)) throw platformErrors.notFound();
  return ctx.tx(grant, async (tx) => {
    const row = await tx.first(findRow({ tenantId: tenantOf(grant), id }));
    if (row === undefined) throw platformErrors.notFound();
    // Checks that were asked for while one waits are that one.
    tx.addJob(checkAgentJob, { agentId: id }, { key: id });
    return toAgent(row);
  });
}

/**
 * Fetches what an agent publishes about itself, compares it with what is registered and moves its status accordingly.
 * The fetch happens outside any transaction; a finding about what has changed meanwhile is dropped.
 */
export async function runAgentCheck(ctx: NandaCtx, id: string): Promise<void> {
  const grant = ctx.authorize('agent:check');
  const tenantId = tenantOf(grant);
  const row = await ctx.first(grant, findAgentWithSpec({ tenantId, id }));
  // Deleted since the check was asked for.
  if (row === undefined) return;
  const looked = toAgentWithSpec(row);
  const finding = await inspect(ctx, looked);
  agentChecked(ctx, { agentId: id, outcome: finding.outcome });
  await ctx.tx(grant, async (tx) => {
    const locked = await tx.first(lockAgent({ tenantId, id, spec: null }));
    if (locked === undefined) return;
    const before = toAgent(locked);
    if (before.revision !== looked.revision) return;
    const status = statusAfterCheck(before.status, finding.outcome);
    await tx.run(
      recordCheck({
        tenantId,
        id,
        checkedAt: ctx.clock.now(),
        outcome: finding.outcome,
        detail: finding.detail,
        status,
      }),
    );
    if (status !== before.status) {
      tx.emit(agentStatusChanged, {
        agentId: id,
        name: before.name,
        from: before.status,
        to: status,
        reason: finding.detail,
      });
    }
  });
}

async function inspect(ctx: NandaCtx, agent: AgentWithSpec): Promise<CheckFinding> {
  const url = cardUrlOf(agent.summary);
  if (url === null) return { outcome: 'unreachable', detail: 'The spec names no endpoint.' };
  try {
    const answer = await ctx.service.outgoing.send({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      signal: ctx.signal,
    });
    if (answer.status !== 200) {
      return { outcome: 'unreachable', detail: `The published description was answered with status ${answer.status}.` };
    }
    const published = parseJson(answer.body);
    if (published === undefined) return { outcome: 'invalid', detail: 'The published description is not JSON.' };
    return compareSpec({ specVersion: specVersionOf(agent.spec), summary: agent.summary }, published);
  } catch (error) {
    if (error instanceof OutgoingError) return { outcome: 'unreachable', detail: error.message };
    throw error;
  }
}

/** The value, or undefined for bytes that are no JSON text in UTF-8. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Any bytes may come back from a stranger: that they are no JSON is the finding.
    return undefined;
  }
}
