import { type CallProvision, provide } from '@candlefish/kit/service';
import { visibleDocuments } from '../contract.ts';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import { findDocuments } from '../operations/documents.ts';

/** Calls about who may know of what. */
export const accessCalls: readonly CallProvision<DocumentService>[] = [
  provide(visibleDocuments, async (ctx: DocumentCtx, { documentIds }) => ({
    documentIds: (await findDocuments(ctx, documentIds)).map(({ id }) => id),
  })),
];
