import { findUsersCall } from '@candlefish/auth/contract';
import { tenantOf } from '@candlefish/kit/context';
import type { DocumentCtx } from '../ctx.ts';
import { mentionedIn } from '../domain/comment-body.ts';
import { policy } from '../policy.ts';
import { findMembers } from '../store/document-members.ts';
import { findDocuments } from '../store/documents.ts';
import { asPlatform } from './share-access.ts';

/**
 * People mentioned in a comment who can see the document. Others are passed over in silence: refusing them would tell who
 * belongs to the tenant, and who may see what.
 */
export async function mentionedPeople(
  ctx: DocumentCtx,
  { documentId, body }: { readonly documentId: string; readonly body: string },
): Promise<readonly string[]> {
  const ids = mentionedIn(body);
  const { tenantId } = ctx.actor;
  if (ids.length === 0 || tenantId === null) return [];
  // Whoever comments need not be allowed to look people up; only what is left of the list is told.
  const platform = asPlatform(ctx, tenantId);
  const grant = platform.authorize('document:read');
  const viewer = { viewerSeesAll: true, viewerId: null, viewerKeyId: null };
  const [document] = await platform.query(
    grant,
    findDocuments({ tenantId: tenantOf(grant), ids: [documentId], ...viewer }),
  );
  if (document === undefined) return [];
  const { users } = await platform.call(findUsersCall, { ids: [...ids] });
  const roleById = new Map(users.map(({ id, role }) => [id, role]));
  const members = await platform.query(grant, findMembers({ tenantId, documentId, ids }));
  const memberIds = new Set(members.map(({ userId }) => userId));
  const leaders: readonly string[] = policy.table['document:administer'];
  return ids.filter((id) => {
    const role = roleById.get(id);
    if (role === undefined) return false;
    const isOpen = document.visibility === 'tenant';
    return isOpen || leaders.includes(role) || document.createdBy === id || memberIds.has(id);
  });
}
