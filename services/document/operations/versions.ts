import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import type { VersionKind } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { AccessLevel } from '../domain/access.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import type { DocumentVersionsStatements } from '../store/document-versions.rows.generated.ts';
import * as store from '../store/document-versions.ts';
import { type AccessibleDocument, authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import type { UpdateActor } from './follow-document.ts';
import { unpackState } from './version-state.ts';

/** A kept state of a document, without the state itself. */
export interface DocumentVersion {
  readonly id: string;
  readonly documentId: string;
  /** The version of the document that it holds. */
  readonly sequence: number;
  readonly kind: VersionKind;
  readonly name: string | null;
  readonly actor: UpdateActor;
  readonly parentId: string | null;
  /** Size of the state before compression. */
  readonly bytes: number;
  /** UTF-16 units of the content as plain text. */
  readonly textLength: number;
  readonly createdAt: Date;
}

/** The content of a kept state in readable form. */
export interface VersionContent {
  readonly contentType: ContentType;
  readonly content: Readonly<Record<string, unknown>>;
  readonly text: string;
}

type VersionRow = DocumentVersionsStatements['findVersion']['row'];

/** The version of a row. */
export const toVersion = ({ actorKind, actorId, userId, epoch: _, ...row }: VersionRow): DocumentVersion => ({
  ...row,
  kind: row.kind as VersionKind,
  actor: { kind: actorKind, id: actorId, userId },
});

/** Versions of one document, and which. */
export interface VersionListRequest extends PageRequest {
  readonly documentId: string;
  /** Only those of these kinds; default all. */
  readonly kinds?: readonly VersionKind[] | null | undefined;
}

/** A page of the versions of a document, newest first. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function listVersions(ctx: DocumentCtx, request: VersionListRequest): Promise<Page<DocumentVersion>> {
  const grant = authorizeWork(ctx);
  const { documentId, kinds } = request;
  const { limit, key } = pageStart(request, CREATION_KEY);
  const { createdAt, id } = creationBefore(key);
  await requireAccess(ctx, grant, documentId, 'view');
  const place = { beforeCreatedAt: createdAt, beforeId: id, limit: limit + 1 };
  const statement = store.listVersions({ tenantId: tenantOf(grant), documentId, ...place, kinds: kinds ?? null });
  return toPage((await ctx.query(grant, statement)).map(toVersion), limit, creationKey);
}

/** One version. @throws AppError NOT_FOUND */
export async function findVersion(ctx: DocumentCtx, id: string): Promise<DocumentVersion> {
  const grant = authorizeWork(ctx);
  return (await requireVersion(ctx, grant, { id }, 'view')).version;
}

/** The content of a version. @throws AppError NOT_FOUND */
export async function readVersionContent(ctx: DocumentCtx, id: string): Promise<VersionContent> {
  const grant = authorizeWork(ctx);
  const { document } = await requireVersion(ctx, grant, { id }, 'view');
  const row = await ctx.first(grant, store.readVersion({ tenantId: tenantOf(grant), id }));
  if (row === undefined) throw platformErrors.notFound();
  const contentType = document.contentType as ContentType;
  const { roots, text } = project(unpackState(row, contentType), contentType);
  return { contentType, content: roots, text };
}

/**
 * A version of a document that the caller may use at least so far.
 * @throws AppError NOT_FOUND when either is absent, hidden from the caller, or the version is another document's; FORBIDDEN
 */
export async function requireVersion(
  ctx: DocumentCtx,
  grant: Grant<WorkAction>,
  of: { readonly id: string; readonly documentId?: string },
  needed: AccessLevel,
): Promise<{ readonly version: DocumentVersion; readonly document: AccessibleDocument }> {
  const row = isUuid(of.id)
    ? await ctx.first(grant, store.findVersion({ tenantId: tenantOf(grant), id: of.id }))
    : undefined;
  if (row === undefined || (of.documentId !== undefined && of.documentId !== row.documentId)) {
    throw platformErrors.notFound();
  }
  const document = await requireAccess(ctx, grant, row.documentId, needed);
  return { version: toVersion(row), document };
}
