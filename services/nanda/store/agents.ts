import { statementsOf } from '@candlefish/kit/db';
import type { AgentsStatements } from './agents.rows.generated.ts';

const statement = statementsOf<AgentsStatements>('nanda');

/** What lists show of an agent: everything but the spec, which may be large. */
const LISTED = `a.id, a.tenant_id as "tenantId", a.name, a.description, a.version, a.spec_kind as "specKind", a.summary,
  a.status, a.revision, a.checked_at as "checkedAt", a.check_outcome as "checkOutcome", a.check_detail as "checkDetail",
  a.created_by as "createdBy", a.created_at as "createdAt", a.updated_at as "updatedAt"`;

/**
 * Agents created before a place, newest first. Apart from the search below, so that PostgreSQL keeps one plan: with
 * conditions that may be off it finds planning every run anew worth its while, which takes as long as the run.
 */
export const listAgents = statement('listAgents', {
  actions: ['agent:read'],
  text: `
    select ${LISTED}
    from nanda.nanda_agents a
    where a.tenant_id = :tenantId
      and (a.created_at, a.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
    order by a.created_at desc, a.id desc
    limit :limit::bigint`,
});

/**
 * The same of those that fit. An empty list of statuses means all. The text is looked for as words and as a part of name or
 * description; `pattern` is the same text for `ilike`, escaped.
 */
export const searchAgents = statement('searchAgents', {
  actions: ['agent:read'],
  text: `
    select ${LISTED}
    from nanda.nanda_agents a
    where a.tenant_id = :tenantId
      and (a.created_at, a.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
      and (cardinality(:statuses::text[]) = 0 or a.status = any (:statuses::text[]))
      and (:label?::text is null or a.labels @> array[:label?::text])
      and (:text?::text is null or a.search @@ websearch_to_tsquery('simple', :text?::text)
        or a.name ilike :pattern?::text or a.description ilike :pattern?::text)
    order by a.created_at desc, a.id desc
    limit :limit::bigint`,
});

/** One agent. */
export const findAgent = statement('findAgent', {
  actions: ['agent:check'],
  text: `select ${LISTED} from nanda.nanda_agents a where a.tenant_id = :tenantId and a.id = :id`,
});

/** One agent with its spec. */
export const findAgentWithSpec = statement('findAgentWithSpec', {
  actions: ['agent:read', 'agent:check'],
  text: `select ${LISTED}, a.spec from nanda.nanda_agents a where a.tenant_id = :tenantId and a.id = :id`,
});

/** Agents by their ids, in any order. */
export const findAgents = statement('findAgents', {
  actions: ['agent:read'],
  text: `select ${LISTED} from nanda.nanda_agents a where a.tenant_id = :tenantId and a.id = any (:ids::uuid[])`,
});

/** Specs of agents by their ids, in any order. */
export const findSpecs = statement('findSpecs', {
  actions: ['agent:read'],
  text: 'select a.id, a.spec from nanda.nanda_agents a where a.tenant_id = :tenantId and a.id = any (:ids::uuid[])',
});

/** One agent, locked until COMMIT. `sameSpec` tells whether a given spec is the one it has; true when none is given. */
export const lockAgent = statement('lockAgent', {
  actions: ['agent:update', 'agent:delete', 'agent:check'],
  text: `
    select ${LISTED}, a.spec, coalesce(a.spec = :spec?::jsonb, true) as "sameSpec"
    from nanda.nanda_agents a
    where a.tenant_id = :tenantId and a.id = :id
    for update`,
  notNull: ['sameSpec'],
});

/** Registers an agent. */
export const insertAgent = statement('insertAgent', {
  actions: ['agent:create'],
  text: `
    insert into nanda.nanda_agents as a
      (id, tenant_id, name, description, version, spec, spec_kind, summary, labels, status, created_by, created_at, updated_at)
    values (:id, :tenantId, :name, :description, :version, :spec, :specKind, :summary, :labels, :status, :createdBy?,
      :createdAt, :createdAt)
    returning ${LISTED}, a.spec`,
});

/** Changes an agent; a null spec leaves spec, kind, summary and labels as they are. */
export const updateAgent = statement('updateAgent', {
  actions: ['agent:update'],
  text: `
    update nanda.nanda_agents a
    set name = :name, description = :description, version = :version, status = :status,
      spec = coalesce(:spec?::jsonb, a.spec), spec_kind = coalesce(:specKind?::text, a.spec_kind),
      summary = coalesce(:summary?::jsonb, a.summary), labels = coalesce(:labels?::text[], a.labels),
      revision = a.revision + 1
    where a.tenant_id = :tenantId and a.id = :id
    returning ${LISTED}, a.spec`,
});

/** Writes down what a check found, and the status that follows from it. */
export const recordCheck = statement('recordCheck', {
  actions: ['agent:check'],
  text: `
    update nanda.nanda_agents a
    set checked_at = :checkedAt, check_outcome = :outcome, check_detail = :detail, status = :status::text,
      revision = a.revision + case when a.status = :status::text then 0 else 1 end
    where a.tenant_id = :tenantId and a.id = :id
    returning ${LISTED}`,
});

/** Deletes an agent with its versions. */
export const deleteAgent = statement('deleteAgent', {
  actions: ['agent:delete'],
  text: 'delete from nanda.nanda_agents a where a.tenant_id = :tenantId and a.id = :id',
});
