import { batched } from '@candlefish/kit/graphql';
import { creationKey, toConnection } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import { type Branch, findBranchesOf, listBranches } from '../operations/branches.ts';
import { createBranch } from '../operations/create-branch.ts';
import { asItWouldBe, findDocument } from '../operations/documents.ts';
import { mergeBranch } from '../operations/merge-branch.ts';
import { previewMerge } from '../operations/merge-preview.ts';
import type { AnyResolvers } from '../schema.generated.ts';
import { orNull } from './or-null.ts';

const branchById = batched<DocumentCtx, Branch>(findBranchesOf, (branch) => branch.id);

/** Documents that began as copies of others, and merging them back. */
export const branchResolvers = {
  Query: {
    documentMergePreview: (_parent, { branchId }, ctx) => previewMerge(ctx, branchId),
  },
  Mutation: {
    createDocumentBranch: (_parent, args, ctx) => createBranch(ctx, args),
    mergeDocument: async (_parent, { branchId, expectedVersion, dryRun }, ctx) => {
      const { mainDocumentId, wouldBe } = await mergeBranch(ctx, { branchId, expectedVersion, dryRun });
      const main = await findDocument(ctx, mainDocumentId);
      return wouldBe === undefined ? main : asItWouldBe(main, wouldBe);
    },
  },
  Document: {
    branches: async (document, args, ctx) => (await listBranches(ctx, { documentId: document.id, ...args })).rows,
    branchesConnection: async (document, args, ctx) =>
      toConnection(await listBranches(ctx, { documentId: document.id, ...args }), args, creationKey),
    branchOf: async (document, _args, ctx) => (await branchById(ctx, document.id)) ?? null,
  },
  DocumentBranch: {
    document: ({ id }, _args, ctx) => findDocument(ctx, id),
    main: ({ mainDocumentId }, _args, ctx) => orNull(findDocument(ctx, mainDocumentId)),
  },
} satisfies AnyResolvers;
