import { searchUsersCall } from '@candlefish/auth/contract';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { DocumentCtx } from '../ctx.ts';
import { policy } from '../policy.ts';
import { listMemberPeople } from '../store/document-members.ts';
import { findDocuments } from '../store/documents.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { asPlatform } from './share-access.ts';
import { viewerParams } from './viewer.ts';

/** More letters than an address has. */
const SEARCH_CHARS_MAX = 255;
/** A list beside a caret: whoever is not in it types another letter. */
const PEOPLE_MAX = 50;
/** Given unless told otherwise: as many as such a list has room for. */
const PEOPLE_DEFAULT = 10;

/** Somebody who can be mentioned. */
export interface MentionablePerson {
  readonly id: string;
  readonly email: string;
}

/**
 * People who see a document and whose address holds a text, in the order of their addresses: those whom a mention would
 * reach. Needs the level comment, as mentioning does.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED
 */
export async function listMentionable(
  ctx: DocumentCtx,
  input: {
    readonly documentId: string;
    readonly search?: string | null | undefined;
    readonly first?: number | null | undefined;
  },
): Promise<readonly MentionablePerson[]> {
  const grant = authorizeWork(ctx);
  const text = input.search?.trim() ?? '';
  const limit = input.first ?? PEOPLE_DEFAULT;
  checkRequest(text, limit);
  const { id: documentId } = await requireAccess(ctx, grant, input.documentId, 'comment');
  const tenantId = tenantOf(grant);
  const row = await ctx.first(grant, findDocuments({ tenantId, ids: [documentId], ...viewerParams(ctx) }));
  if (row === undefined) throw platformErrors.notFound();
  const members =
    row.visibility === 'private' ? await ctx.query(grant, listMemberPeople({ tenantId, documentId })) : [];
  const named = [row.createdBy, ...members.map(({ userId }) => userId)].filter((id) => id !== null);
  const isPrivate = row.visibility === 'private';
  // A caller whose scopes end at documents may mention people all the same.
  const { users } = await asPlatform(ctx, tenantId).call(searchUsersCall, {
    text,
    ids: isPrivate ? named : null,
    roles: isPrivate ? [...policy.table['document:administer']] : null,
    limit,
  });
  return users;
}

function checkRequest(text: string, first: number): void {
  const fields = [
    ...(text.length > SEARCH_CHARS_MAX
      ? [{ pointer: '/search', message: `must have at most ${SEARCH_CHARS_MAX} characters` }]
      : []),
    ...(first < 1 || first > PEOPLE_MAX ? [{ pointer: '/first', message: `must be between 1 and ${PEOPLE_MAX}` }] : []),
  ];
  if (fields.length > 0) throw platformErrors.validationFailed({ fields });
}
