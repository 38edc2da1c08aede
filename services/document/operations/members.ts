import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import type { AccessLevel } from '../domain/access.ts';
import type { DocumentMembersStatements } from '../store/document-members.rows.generated.ts';
import * as store from '../store/document-members.ts';
import { authorizeWork, requireAccess } from './document-access.ts';

/** Somebody with an explicit level in a document: a person or an API key. */
export interface Member {
  /** Of the person or the key. */
  readonly id: string;
  readonly documentId: string;
  readonly userId: string | null;
  readonly apiKeyId: string | null;
  readonly level: AccessLevel;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The member of a row. @throws Error when the row belongs to nobody, which the table's check excludes. */
export function toMember({ id, ...row }: DocumentMembersStatements['findMembers']['row']): Member {
  if (id === null) throw new Error('a member is a person or a key');
  return { ...row, id, level: row.level as AccessLevel };
}

/** A page of those with an explicit level in a document, newest first. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function listMembers(
  ctx: DocumentCtx,
  request: PageRequest & { readonly documentId: string },
): Promise<Page<Member>> {
  const grant = authorizeWork(ctx);
  const { documentId } = request;
  const { limit, key } = pageStart(request, CREATION_KEY);
  const { createdAt, id } = creationBefore(key);
  await requireAccess(ctx, grant, documentId, 'view');
  const rows = await ctx.query(
    grant,
    store.listMembers({
      tenantId: tenantOf(grant),
      documentId,
      beforeCreatedAt: createdAt,
      beforeId: id,
      limit: limit + 1,
    }),
  );
  return toPage(rows.map(toMember), limit, creationKey);
}
