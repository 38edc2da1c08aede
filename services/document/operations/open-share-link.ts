import { randomBytes } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '@candlefish/base/time';
import { platformErrors } from '@candlefish/kit/errors';
import { shareErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { SharedLevel } from '../domain/access.ts';
import { countUse, findLinkOfToken } from '../store/document-share-links.ts';
import { hashOfToken } from './create-share-link.ts';
import { asPlatform, findLiveLink } from './share-access.ts';

/** How long what an opening gave is good for: a working day. The link is looked at with each use all the same. */
const SHARE_TOKEN_MS = 12 * HOUR_MS;
/** Tries at the password of one link. */
const PASSWORD_TRIES = { limit: 20, windowMs: 15 * MINUTE_MS } as const;
const GUEST_BYTES = 8;

/** How a share link is opened. */
export interface OpenShareLinkInput {
  /** The secret in the link. */
  readonly token: string;
  readonly password?: string | null | undefined;
  /** What an earlier opening of the same link gave: it is prolonged without a password and not counted again. */
  readonly shareToken?: string | null | undefined;
}

/** What opening a share link gives. */
export interface OpenedShare {
  readonly documentId: string;
  readonly title: string;
  readonly level: SharedLevel;
  readonly shareToken: string;
  /** When the share token ends. */
  readonly expiresAt: Date;
}

/**
 * Opens a share link for anybody who has its secret.
 * @throws AppError SHARE_LINK_UNKNOWN, SHARE_LINK_EXPIRED, SHARE_LINK_USED_UP, SHARE_PASSWORD_NEEDED, SHARE_PASSWORD_WRONG,
 *   RATE_LIMITED, UNAVAILABLE
 */
export async function openShareLink(ctx: DocumentCtx, input: OpenShareLinkInput): Promise<OpenedShare> {
  const grant = ctx.authorize('document:use-share-link');
  const found = await ctx.first(grant, findLinkOfToken({ tokenHash: hashOfToken(input.token) }));
  if (found === undefined) throw shareErrors.shareLinkUnknown();
  const { tenantId, linkId } = found;
  const link = await findLiveLink(ctx, tenantId, linkId);
  const now = ctx.clock.now();
  const before = ctx.service.shareTokens.open(input.shareToken ?? '', now);
  const isKnown = before?.linkId === linkId;
  if (!isKnown) {
    await checkPassword(ctx, link, input.password ?? null);
    await count(ctx, tenantId, linkId);
  }
  const guestId = isKnown ? before.guestId : randomBytes(GUEST_BYTES).toString('hex');
  const latest = new Date(now.getTime() + SHARE_TOKEN_MS);
  const expiresAt = link.expiresAt !== null && link.expiresAt < latest ? link.expiresAt : latest;
  const shareToken = ctx.service.shareTokens.seal({ tenantId, linkId, guestId, expiresAt });
  const { documentId, title } = link;
  return { documentId, title, level: link.level as SharedLevel, shareToken, expiresAt };
}

async function checkPassword(
  ctx: DocumentCtx,
  link: { readonly id: string; readonly passwordHash: string | null },
  password: string | null,
): Promise<void> {
  if (link.passwordHash === null) return;
  if (password === null) throw shareErrors.sharePasswordNeeded();
  const { allowed, retryAfterMs } = await ctx.service.limits.consume(`share-link:${link.id}`, PASSWORD_TRIES);
  if (!allowed) throw platformErrors.rateLimited({ retryAfterMs });
  if (!(await ctx.service.linkPasswords.matches(link.passwordHash, password))) throw shareErrors.sharePasswordWrong();
}

async function count(ctx: DocumentCtx, tenantId: string, id: string): Promise<void> {
  const platform = asPlatform(ctx, tenantId);
  const grant = platform.authorize('document:read');
  const counted = await platform.first(grant, countUse({ tenantId, id, usedAt: ctx.clock.now() }));
  if (counted === undefined) throw shareErrors.shareLinkUsedUp();
}
