import { statementsOf } from '@candlefish/kit/db';
import type { AgentVersionsStatements } from './agent-versions.rows.generated.ts';

const statement = statementsOf<AgentVersionsStatements>('nanda');

/** Publishes the version that the agent has now, unless there is one of that name; a row when it was published. */
export const publishAgentVersion = statement('publishAgentVersion', {
  actions: ['agent:create', 'agent:update'],
  text: `
    insert into nanda.nanda_agent_versions
      (tenant_id, agent_id, version, spec, spec_kind, summary, created_by, created_at)
    select a.tenant_id, a.id, a.version, a.spec, a.spec_kind, a.summary, :createdBy?::uuid, :createdAt::timestamptz
    from nanda.nanda_agents a
    where a.tenant_id = :tenantId and a.id = :agentId
    on conflict (tenant_id, agent_id, version) do nothing
    returning version`,
});

/** Whether the published version that the agent names has the agent's spec. */
export const comparePublishedVersion = statement('comparePublishedVersion', {
  actions: ['agent:create', 'agent:update'],
  text: `
    select v.spec = a.spec as "same"
    from nanda.nanda_agents a
    join nanda.nanda_agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id and v.version = a.version
    where a.tenant_id = :tenantId and a.id = :agentId`,
  notNull: ['same'],
});

/** Number of versions of an agent. */
export const countAgentVersions = statement('countAgentVersions', {
  actions: ['agent:update'],
  text: `
    select count(*) as "count" from nanda.nanda_agent_versions v
    where v.tenant_id = :tenantId and v.agent_id = :agentId`,
  notNull: ['count'],
});

/** Versions of an agent published before a place, newest first, without their specs. */
export const listAgentVersions = statement('listAgentVersions', {
  actions: ['agent:read'],
  text: `
    select v.agent_id as "agentId", v.version, v.spec_kind as "specKind", v.summary, v.created_by as "createdBy",
      v.created_at as "createdAt"
    from nanda.nanda_agent_versions v
    where v.tenant_id = :tenantId and v.agent_id = :agentId
      and (v.created_at, v.version) < (:beforeCreatedAt::timestamptz, :beforeVersion::text)
    order by v.created_at desc, v.version desc
    limit :limit::bigint`,
});

/** One version with its spec. */
export const findAgentVersion = statement('findAgentVersion', {
  actions: ['agent:read'],
  text: `
    select v.agent_id as "agentId", v.version, v.spec_kind as "specKind", v.summary, v.spec,
      v.created_by as "createdBy", v.created_at as "createdAt"
    from nanda.nanda_agent_versions v
    where v.tenant_id = :tenantId and v.agent_id = :agentId and v.version = :version`,
});
