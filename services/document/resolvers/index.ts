import type { Resolvers } from '../schema.generated.ts';
import { documentResolvers } from './documents.ts';
import { memberResolvers } from './members.ts';

/** The subgraph of this service: one file per noun, put together here. */
export const resolvers = {
  ...documentResolvers,
  ...memberResolvers,
  Query: { ...documentResolvers.Query },
  Mutation: { ...documentResolvers.Mutation, ...memberResolvers.Mutation },
  Subscription: { ...documentResolvers.Subscription },
  Document: { ...documentResolvers.Document, ...memberResolvers.Document },
} satisfies Resolvers;
