import { isUuid } from '@candlefish/base/ids';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { accessChannel } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { type AccessLevel, type Guarded, includesLevel, levelIn } from '../domain/access.ts';
import type { DocumentsStatements } from '../store/documents.rows.generated.ts';
import { findDocuments } from '../store/documents.ts';
import { viewerOf, viewerParams } from './viewer.ts';

/** Actions under whose grants people work inside of documents; what they may do there is up to their level. */
export type WorkAction = 'document:read' | 'document:update';

/** A document and what the caller may do with it. */
export interface AccessibleDocument {
  readonly id: string;
  readonly title: string;
  readonly contentType: string;
  readonly version: number;
  readonly epoch: number;
  readonly access: AccessLevel;
}

/**
 * The grant for work inside of a document. It says only that the caller may look for documents: `requireAccess` has to say
 * the rest, since a viewer may be a member of some document who edits it.
 */
export const authorizeWork = (ctx: DocumentCtx): Grant<WorkAction> =>
  ctx.authorize<WorkAction>(ctx.may('document:update') ? 'document:update' : 'document:read');

/**
 * A document that the caller may use at least so far.
 * @throws AppError NOT_FOUND when it is absent, another tenant's or hidden from the caller; FORBIDDEN when it may be seen
 *   and not used so far.
 */
export async function requireAccess(
  ctx: DocumentCtx,
  grant: Grant<WorkAction | 'document:delete'>,
  documentId: string,
  needed: AccessLevel,
): Promise<AccessibleDocument> {
  const rows = isUuid(documentId)
    ? await ctx.query(grant, findDocuments({ tenantId: tenantOf(grant), ids: [documentId], ...viewerParams(ctx) }))
    : [];
  const [row] = rows;
  if (row === undefined) throw platformErrors.notFound();
  const { id, title, contentType, version, epoch } = row;
  return { id, title, contentType, version, epoch, access: requireLevel(ctx, row, needed) };
}

/**
 * The caller's level in a document that a statement has found with `GUARD`, when it is high enough.
 * @throws AppError NOT_FOUND when the document is hidden from the caller, FORBIDDEN.
 */
export function requireLevel(ctx: DocumentCtx, row: GuardedRow, needed: AccessLevel): AccessLevel {
  const access = accessOf(ctx, row);
  if (access === null) throw platformErrors.notFound();
  if (!includesLevel(access, needed)) {
    throw platformErrors.forbidden({ detail: `This needs the level ${needed} on the document; yours is ${access}.` });
  }
  return access;
}

/** The columns of `GUARD` and who created the document. */
export type GuardedRow = Pick<
  DocumentsStatements['findDocuments']['row'],
  'createdBy' | 'visibility' | 'userLevel' | 'apiKeyLevel'
>;

/** The caller's level in a document; null when it is hidden. */
const accessOf = (ctx: DocumentCtx, row: GuardedRow): AccessLevel | null => levelIn(viewerOf(ctx), row as Guarded);

/** Tells sockets and followers that somebody's access to a document may have changed; their own looks heal a loss. */
export function tellAccessChanged(ctx: DocumentCtx, documentId: string): void {
  const { tenantId } = ctx.actor;
  if (tenantId === null) return;
  ctx.service.pubsub.publish(accessChannel(tenantId), documentId).catch((error: unknown) => {
    ctx.log.warn({ err: error, documentId }, 'a change of access was not told; it is found at the next look');
  });
}
