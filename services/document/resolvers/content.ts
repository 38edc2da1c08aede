import { batched } from '@candlefish/kit/graphql';
import type { DocumentCtx } from '../ctx.ts';
import { type ContentSchema, findContentSchemas, setContentSchema } from '../operations/content-schema.ts';
import { findDocument } from '../operations/documents.ts';
import { findUsage, usageOf } from '../operations/quotas.ts';
import type { AnyResolvers } from '../schema.generated.ts';

const schemaById = batched<DocumentCtx, ContentSchema>(findContentSchemas, (found) => found.id);

/** What contents are held against, and how much of them there is. */
export const contentResolvers = {
  Query: { documentUsage: async (_parent, _args, ctx) => usageOf(await findUsage(ctx)) },
  Mutation: {
    setDocumentSchema: async (_parent, { id, schema }, ctx) => {
      await setContentSchema(ctx, { id, schema: schema ?? null });
      return findDocument(ctx, id);
    },
  },
  Document: {
    contentSchema: async (document, _args, ctx) => (await schemaById(ctx, document.id))?.schema,
    snippet: (document) => document.found?.snippet ?? null,
  },
} satisfies AnyResolvers;
