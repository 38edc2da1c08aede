import { type Tx, tenantOf } from '@candlefish/kit/context';
import * as Y from 'yjs';
import { documentMerged, versionErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { haveDiverged, mergeInto } from '../domain/merge.ts';
import { project } from '../domain/projection.ts';
import { copyAuthors, findBranches, recordMerge } from '../store/document-branches.ts';
import { type BranchRow, requireBranch } from './branches.ts';
import { checkEpoch } from './check-epoch.ts';
import type { Collaboration } from './collaborate.ts';
import { authorizeWork, type WorkAction } from './document-access.ts';
import { keepVersion, takeState } from './keep-version.ts';
import { loadDocument } from './load-document.ts';
import { appendTo, checkExpected, checkResult, type LockedDocument, lockDocument } from './locked-document.ts';
import type { Restoration } from './restore-version.ts';

/** Which branch, and into what. */
export interface MergeInput {
  readonly branchId: string;
  /** Refuses when the main document is at another version. */
  readonly expectedVersion?: number | null | undefined;
  /** Says what would come of it and changes nothing. */
  readonly dryRun?: boolean | null | undefined;
}

/** What came of a merge, in the main document. */
export interface Merge extends Restoration {
  readonly mainDocumentId: string;
  /** The main document as it would be, for a dry run. */
  readonly wouldBe?: Pick<Collaboration, 'version' | 'stateVector' | 'preview'>;
}

/** The first epoch of a document: a branch whose history was erased has nothing in common with its main document. */
const FIRST_EPOCH = 0;

/**
 * Brings what was written in a branch into its main document, as one update. Both sides' changes stay, under the names of
 * who wrote them; the state before is kept as a version. The branch goes on and may be merged again. Needs the level
 * edit on the main document and view on the branch.
 * @throws AppError NOT_FOUND, FORBIDDEN, NOT_A_BRANCH, BRANCH_DIVERGED, CONFLICT, INVALID_OPERATION when both together break
 *   the content type or schema, DOCUMENT_TOO_LARGE.
 */
export async function mergeBranch(ctx: DocumentCtx, input: MergeInput): Promise<Merge> {
  const grant = authorizeWork(ctx);
  const { main, branch } = await requireBranch(ctx, grant, input.branchId, 'edit');
  const tenantId = tenantOf(grant);
  return ctx.tx(grant, async (tx) => {
    // In the order of ids, as whoever appends to several documents; the branch must not be erased while its state is kept.
    const heldBranch = { tenantId, documentId: branch.id, epoch: branch.epoch };
    if (branch.id < main.id) await checkEpoch(tx, heldBranch);
    const document = await lockDocument(tx, grant, main.id);
    if (branch.id > main.id) await checkEpoch(tx, heldBranch);
    checkExpected(document, input.expectedVersion);
    // Read again behind the lock: another merge may just have moved the base.
    const row = await tx.first(findBranches({ tenantId, ids: [branch.id] }));
    if (row === undefined) throw versionErrors.notABranch();
    const contentType = document.contentType;
    const theirs = await loadDocument((statement) => tx.run(statement), {
      tenantId,
      documentId: branch.id,
      contentType,
    });
    checkMergeable(row, {
      ours: document.doc,
      mainEpoch: document.head.epoch,
      theirs: theirs.doc,
      branchEpoch: branch.epoch,
    });
    const before = takeState(document);
    const update = mergeInto(document.doc, theirs.doc);
    if (update === null) return { mainDocumentId: main.id, version: document.head.seq, keptVersionId: null };
    if (input.dryRun === true) return tried(document);
    const keptVersionId = await keepVersion(ctx, tx, before, { kind: 'before_merge' });
    await tx.run(copyAuthors({ tenantId, fromId: branch.id, toId: main.id }));
    const version = await appendTo(ctx, tx, document, { update, origin: 'merge', isOwn: false });
    await moveBase(ctx, tx, { row, contentType, theirs, version });
    tx.emit(documentMerged, { documentId: main.id, branchId: branch.id, sequence: version });
    return { mainDocumentId: main.id, version, keptVersionId };
  });
}

/** What merging would give, held against the content type as merging would be. */
function tried(document: LockedDocument): Merge {
  checkResult(document);
  const { head, doc, contentType } = document;
  const { roots: content, text } = project(doc, contentType);
  const version = head.seq + 1;
  const preview = { content, text, state: Y.encodeStateAsUpdate(doc) };
  const wouldBe = { version, stateVector: Y.encodeStateVector(doc), preview };
  return { mainDocumentId: head.documentId, version, keptVersionId: null, wouldBe };
}

/** @throws AppError BRANCH_DIVERGED */
export function checkMergeable(
  row: BranchRow,
  of: { readonly ours: Y.Doc; readonly mainEpoch: number; readonly theirs: Y.Doc; readonly branchEpoch: number },
): void {
  const isErased = of.mainEpoch !== row.mainEpoch || of.branchEpoch !== FIRST_EPOCH;
  if (isErased || haveDiverged(row.baseStateVector, of.ours, of.theirs)) throw versionErrors.branchDiverged();
}

interface Merged {
  readonly row: BranchRow;
  readonly contentType: ContentType;
  readonly theirs: { readonly doc: Y.Doc; readonly seq: number };
  readonly version: number;
}

/** From now on both have in common what the branch has now. */
async function moveBase(
  ctx: DocumentCtx,
  tx: Tx<WorkAction>,
  { row, contentType, theirs, version }: Merged,
): Promise<void> {
  const { tenantId } = ctx.actor;
  if (tenantId === null) throw new Error('a merge needs a tenant');
  const head = { documentId: row.id, seq: theirs.seq, epoch: FIRST_EPOCH };
  const taken = takeState({ head, contentType, doc: theirs.doc });
  const baseVersionId = await keepVersion(ctx, tx, taken, { kind: 'branch_point' });
  if (baseVersionId === null) throw new Error('only automatic versions are kept once');
  const baseStateVector = Y.encodeStateVector(theirs.doc);
  const mergedAt = ctx.clock.now();
  await tx.run(
    recordMerge({ tenantId, id: row.id, mergedSequence: version, mergedAt, baseVersionId, baseStateVector }),
  );
}
