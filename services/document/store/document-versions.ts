import { statementsOf } from '@candlefish/kit/db';
import type { DocumentVersionsStatements } from './document-versions.rows.generated.ts';

const statement = statementsOf<DocumentVersionsStatements>('document');

const VERSION = `v.id, v.document_id as "documentId", v.seq as "sequence", v.epoch, v.kind, v.name,
  v.actor_kind as "actorKind", v.actor_id as "actorId", v.user_id as "userId", v.parent_version_id as "parentId",
  v.state_bytes as "bytes", v.text_length as "textLength", v.created_at as "createdAt"`;

/** Keeps a state; a row unless it is an automatic one that was kept before. Its parent is the newest version up to it. */
export const insertVersion = statement('insertVersion', {
  actions: ['document:read', 'document:update', 'document:create'],
  text: `
    insert into document.document_versions
      (id, tenant_id, document_id, seq, epoch, kind, name, actor_kind, actor_id, user_id, parent_version_id, state,
       encoding, state_vector, state_bytes, sha256, text_length, created_at)
    values (:id, :tenantId, :documentId, :seq, :epoch, :kind, :name?, :actorKind, :actorId, :userId?,
      (
        select p.id from document.document_versions p
        where p.tenant_id = :tenantId and p.document_id = :documentId and p.epoch = :epoch and p.seq <= :seq
        order by p.seq desc, p.created_at desc
        limit 1
      ),
      :state, 'V2+zstd', :stateVector, :stateBytes, :sha256, :textLength, :createdAt)
    on conflict (document_id, epoch, seq) where kind = 'auto' do nothing
    returning id`,
});

/** Versions of a document made before a place, newest first; only those of some kinds when kinds are given. */
export const listVersions = statement('listVersions', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${VERSION}
    from document.document_versions v
    where v.tenant_id = :tenantId and v.document_id = :documentId
      and (v.created_at, v.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
      and (:kinds?::text[] is null or v.kind = any (:kinds?::text[]))
    order by v.created_at desc, v.id desc
    limit :limit::bigint`,
});

/** One version without its state. */
export const findVersion = statement('findVersion', {
  actions: ['document:read', 'document:update'],
  text: `select ${VERSION} from document.document_versions v where v.tenant_id = :tenantId and v.id = :id`,
});

/** One version with its state. */
export const readVersion = statement('readVersion', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${VERSION}, v.state, v.sha256
    from document.document_versions v
    where v.tenant_id = :tenantId and v.id = :id`,
});

/** How many versions of a document somebody has named. */
export const countNamedVersions = statement('countNamedVersions', {
  actions: ['document:read', 'document:update'],
  text: `
    select count(*) as "count" from document.document_versions v
    where v.tenant_id = :tenantId and v.document_id = :documentId and v.kind = 'named'`,
  notNull: ['count'],
});

/** Gives a version a name, which keeps it from being thinned out; a row when there is such a version. */
export const renameVersion = statement('renameVersion', {
  actions: ['document:read', 'document:update'],
  text: `
    update document.document_versions v set name = :name, kind = 'named'
    where v.tenant_id = :tenantId and v.document_id = :documentId and v.id = :id
    returning v.id`,
});

/** Deletes one version; a row when there was one. Fails when a branch rests on it. */
export const deleteVersion = statement('deleteVersion', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.document_versions v
    where v.tenant_id = :tenantId and v.document_id = :documentId and v.id = :id
    returning v.seq as "sequence"`,
});

/** Deletes versions that others stand for, except those that got a name or a branch meanwhile. */
export const deleteSurplusVersions = statement('deleteSurplusVersions', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.document_versions v
    where v.tenant_id = :tenantId and v.id = any (:ids::uuid[]) and v.kind <> 'named'
      and not exists (select from document.document_branches b where b.base_version_id = v.id)`,
});

/**
 * Deletes all that is kept of the past of a document beside its log: versions, what was undone, and that it is a branch or
 * has some. For erasing a history.
 */
export const forgetVersions = statement('forgetVersions', {
  actions: ['document:read', 'document:update'],
  text: `
    with undone as (
      delete from document.document_undos o where o.tenant_id = :tenantId and o.document_id = :documentId
    ), branches as (
      delete from document.document_branches b
      where b.tenant_id = :tenantId and (b.branch_document_id = :documentId or b.main_document_id = :documentId)
    )
    delete from document.document_versions v where v.tenant_id = :tenantId and v.document_id = :documentId`,
});

/** The newest state at or before a sequence from which the log can be followed: a version or a snapshot. */
export const readNearestState = statement('readNearestState', {
  actions: ['document:read', 'document:update'],
  text: `
    select t.seq, t.encoding, t.state
    from (
      (
        select v.seq, v.encoding, v.state from document.document_versions v
        where v.tenant_id = :tenantId and v.document_id = :documentId and v.epoch = :epoch and v.seq <= :upTo::bigint
        order by v.seq desc
        limit 1
      )
      union all
      (
        select s.seq, s.encoding, s.state from document.document_snapshots s
        where s.tenant_id = :tenantId and s.document_id = :documentId and s.epoch = :epoch and s.seq <= :upTo::bigint
        order by s.seq desc
        limit 1
      )
    ) t
    order by t.seq desc
    limit 1`,
  notNull: ['seq', 'encoding', 'state'],
});

/** What each version of a document had seen, oldest first: to tell since when something is there. */
export const listVersionVectors = statement('listVersionVectors', {
  actions: ['document:read', 'document:update'],
  text: `
    select v.seq as "sequence", v.state_vector as "stateVector", v.created_at as "createdAt"
    from document.document_versions v
    where v.tenant_id = :tenantId and v.document_id = :documentId and v.epoch = :epoch
    order by v.seq
    limit :limit::bigint`,
});

/** Documents of all tenants whose state is due to be kept. */
export const findDueVersions = statement('findDueVersions', {
  actions: ['document:keep-versions'],
  text: `
    select d.tenant_id as "tenantId", d.document_id as "documentId"
    from document.due_versions(:touchedSince, :quietSince, :updatesMax, :limit) d`,
  notNull: ['tenantId', 'documentId'],
});

/** Versions of all tenants that others stand for, oldest first. */
export const findSurplusVersions = statement('findSurplusVersions', {
  actions: ['document:keep-versions'],
  text: 'select s.tenant_id as "tenantId", s.id from document.surplus_versions(:present, :limit) s',
  notNull: ['tenantId', 'id'],
});
