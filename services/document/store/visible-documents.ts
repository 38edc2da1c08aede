/**
 * Parts of statements that show documents: which ones a caller sees, and with what level. They take the parameters
 * `viewerSeesAll`, `viewerId?` and `viewerKeyId?` and the table `document.documents d`. Every statement that finds
 * documents by more than an id that was checked before holds `VISIBLE`.
 */

/** Explicit levels of the caller; `domain/access.ts` makes one of them. */
export const GUARD = `d.visibility, (
    select m.level from document.document_members m
    where m.tenant_id = d.tenant_id and m.document_id = d.id and m.principal_id = :viewerId?::uuid
  ) as "userLevel", (
    select m.level from document.document_members m
    where m.tenant_id = d.tenant_id and m.document_id = d.id and m.principal_id = :viewerKeyId?::uuid
  ) as "apiKeyLevel"`;

/** The columns of `GUARD` that are null without an explicit level. */
export const GUARD_NULLABLE = ['userLevel', 'apiKeyLevel'] as const;

/** Whether the caller sees the document: the same rule as `levelIn` gives, whose levels are never null then. */
export const VISIBLE = `(:viewerSeesAll::boolean or d.visibility = 'tenant' or d.created_by = :viewerId?::uuid or exists (
    select from document.document_members m
    where m.tenant_id = d.tenant_id and m.document_id = d.id
      and (m.principal_id = :viewerId?::uuid or m.principal_id = :viewerKeyId?::uuid)
  ))`;
