import { toConnection } from '@candlefish/kit/page';
import { readAttribution } from '../operations/attribution.ts';
import { findDocument, findDocuments } from '../operations/documents.ts';
import { eraseHistory } from '../operations/erase-history.ts';
import type { UpdateActor } from '../operations/follow-document.ts';
import { listHistory, sessionKey } from '../operations/history.ts';
import { undoUpdate } from '../operations/undo-update.ts';
import type { AnyResolvers } from '../schema.generated.ts';

const actorOf = ({ kind, id, userId }: UpdateActor) => ({ kind, id, user: userId === null ? null : { id: userId } });

/** Who wrote what and when, and taking single updates back. */
export const historyResolvers = {
  Mutation: {
    undoDocumentUpdate: async (_parent, { id, sequence, expectedVersion }, ctx) => {
      await undoUpdate(ctx, { documentId: id, sequence, expectedVersion });
      return findDocument(ctx, id);
    },
    eraseDocumentHistory: async (_parent, { id, expectedVersion }, ctx) => ({
      ...(await eraseHistory(ctx, { documentId: id, expectedVersion })),
      documentId: id,
    }),
  },
  DocumentErasure: {
    document: ({ documentId }, _args, ctx) => findDocument(ctx, documentId),
    formerBranches: ({ formerBranchIds }, _args, ctx) => findDocuments(ctx, formerBranchIds),
  },
  Document: {
    history: async (document, args, ctx) => (await listHistory(ctx, { documentId: document.id, ...args })).rows,
    historyConnection: async (document, args, ctx) =>
      toConnection(await listHistory(ctx, { documentId: document.id, ...args }), args, sessionKey),
    attribution: (document, _args, ctx) => readAttribution(ctx, document.id),
  },
  DocumentHistorySession: { actor: ({ actor }) => actorOf(actor) },
  DocumentAttributedRun: { actor: ({ actor }) => actor && actorOf(actor) },
} satisfies AnyResolvers;
