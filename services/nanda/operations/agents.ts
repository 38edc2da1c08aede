import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { NandaCtx } from '../ctx.ts';
import { checkFilterText } from '../domain/agent-fields.ts';
import type { AgentStatus, CheckOutcome } from '../domain/agent-status.ts';
import type { AgentSummary, SpecKind } from '../domain/agent-summary.ts';
import type { AgentsStatements } from '../store/agents.rows.generated.ts';
import * as store from '../store/agents.ts';

/** An agent as callers see it. Its spec, which may be large, is asked for by itself. */
export interface Agent {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly specKind: SpecKind;
  readonly summary: AgentSummary;
  readonly status: AgentStatus;
  /** Counts changes, from 1. */
  readonly revision: number;
  readonly lastCheck: AgentCheck | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An agent with what was registered. */
export interface AgentWithSpec extends Agent {
  readonly spec: unknown;
}

/** What the last look at the agent's own description showed. */
export interface AgentCheck {
  readonly checkedAt: Date;
  readonly outcome: CheckOutcome;
  readonly detail: string;
}

/** Which agents a list shows. */
export interface AgentFilter {
  readonly status?: readonly AgentStatus[] | null | undefined;
  /** Id or tag of a skill, in any case. */
  readonly skill?: string | null | undefined;
  /** Words of name or description, or a part of either. */
  readonly search?: string | null | undefined;
}

/** The agent of a row. The database holds the closed sets, so the casts say what its constraints guarantee. */
export const toAgent = (row: AgentsStatements['findAgent']['row']): Agent => ({
  id: row.id,
  tenantId: row.tenantId,
  name: row.name,
  description: row.description,
  version: row.version,
  specKind: row.specKind as SpecKind,
  summary: row.summary as AgentSummary,
  status: row.status as AgentStatus,
  revision: row.revision,
  lastCheck:
    row.checkedAt === null || row.checkOutcome === null
      ? null
      : { checkedAt: row.checkedAt, outcome: row.checkOutcome as CheckOutcome, detail: row.checkDetail ?? '' },
  createdBy: row.createdBy,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** The agent of a row that has its spec. */
export const toAgentWithSpec = (row: AgentsStatements['findAgentWithSpec']['row']): AgentWithSpec => ({
  ...toAgent(row),
  spec: row.spec,
});

/** Which part of which list. */
export interface AgentListRequest extends PageRequest {
  /** When given, it must be the caller's own tenant. */
  readonly tenantId?: string | undefined;
  readonly filter?: AgentFilter | null | undefined;
}

/** A page of agents, newest first. @throws AppError NOT_FOUND for another tenant, VALIDATION_FAILED */
export async function listAgents(ctx: NandaCtx, request: AgentListRequest): Promise<Page<Agent>> {
  const grant = ctx.authorize('agent:read', request.tenantId === undefined ? {} : { tenantId: request.tenantId });
  const { limit, key } = pageStart(request, CREATION_KEY);
  const before = creationBefore(key);
  const { status, skill, search } = request.filter ?? {};
  const problems = checkFilterText({ skill, search });
  if (problems.length > 0) throw platformErrors.validationFailed({ fields: problems });
  const place = {
    tenantId: tenantOf(grant),
    beforeCreatedAt: before.createdAt,
    beforeId: before.id,
    limit: limit + 1,
  };
  const statuses = status ?? [];
  const label = skill?.trim().toLowerCase() || null;
  const text = search?.trim() || null;
  const pattern = text === null ? null : `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const isFiltered = statuses.length > 0 || label !== null || text !== null;
  const rows = await ctx.query(
    grant,
    isFiltered ? store.searchAgents({ ...place, statuses, label, text, pattern }) : store.listAgents(place),
  );
  return toPage(rows.map(toAgent), limit, creationKey);
}

/** One agent with its spec. @throws AppError NOT_FOUND */
export async function findAgent(ctx: NandaCtx, id: string): Promise<AgentWithSpec> {
  const grant = ctx.authorize('agent:read');
  const row = isUuid(id)
    ? await ctx.first(grant, store.findAgentWithSpec({ tenantId: tenantOf(grant), id }))
    : undefined;
  if (row === undefined) throw platformErrors.notFound();
  return toAgentWithSpec(row);
}

/** Agents by their ids, in any order; those that are not there are left out. */
export async function findAgents(ctx: NandaCtx, ids: readonly string[]): Promise<readonly Agent[]> {
  const grant = ctx.authorize('agent:read');
  const rows = await ctx.query(grant, store.findAgents({ tenantId: tenantOf(grant), ids: ids.filter(isUuid) }));
  return rows.map(toAgent);
}

/** Specs of agents by their ids, in any order. */
export async function findSpecs(
  ctx: NandaCtx,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly spec: unknown }[]> {
  const grant = ctx.authorize('agent:read');
  return ctx.query(grant, store.findSpecs({ tenantId: tenantOf(grant), ids: ids.filter(isUuid) }));
}
