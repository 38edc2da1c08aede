import type { Resolvers } from '../schema.generated.ts';
import { branchResolvers } from './branches.ts';
import { commentResolvers } from './comments.ts';
import { contentResolvers } from './content.ts';
import { documentResolvers } from './documents.ts';
import { historyResolvers } from './history.ts';
import { memberResolvers } from './members.ts';
import { versionResolvers } from './versions.ts';

/** The subgraph of this service: one file per noun, put together here. */
export const resolvers = {
  ...documentResolvers,
  ...contentResolvers,
  ...memberResolvers,
  ...commentResolvers,
  ...versionResolvers,
  ...branchResolvers,
  ...historyResolvers,
  Query: {
    ...documentResolvers.Query,
    ...contentResolvers.Query,
    ...versionResolvers.Query,
    ...branchResolvers.Query,
  },
  Mutation: {
    ...documentResolvers.Mutation,
    ...contentResolvers.Mutation,
    ...memberResolvers.Mutation,
    ...commentResolvers.Mutation,
    ...versionResolvers.Mutation,
    ...branchResolvers.Mutation,
    ...historyResolvers.Mutation,
  },
  Subscription: { ...documentResolvers.Subscription, ...commentResolvers.Subscription },
  Document: {
    ...documentResolvers.Document,
    ...contentResolvers.Document,
    ...memberResolvers.Document,
    ...commentResolvers.Document,
    ...versionResolvers.Document,
    ...branchResolvers.Document,
    ...historyResolvers.Document,
  },
} satisfies Resolvers;
