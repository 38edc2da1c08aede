import { systemActor } from '@candlefish/kit/context';
import { shareErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { SharedLevel } from '../domain/access.ts';
import { findOpenedLink } from '../store/document-share-links.ts';

/** What the holder of a share token may do, and as whom. */
export interface ShareAccess {
  readonly tenantId: string;
  readonly documentId: string;
  readonly title: string;
  readonly level: SharedLevel;
  readonly linkId: string;
  /** The same for all that one opening of the link does. */
  readonly guestId: string;
  /** How others see a holder without an account in the tenant. */
  readonly name: string;
  /** When the token, or the link before it, ends. */
  readonly expiresAt: Date;
}

/** Letters of a guest's id in the name: two guests of a document seldom look alike. */
const NAME_LETTERS = 4;

/**
 * What a share token gives now. The link is looked at each time, so a link that was taken back gives nothing. The caller
 * needs no account, and the one it has does not matter.
 * @throws AppError SHARE_TOKEN_INVALID, SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED
 */
export async function openShareToken(ctx: DocumentCtx, token: string): Promise<ShareAccess> {
  const claims = ctx.service.shareTokens.open(token, ctx.clock.now());
  if (claims === null) throw shareErrors.shareTokenInvalid();
  const { tenantId, linkId, guestId } = claims;
  const { documentId, title, level, expiresAt } = await findLiveLink(ctx, tenantId, linkId);
  const endsAt = expiresAt !== null && expiresAt < claims.expiresAt ? expiresAt : claims.expiresAt;
  const name = `Guest ${guestId.slice(0, NAME_LETTERS)}`;
  return { tenantId, documentId, title, level: level as SharedLevel, linkId, guestId, name, expiresAt: endsAt };
}

/** A link that is there and whose time is not over. @throws AppError SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED */
export async function findLiveLink(ctx: DocumentCtx, tenantId: string, linkId: string) {
  const platform = asPlatform(ctx, tenantId);
  const grant = platform.authorize('document:read');
  const link = await platform.first(grant, findOpenedLink({ tenantId, id: linkId }));
  if (link === undefined) throw shareErrors.shareLinkUnknown();
  if (link.expiresAt !== null && link.expiresAt <= ctx.clock.now()) throw shareErrors.shareLinkExpired();
  return link;
}

/**
 * The same request as the platform's own work in a tenant: for what a share link was found to allow, since guests have no
 * rights of their own there.
 */
export const asPlatform = (ctx: DocumentCtx, tenantId: string): DocumentCtx =>
  ctx.as(systemActor('document', tenantId, ctx.clock.now()));
