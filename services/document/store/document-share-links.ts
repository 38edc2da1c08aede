import { statementsOf } from '@candlefish/kit/db';
import type { DocumentShareLinksStatements } from './document-share-links.rows.generated.ts';

const statement = statementsOf<DocumentShareLinksStatements>('document');

const LINK = `l.id, l.document_id as "documentId", l.level, l.password_hash is not null as "hasPassword",
  l.expires_at as "expiresAt", l.uses_max as "usesMax", l.uses, l.last_used_at as "lastUsedAt",
  l.created_by as "createdBy", l.created_at as "createdAt"`;

/** Share links of a document made before a place, newest first. */
export const listShareLinks = statement('listShareLinks', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${LINK}
    from document.document_share_links l
    where l.tenant_id = :tenantId and l.document_id = :documentId
      and (l.created_at, l.id) < (:beforeCreatedAt::timestamptz, :beforeId::uuid)
    order by l.created_at desc, l.id desc
    limit :limit::bigint`,
  notNull: ['hasPassword'],
});

/** One share link of a document. */
export const findShareLink = statement('findShareLink', {
  actions: ['document:read', 'document:update'],
  text: `
    select ${LINK}
    from document.document_share_links l
    where l.tenant_id = :tenantId and l.document_id = :documentId and l.id = :id`,
  notNull: ['hasPassword'],
});

/** How many share links a document has. */
export const countShareLinks = statement('countShareLinks', {
  actions: ['document:read', 'document:update'],
  text: `
    select count(*) as "count" from document.document_share_links l
    where l.tenant_id = :tenantId and l.document_id = :documentId`,
  notNull: ['count'],
});

/** Makes a share link. */
export const insertShareLink = statement('insertShareLink', {
  actions: ['document:read', 'document:update'],
  text: `
    insert into document.document_share_links
      (id, tenant_id, document_id, level, token_hash, password_hash, expires_at, uses_max, created_by)
    values (:id, :tenantId, :documentId, :level, :tokenHash, :passwordHash?, :expiresAt?, :usesMax?, :createdBy?)`,
});

/** Ends a share link; a row when there was one. */
export const deleteShareLink = statement('deleteShareLink', {
  actions: ['document:read', 'document:update'],
  text: `
    delete from document.document_share_links l
    where l.tenant_id = :tenantId and l.document_id = :documentId and l.id = :id
    returning l.id, l.level`,
});

/** The link of a token and its tenant, whoever asks: only the hash of a secret finds it. */
export const findLinkOfToken = statement('findLinkOfToken', {
  actions: ['document:use-share-link'],
  onlyReads: true,
  text: 'select link_id as "linkId", tenant_id as "tenantId" from document.find_share_link(:tokenHash)',
  notNull: ['linkId', 'tenantId'],
});

/** A link that was found by its secret, with what opening it checks and shows. */
export const findOpenedLink = statement('findOpenedLink', {
  actions: ['document:read'],
  text: `
    select l.id, l.document_id as "documentId", l.level, l.password_hash as "passwordHash",
      l.expires_at as "expiresAt", d.title
    from document.document_share_links l
    join document.documents d on d.tenant_id = l.tenant_id and d.id = l.document_id
    where l.tenant_id = :tenantId and l.id = :id`,
});

/** Counts an opening of a link; no row when it was opened as often as it may be. */
export const countUse = statement('countUse', {
  actions: ['document:read'],
  text: `
    update document.document_share_links l
    set uses = l.uses + 1, last_used_at = :usedAt
    where l.tenant_id = :tenantId and l.id = :id and (l.uses_max is null or l.uses < l.uses_max)
    returning l.id`,
});
