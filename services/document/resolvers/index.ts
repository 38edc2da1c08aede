import type { Resolvers } from '../schema.generated.ts';
import { documentResolvers } from './documents.ts';

/** The subgraph of this service: one file per noun, put together here. */
export const resolvers = {
  ...documentResolvers,
  Query: { ...documentResolvers.Query },
  Mutation: { ...documentResolvers.Mutation },
  Subscription: { ...documentResolvers.Subscription },
} satisfies Resolvers;
