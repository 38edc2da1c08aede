import { isUuid } from '@candlefish/base/ids';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { toJson } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { agentStatusChanged, agentUpdated, nandaErrors } from '../contract.ts';
import type { NandaCtx } from '../ctx.ts';
import { checkAgentFields } from '../domain/agent-fields.ts';
import { type ParsedSpec, parseSpec } from '../domain/agent-spec.ts';
import { type AgentStatus, mayMove, nextStatuses } from '../domain/agent-status.ts';
import { comparePublishedVersion, countAgentVersions, publishAgentVersion } from '../store/agent-versions.ts';
import { lockAgent, updateAgent as updateRow } from '../store/agents.ts';
import { type Agent, type AgentWithSpec, toAgentWithSpec } from './agents.ts';

/** Versions of one agent: a release a day for three years. */
const VERSIONS_MAX = 1_000;

/** What is to change; what is left out or null stays as it is. */
export interface UpdateAgentInput {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly spec?: unknown;
  readonly status?: AgentStatus | null | undefined;
  /** Why the status changes; kept in the event. */
  readonly reason?: string | null | undefined;
  /** Refuses the change when the agent has another revision by now. */
  readonly expectedRevision?: number | null | undefined;
}

type Changed = 'name' | 'description' | 'version' | 'spec';

/**
 * Changes an agent. Nothing is written and nothing is told when everything is already so.
 * @throws AppError NOT_FOUND, PRECONDITION_FAILED, AGENT_SPEC_INVALID, AGENT_STATUS_MOVE, AGENT_VERSION_TAKEN,
 *   AGENT_VERSIONS_FULL
 */
export async function updateAgent(ctx: NandaCtx, input: UpdateAgentInput): Promise<AgentWithSpec> {
  const grant = ctx.authorize('agent:update');
  if (!isUuid(input.id)) throw platformErrors.notFound();
  const problems = checkAgentFields(input);
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  const parsed = input.spec === undefined || input.spec === null ? null : valid(parseSpec(input.spec));
  const tenantId = tenantOf(grant);
  return ctx.tx(grant, async (tx) => {
    const row = await tx.first(
      lockAgent({ tenantId, id: input.id, spec: parsed === null ? null : toJson(parsed.spec) }),
    );
    if (row === undefined) throw platformErrors.notFound();
    const before = toAgentWithSpec(row);
    checkRevision(before, input.expectedRevision);
    const next = nextOf(before, input);
    checkMove(before.status, next.status);
    const changed = changesOf(before, next, row.sameSpec);
    if (changed.length === 0 && next.status === before.status) return before;
    const spec = row.sameSpec ? null : parsed;
    const after = toAgentWithSpec(
      await tx.one(
        updateRow({
          ...next,
          tenantId,
          id: before.id,
          spec: spec === null ? null : toJson(spec.spec),
          specKind: spec?.summary.kind ?? null,
          summary: spec === null ? null : toJson(spec.summary),
          labels: spec?.labels ?? null,
        }),
      ),
    );
    if (changed.includes('version') || changed.includes('spec')) await publish(ctx, tx, after);
    announce(tx, before, after, changed, input.reason ?? null);
    return after;
  });
}

function valid(parsed: ParsedSpec): Extract<ParsedSpec, { ok: true }> {
  if (!parsed.ok) throw nandaErrors.agentSpecInvalid({ fields: parsed.problems });
  return parsed;
}

/** @throws AppError PRECONDITION_FAILED with the present revision. */
export function checkRevision(agent: Agent, expected: number | null | undefined): void {
  if (expected === undefined || expected === null || expected === agent.revision) return;
  throw platformErrors.preconditionFailed({ extensions: { revision: agent.revision } });
}

const nextOf = (before: Agent, input: UpdateAgentInput) => ({
  name: input.name?.trim() ?? before.name,
  description: input.description ?? before.description,
  version: input.version?.trim() ?? before.version,
  status: input.status ?? before.status,
});

function checkMove(from: AgentStatus, to: AgentStatus): void {
  if (from === to || mayMove(from, to)) return;
  throw nandaErrors.agentStatusMove({
    detail: `From ${from} an agent can go to ${nextStatuses(from).join(', ') || 'no other status'}.`,
    fields: [{ pointer: '/status', message: `cannot follow ${from}` }],
    extensions: { status: from, allowed: nextStatuses(from) },
  });
}

function changesOf(before: Agent, next: ReturnType<typeof nextOf>, sameSpec: boolean): readonly Changed[] {
  const changed: Changed[] = [];
  if (next.name !== before.name) changed.push('name');
  if (next.description !== before.description) changed.push('description');
  if (next.version !== before.version) changed.push('version');
  if (!sameSpec) changed.push('spec');
  return changed;
}

/** Publishes what the agent has become. Going back to a published version is allowed when its spec is the same. */
async function publish(ctx: NandaCtx, tx: Tx<'agent:update'>, agent: Agent): Promise<void> {
  const of = { tenantId: agent.tenantId, agentId: agent.id };
  const published = await tx.first(
    publishAgentVersion({ ...of, createdBy: ctx.actor.userId, createdAt: ctx.clock.now() }),
  );
  if (published === undefined) {
    const { same } = await tx.one(comparePublishedVersion(of));
    if (!same)
      throw nandaErrors.agentVersionTaken({ fields: [{ pointer: '/version', message: 'is published already' }] });
    return;
  }
  const { count } = await tx.one(countAgentVersions(of));
  if (count > VERSIONS_MAX)
    throw nandaErrors.agentVersionsFull({ detail: `An agent has at most ${VERSIONS_MAX} versions.` });
}

function announce(
  tx: Tx<'agent:update'>,
  before: Agent,
  after: Agent,
  changed: readonly Changed[],
  reason: string | null,
): void {
  const ref = { agentId: after.id, name: after.name };
  if (changed.length > 0) {
    tx.emit(agentUpdated, { ...ref, version: after.version, revision: after.revision, changed: [...changed] });
  }
  if (after.status !== before.status) {
    tx.emit(agentStatusChanged, { ...ref, from: before.status, to: after.status, reason });
  }
}
