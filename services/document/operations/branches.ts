import { type Page, toPage } from '@candlefish/base/page';
import { type Grant, tenantOf } from '@candlefish/kit/context';
import { CREATION_KEY, creationBefore, creationKey, type PageRequest, pageStart } from '@candlefish/kit/page';
import { versionErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { AccessLevel } from '../domain/access.ts';
import type { DocumentBranchesStatements } from '../store/document-branches.rows.generated.ts';
import * as store from '../store/document-branches.ts';
import { type AccessibleDocument, authorizeWork, requireAccess, type WorkAction } from './document-access.ts';
import { findDocuments } from './documents.ts';

/** What a document is a branch of. */
export interface Branch {
  /** Of the branch, which is a document. */
  readonly id: string;
  readonly title: string;
  readonly mainDocumentId: string;
  /** The version of the main document at which they parted. */
  readonly mainSequence: number;
  /** What both had in common last. */
  readonly baseVersionId: string;
  /** The version of the main document that the last merge made; null before the first. */
  readonly mergedSequence: number | null;
  readonly mergedAt: Date | null;
  readonly createdAt: Date;
}

/** A branch as the table keeps it. */
export type BranchRow = DocumentBranchesStatements['findBranches']['row'];

const toBranch = ({ mainEpoch: _, baseStateVector: __, ...row }: BranchRow, title: string): Branch => ({
  ...row,
  title,
});

/** A page of the branches of a document that the caller sees, newest first. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function listBranches(
  ctx: DocumentCtx,
  request: PageRequest & { readonly documentId: string },
): Promise<Page<Branch>> {
  const grant = authorizeWork(ctx);
  const { limit, key } = pageStart(request, CREATION_KEY);
  const { createdAt, id } = creationBefore(key);
  await requireAccess(ctx, grant, request.documentId, 'view');
  const place = { beforeCreatedAt: createdAt, beforeId: id, limit: limit + 1 };
  const of = { tenantId: tenantOf(grant), mainDocumentId: request.documentId };
  const page = toPage(await ctx.query(grant, store.listBranches({ ...of, ...place })), limit, creationKey);
  return { ...page, rows: await withTitles(ctx, page.rows) };
}

/** What documents are branches of, by the ids of the branches; those that are none or hidden are left out. */
export async function findBranchesOf(ctx: DocumentCtx, ids: readonly string[]): Promise<readonly Branch[]> {
  const grant = authorizeWork(ctx);
  return withTitles(ctx, await ctx.query(grant, store.findBranches({ tenantId: tenantOf(grant), ids })));
}

async function withTitles(ctx: DocumentCtx, rows: readonly BranchRow[]): Promise<readonly Branch[]> {
  const visible = await findDocuments(
    ctx,
    rows.map(({ id }) => id),
  );
  const titleById = new Map(visible.map(({ id, title }) => [id, title]));
  return rows.flatMap((row) => {
    const title = titleById.get(row.id);
    return title === undefined ? [] : [toBranch(row, title)];
  });
}

/** A branch and its main document, which the caller may use so far. */
export interface BranchWithMain {
  readonly row: BranchRow;
  readonly branch: AccessibleDocument;
  readonly main: AccessibleDocument;
}

/**
 * A branch that the caller may read, and its main document, which the caller may use at least so far.
 * @throws AppError NOT_FOUND, FORBIDDEN, NOT_A_BRANCH
 */
export async function requireBranch(
  ctx: DocumentCtx,
  grant: Grant<WorkAction>,
  branchId: string,
  neededOnMain: AccessLevel,
): Promise<BranchWithMain> {
  const branch = await requireAccess(ctx, grant, branchId, 'view');
  const row = await ctx.first(grant, store.findBranches({ tenantId: tenantOf(grant), ids: [branch.id] }));
  if (row === undefined) throw versionErrors.notABranch();
  return { row, branch, main: await requireAccess(ctx, grant, row.mainDocumentId, neededOnMain) };
}
