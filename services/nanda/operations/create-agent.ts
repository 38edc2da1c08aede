import { tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { agentCreated, nandaErrors } from '../contract.ts';
import type { NandaCtx } from '../ctx.ts';
import { checkAgentFields } from '../domain/agent-fields.ts';
import { parseSpec } from '../domain/agent-spec.ts';
import { type AgentStatus, FIRST_STATUSES } from '../domain/agent-status.ts';
import { publishAgentVersion } from '../store/agent-versions.ts';
import { insertAgent } from '../store/agents.ts';
import { type AgentWithSpec, toAgentWithSpec } from './agents.ts';

/** What is registered. */
export interface CreateAgentInput {
  readonly name: string;
  readonly version: string;
  readonly description?: string | null | undefined;
  /** AgentCard of A2A 1.0 or AgentFacts, as JSON. */
  readonly spec: unknown;
  /** `draft` or `inactive`, which is the default. */
  readonly status?: AgentStatus | null | undefined;
}

/** Registers an agent and publishes its first version. @throws AppError VALIDATION_FAILED, AGENT_SPEC_INVALID */
export async function createAgent(ctx: NandaCtx, input: CreateAgentInput): Promise<AgentWithSpec> {
  const grant = ctx.authorize('agent:create');
  const problems = checkAgentFields(input);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  const status = input.status ?? 'inactive';
  if (!isFirst(status))
    throw nandaErrors.agentStatusMove({ detail: `An agent begins as ${FIRST_STATUSES.join(' or ')}.` });
  const parsed = parseSpec(input.spec);
  if (!parsed.ok) throw nandaErrors.agentSpecInvalid({ fields: parsed.problems });
  const tenantId = tenantOf(grant);
  const id = ctx.ids.next();
  const createdAt = ctx.clock.now();
  const createdBy = grant.actor.userId;
  return ctx.tx(grant, async (tx) => {
    const row = await tx.one(
      insertAgent({
        id,
        tenantId,
        name: input.name.trim(),
        description: input.description ?? '',
        version: input.version.trim(),
        spec: toJson(parsed.spec),
        specKind: parsed.summary.kind,
        summary: toJson(parsed.summary),
        labels: parsed.labels,
        status,
        createdBy,
        createdAt,
      }),
    );
    await tx.one(publishAgentVersion({ tenantId, agentId: id, createdBy, createdAt }));
    const agent = toAgentWithSpec(row);
    tx.emit(agentCreated, {
      agentId: id,
      name: agent.name,
      version: agent.version,
      specKind: agent.specKind,
      status: agent.status,
    });
    return agent;
  });
}

const isFirst = (status: AgentStatus): boolean => (FIRST_STATUSES as readonly AgentStatus[]).includes(status);
