import { isUuid } from '@candlefish/base/ids';
import { tenantOf } from '@candlefish/kit/context';
import { violates } from '@candlefish/kit/db';
import { platformErrors } from '@candlefish/kit/errors';
import { documentErrors, documentMemberSet, type MemberKind } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { AccessLevel } from '../domain/access.ts';
import { countMembers, findMembers, setMember as setRow } from '../store/document-members.ts';
import { authorizeWork, requireAccess, tellAccessChanged } from './document-access.ts';
import { type Member, toMember } from './members.ts';

/** People and keys with a level of their own in one document; a larger circle is a role's matter. */
const MEMBERS_MAX = 500;

/** Whose level in which document. */
export interface SetMemberInput {
  readonly documentId: string;
  /** Of the person or the key. */
  readonly id: string;
  /** Default `user`. */
  readonly kind?: MemberKind | null | undefined;
  readonly level: AccessLevel;
}

/**
 * Gives a person or an API key of the tenant an explicit level in a document, which takes the place of that of the role.
 * Needs the level manage. Who created the document, and owners and admins, manage it all the same.
 * @throws AppError NOT_FOUND for the document, the person or the key; FORBIDDEN, TOO_MANY_DOCUMENT_MEMBERS.
 */
export async function setMember(ctx: DocumentCtx, input: SetMemberInput): Promise<Member> {
  const grant = authorizeWork(ctx);
  const { documentId, id, level } = input;
  await requireAccess(ctx, grant, documentId, 'manage');
  if (!isUuid(id)) throw platformErrors.notFound();
  const of = { tenantId: tenantOf(grant), documentId };
  const who = input.kind === 'api_key' ? { userId: null, apiKeyId: id } : { userId: id, apiKeyId: null };
  const set = ctx.tx(grant, async (tx) => {
    const changed = await tx.first(setRow({ ...of, ...who, level }));
    if (changed !== undefined) {
      const { count } = await tx.one(countMembers(of));
      if (count > MEMBERS_MAX) throw documentErrors.tooManyMembers();
      tx.emit(documentMemberSet, { documentId, ...who, level });
      tx.afterCommit(() => tellAccessChanged(ctx, documentId));
    }
    return toMember(await tx.one(findMembers({ ...of, ids: [id] })));
  });
  return set.catch((error: unknown) => {
    throw isUnknown(error) ? platformErrors.notFound() : error;
  });
}

/** Whether the person or the key, or by now the document, is not there. */
const isUnknown = (error: unknown): boolean =>
  ['document_members_user_fkey', 'document_members_api_key_fkey', 'document_members_tenant_id_document_id_fkey'].some(
    (constraint) => violates(error, constraint),
  );
