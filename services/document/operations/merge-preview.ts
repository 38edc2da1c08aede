import { tenantOf } from '@candlefish/kit/context';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { type Conflict, findConflicts } from '../domain/diff/conflicts.ts';
import { type ContentDiff, diffContent } from '../domain/diff/content-diff.ts';
import { mergeInto } from '../domain/merge.ts';
import { project } from '../domain/projection.ts';
import { readVersion } from '../store/document-versions.ts';
import { requireBranch } from './branches.ts';
import { authorizeWork } from './document-access.ts';
import { loadDocument } from './load-document.ts';
import { checkMergeable } from './merge-branch.ts';
import { unpackState } from './version-state.ts';

/** What a merge would do, seen from the three sides. */
export interface MergePreview {
  readonly branchId: string;
  readonly mainDocumentId: string;
  readonly contentType: ContentType;
  /** The version of the main document that this is about: to be expected by the merge. */
  readonly mainVersion: number;
  readonly branchVersion: number;
  /** What both had in common last. */
  readonly baseVersionId: string;
  /** How the main document has changed since then. */
  readonly ours: ContentDiff;
  /** How the branch has. */
  readonly theirs: ContentDiff;
  /** What the merge would change in the main document. */
  readonly result: ContentDiff;
  /** Places that both have changed; the merge keeps both changes there. */
  readonly conflicts: readonly Conflict[];
}

/**
 * What merging a branch into its main document would do; changes nothing.
 * @throws AppError NOT_FOUND, NOT_A_BRANCH, BRANCH_DIVERGED
 */
export async function previewMerge(ctx: DocumentCtx, branchId: string): Promise<MergePreview> {
  const grant = authorizeWork(ctx);
  const { row, branch, main } = await requireBranch(ctx, grant, branchId, 'view');
  const tenantId = tenantOf(grant);
  const contentType = main.contentType as ContentType;
  const load = (documentId: string) =>
    loadDocument((statement) => ctx.query(grant, statement), { tenantId, documentId, contentType });
  const [ours, theirs] = [await load(main.id), await load(branch.id)];
  checkMergeable(row, { ours: ours.doc, mainEpoch: main.epoch, theirs: theirs.doc, branchEpoch: branch.epoch });
  const kept = await ctx.first(grant, readVersion({ tenantId, id: row.baseVersionId }));
  if (kept === undefined) throw new Error('a branch rests on a version that is not there');
  const states = {
    base: project(unpackState(kept, contentType), contentType),
    ours: project(ours.doc, contentType),
    theirs: project(theirs.doc, contentType),
  };
  mergeInto(ours.doc, theirs.doc);
  return {
    branchId: branch.id,
    mainDocumentId: main.id,
    contentType,
    mainVersion: ours.seq,
    branchVersion: theirs.seq,
    baseVersionId: row.baseVersionId,
    ours: diffContent(states.base, states.ours, contentType),
    theirs: diffContent(states.base, states.theirs, contentType),
    result: diffContent(states.ours, project(ours.doc, contentType), contentType),
    conflicts: findConflicts(states, contentType),
  };
}
