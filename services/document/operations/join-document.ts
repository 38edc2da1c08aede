import { findUsersCall } from '@candlefish/auth/contract';
import { isAppError, platformErrors } from '@candlefish/kit/errors';
import type { Writer } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { type AccessLevel, includesLevel } from '../domain/access.ts';
import type { ContentType } from '../domain/content-types.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { asPlatform, openShareToken } from './share-access.ts';

/** Who is in a document, and how. */
export interface Joined {
  readonly documentId: string;
  readonly tenantId: string;
  readonly contentType: ContentType;
  readonly access: AccessLevel;
  readonly epoch: number;
  readonly version: number;
  readonly writer: Writer;
  /** How others see the caller. */
  readonly name: string;
  /** When the share token ends that gives the access; absent where the caller has it anyway. */
  readonly endsAt?: string;
}

/**
 * Lets the caller into a document: by their own access, by a share token, or by whichever of both gives more.
 * @throws AppError NOT_FOUND, UNAUTHENTICATED, SHARE_TOKEN_INVALID, SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED
 */
export async function joinDocument(
  ctx: DocumentCtx,
  { documentId, shareToken }: { readonly documentId: string; readonly shareToken: string | null },
): Promise<Joined> {
  if (shareToken === null) return joinAsCaller(ctx, documentId);
  const shared = await openShareToken(ctx, shareToken);
  if (shared.documentId !== documentId) throw platformErrors.notFound();
  const own = ctx.actor.tenantId === shared.tenantId ? await joinedOrNull(ctx, documentId) : null;
  const endsAt = shared.expiresAt.toISOString();
  if (own !== null) return includesLevel(own.access, shared.level) ? own : { ...own, access: shared.level, endsAt };
  const platform = asPlatform(ctx, shared.tenantId);
  const document = await requireAccess(platform, authorizeWork(platform), documentId, 'view');
  return {
    ...placeOf(document, shared.tenantId),
    access: shared.level,
    writer: { kind: 'anonymous', id: shared.guestId, userId: null },
    name: shared.name,
    endsAt,
  };
}

async function joinAsCaller(ctx: DocumentCtx, documentId: string): Promise<Joined> {
  const grant = authorizeWork(ctx);
  const document = await requireAccess(ctx, grant, documentId, 'view');
  const { kind, id, userId, tenantId } = ctx.actor;
  if (tenantId === null) throw platformErrors.notFound();
  return {
    ...placeOf(document, tenantId),
    access: document.access,
    writer: { kind, id, userId },
    name: await nameOf(ctx, tenantId),
  };
}

async function joinedOrNull(ctx: DocumentCtx, documentId: string): Promise<Joined | null> {
  try {
    return await joinAsCaller(ctx, documentId);
  } catch (error) {
    // Hidden from the caller as such; the link shows it all the same.
    if (isAppError(error) && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

const placeOf = ({ id, contentType, epoch, version }: Awaited<ReturnType<typeof requireAccess>>, tenantId: string) => {
  return { documentId: id, tenantId, contentType: contentType as ContentType, epoch, version };
};

/** People are shown by what stands before the @ of their address; the rest of it is nobody else's business. */
async function nameOf(ctx: DocumentCtx, tenantId: string): Promise<string> {
  const { kind, id, userId } = ctx.actor;
  if (userId === null) return `${kind} ${id.slice(0, SHOWN_ID_CHARS)}`;
  // Whoever edits need not be allowed to look people up.
  const { users } = await asPlatform(ctx, tenantId).call(findUsersCall, { ids: [userId] });
  const [name = ''] = (users[0]?.email ?? '').split('@', 1);
  return kind === 'user' ? name : `${name} (${kind === 'agent' ? 'agent' : 'API key'})`;
}

const SHOWN_ID_CHARS = 8;
