import { batched } from '@candlefish/kit/graphql';
import { toConnection } from '@candlefish/kit/page';
import type { DocumentCtx } from '../ctx.ts';
import { changeDocument } from '../operations/change-document.ts';
import { collaborate } from '../operations/collaborate.ts';
import { createDocument } from '../operations/create-document.ts';
import { deleteDocument } from '../operations/delete-document.ts';
import {
  asItWouldBe,
  type Document,
  type DocumentContent,
  findContents,
  findDocument,
  findDocuments,
  readDocumentState,
} from '../operations/documents.ts';
import { type DocumentUpdate, followDocument } from '../operations/follow-document.ts';
import { listDocuments } from '../operations/list-documents.ts';
import { readOperations } from '../operations/read-operations.ts';
import { documentKey } from '../operations/search-documents.ts';
import type { AnyResolvers } from '../schema.generated.ts';

const documentById = batched<DocumentCtx, Document>(findDocuments, (document) => document.id);
const contentById = batched<DocumentCtx, DocumentContent>(findContents, (content) => content.id);

const person = (id: string | null) => (id === null ? null : { id });

/** Documents and changes of them. */
export const documentResolvers = {
  Query: {
    documents: async (_parent, args, ctx) => (await listDocuments(ctx, args)).rows,
    documentsConnection: async (_parent, args, ctx) => toConnection(await listDocuments(ctx, args), args, documentKey),
    document: (_parent, { id }, ctx) => documentById(ctx, id),
  },
  Mutation: {
    createDocument: (_parent, { input }, ctx) => createDocument(ctx, input),
    updateDocument: async (_parent, { id, operations, options }, ctx) => {
      const done = await collaborate(ctx, {
        id,
        operations: readOperations(operations),
        origin: 'graphql',
        ...options,
      });
      const document = await findDocument(ctx, id);
      return done.preview === null ? document : asItWouldBe(document, done);
    },
    renameDocument: (_parent, args, ctx) => changeDocument(ctx, args),
    setDocumentVisibility: (_parent, args, ctx) => changeDocument(ctx, args),
    deleteDocument: async (_parent, { id }, ctx) => {
      await deleteDocument(ctx, id);
      return true;
    },
  },
  Subscription: {
    documentUpdated: {
      subscribe: (_parent, args, ctx) => followDocument(ctx, args),
      resolve: (update: DocumentUpdate) => update,
    },
  },
  Document: {
    __resolveReference: ({ id }, ctx) => documentById(ctx, id),
    content: async (document, _args, ctx) => (document.preview ?? (await contentById(ctx, document.id)))?.content,
    text: async (document, _args, ctx) => (document.preview ?? (await contentById(ctx, document.id)))?.text ?? '',
    state: (document, _args, ctx) => document.preview?.state ?? readDocumentState(ctx, document.id),
    createdBy: (document) => person(document.createdBy),
  },
  DocumentUpdate: {
    actor: ({ actor }) => actor && { kind: actor.kind, id: actor.id, user: person(actor.userId) },
  },
} satisfies AnyResolvers;
