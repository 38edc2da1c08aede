import { tenantOf } from '@candlefish/kit/context';
import * as Y from 'yjs';
import { documentBranched } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import type { Visibility } from '../domain/access.ts';
import type { ContentType } from '../domain/content-types.ts';
import { project } from '../domain/projection.ts';
import { findContentSchemas } from '../store/content-schemas.ts';
import { copyAuthors, copyMembers, insertBranch } from '../store/document-branches.ts';
import { SEVERAL_CLIENTS } from './append-change.ts';
import { checkEpoch } from './check-epoch.ts';
import { createDocument } from './create-document.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import { type Document, findDocument } from './documents.ts';
import { keepVersion, takeState } from './keep-version.ts';
import { loadDocument } from './load-document.ts';
import { viewerParams } from './viewer.ts';

/** What a branch begins from. */
export interface CreateBranchInput {
  readonly documentId: string;
  readonly title: string;
}

/**
 * Makes a document that goes on from the present state of another one, history included, so that it can be merged back. It
 * shows itself to whom the other one does, and its maker manages it. The state is kept as a version of the main document.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_FAILED, CONFLICT when the history was erased meanwhile.
 */
export async function createBranch(ctx: DocumentCtx, input: CreateBranchInput): Promise<Document> {
  const grant = authorizeWork(ctx);
  const { documentId } = input;
  const main = await requireAccess(ctx, grant, documentId, 'view');
  const tenantId = tenantOf(grant);
  const contentType = main.contentType as ContentType;
  const { visibility } = await findDocument(ctx, documentId);
  const [schema] = await ctx.query(grant, findContentSchemas({ tenantId, ids: [documentId], ...viewerParams(ctx) }));
  const { doc, seq } = await loadDocument((statement) => ctx.query(grant, statement), {
    tenantId,
    documentId,
    contentType,
  });
  const { epoch } = main;
  const now = ctx.clock.now();
  const first = {
    update: Y.encodeStateAsUpdate(doc),
    projection: project(doc, contentType),
    // Many wrote it: their names are copied beside it.
    clientId: SEVERAL_CLIENTS,
  };
  const settings = { title: input.title, contentType, visibility: visibility as Visibility };
  return createDocument(
    ctx,
    { ...settings, contentSchema: schema?.contentSchema ?? null },
    seq === 0 ? null : first,
    async (tx, branchId) => {
      await checkEpoch(tx, { tenantId, documentId, epoch });
      const head = { documentId, seq, epoch };
      const baseVersionId = await keepVersion(ctx, tx, takeState({ head, contentType, doc }), { kind: 'branch_point' });
      if (baseVersionId === null) throw new Error('only automatic versions are kept once');
      await tx.run(copyAuthors({ tenantId, fromId: documentId, toId: branchId }));
      await tx.run(copyMembers({ tenantId, fromId: documentId, toId: branchId }));
      await tx.run(
        insertBranch({
          id: branchId,
          tenantId,
          mainDocumentId: documentId,
          mainSequence: seq,
          mainEpoch: epoch,
          baseVersionId,
          baseStateVector: Y.encodeStateVector(doc),
          createdAt: now,
        }),
      );
      tx.emit(documentBranched, { documentId, branchId, sequence: seq });
    },
  );
}
