import { createHash, randomBytes } from 'node:crypto';
import { tenantOf } from '@candlefish/kit/context';
import { type FieldError, platformErrors } from '@candlefish/kit/errors';
import { shareErrors, shareLinkCreated } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { SharedLevel } from '../domain/access.ts';
import { countShareLinks, findShareLink, insertShareLink } from '../store/document-share-links.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { type ShareLink, toShareLink } from './share-links.ts';

/** Links of one document, those whose time is over included: more are not looked after by anybody. */
const LINKS_MAX = 100;
/** Characters of a password. */
const PASSWORD_CHARS_MAX = 200;
const USES_MAX = 1_000_000;
/** 192 bits: nobody finds a token by trying. */
const TOKEN_BYTES = 24;

/** What a link gives, and until when. */
export interface CreateShareLinkInput {
  readonly documentId: string;
  readonly level: SharedLevel;
  /** Null for a link that is good until it is taken back. */
  readonly expiresAt?: Date | null | undefined;
  readonly password?: string | null | undefined;
  /** How often it may be opened, 1 to 1,000,000; null for any number. */
  readonly maxUses?: number | null | undefined;
}

/** A link with its secret, which is told this once. */
export interface NewShareLink extends ShareLink {
  readonly token: string;
}

/** What stands in the database for the secret of a link. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Makes a link that opens a document. Needs the level manage.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, TOO_MANY_SHARE_LINKS, UNAVAILABLE
 */
export async function createShareLink(ctx: DocumentCtx, input: CreateShareLinkInput): Promise<NewShareLink> {
  const grant = authorizeWork(ctx);
  const fields = problemsOf(input, ctx.clock.now());
  if (fields.length > 0) throw platformErrors.validationFailed({ fields });
  const { documentId, level, expiresAt = null, maxUses = null } = input;
  await requireAccess(ctx, grant, documentId, 'manage');
  const passwordHash = input.password ? await ctx.service.linkPasswords.hash(input.password) : null;
  const of = { tenantId: tenantOf(grant), documentId };
  const id = ctx.ids.next();
  const token = `cfs_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return ctx.tx(grant, async (tx) => {
    const { count } = await tx.one(countShareLinks(of));
    if (count >= LINKS_MAX) throw shareErrors.tooManyShareLinks();
    const createdBy = grant.actor.userId;
    const secrets = { tokenHash: hashOfToken(token), passwordHash };
    await tx.run(insertShareLink({ ...of, id, level, ...secrets, expiresAt, usesMax: maxUses, createdBy }));
    tx.emit(shareLinkCreated, {
      documentId,
      shareLinkId: id,
      level,
      expiresAt: expiresAt === null ? null : expiresAt.toISOString(),
    });
    return { ...toShareLink(await tx.one(findShareLink({ ...of, id }))), token };
  });
}

function problemsOf({ expiresAt, password, maxUses }: CreateShareLinkInput, now: Date): readonly FieldError[] {
  const problems: FieldError[] = [];
  if (expiresAt && !(expiresAt > now)) problems.push({ pointer: '/expiresAt', message: 'must be in the future' });
  if (password !== undefined && password !== null && (password.length < 1 || password.length > PASSWORD_CHARS_MAX)) {
    problems.push({ pointer: '/password', message: `must have 1 to ${PASSWORD_CHARS_MAX} characters` });
  }
  if (maxUses !== undefined && maxUses !== null && !(maxUses >= 1 && maxUses <= USES_MAX)) {
    problems.push({ pointer: '/maxUses', message: `must be between 1 and ${USES_MAX}` });
  }
  return problems;
}
