import { isUuid } from '@candlefish/base/ids';
import { type Page, type PageKey, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { badCursor, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { NandaCtx } from '../ctx.ts';
import type { AgentSummary, SpecKind } from '../domain/agent-summary.ts';
import type { AgentVersionsStatements } from '../store/agent-versions.rows.generated.ts';
import * as store from '../store/agent-versions.ts';
import { findAgent } from './agents.ts';

/** A published version of an agent, which never changes. */
export interface AgentVersion {
  readonly agentId: string;
  readonly version: string;
  readonly specKind: SpecKind;
  readonly summary: AgentSummary;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** A version with its spec. */
export interface AgentVersionWithSpec extends AgentVersion {
  readonly spec: unknown;
}

const VERSION_KEY = ['number', 'string'] as const;
/** Later than every version there can be: where the first page begins. */
const NEWEST = { createdAt: new Date('9999-12-31T23:59:59.999Z'), version: '' } as const;

/** The sort key of a version in the list of its agent. */
export const versionKey = (row: AgentVersion): PageKey => [row.createdAt.getTime(), row.version];

const toVersion = (row: AgentVersionsStatements['listAgentVersions']['row']): AgentVersion => ({
  agentId: row.agentId,
  version: row.version,
  specKind: row.specKind as SpecKind,
  summary: row.summary as AgentSummary,
  createdBy: row.createdBy,
  createdAt: row.createdAt,
});

/** Versions of an agent, newest first. @throws AppError NOT_FOUND */
export async function listAgentVersions(
  ctx: NandaCtx,
  request: PageRequest & { readonly agentId: string },
): Promise<Page<AgentVersion>> {
  const grant = ctx.authorize('agent:read');
  const { limit, key } = pageStart(request, VERSION_KEY);
  const before = key === null ? NEWEST : { createdAt: new Date(Number(key[0])), version: String(key[1]) };
  if (
    Number.isNaN(before.createdAt.getTime()) ||
    before.createdAt > NEWEST.createdAt ||
    before.version.includes('\0')
  ) {
    throw badCursor('/after');
  }
  const agent = await findAgent(ctx, request.agentId);
  const rows = await ctx.query(
    grant,
    store.listAgentVersions({
      tenantId: tenantOf(grant),
      agentId: agent.id,
      beforeCreatedAt: before.createdAt,
      beforeVersion: before.version,
      limit: limit + 1,
    }),
  );
  return toPage(rows.map(toVersion), limit, versionKey);
}

/** One version with its spec. @throws AppError NOT_FOUND */
export async function findAgentVersion(ctx: NandaCtx, agentId: string, version: string): Promise<AgentVersionWithSpec> {
  const grant = ctx.authorize('agent:read');
  const row = isUuid(agentId)
    ? await ctx.first(grant, store.findAgentVersion({ tenantId: tenantOf(grant), agentId, version }))
    : undefined;
  if (row === undefined) throw platformErrors.notFound();
  return { ...toVersion(row), spec: row.spec };
}
