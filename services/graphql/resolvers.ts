import { healthStatus } from './operations/health.ts';
import type { Resolvers } from './schema.generated.ts';

/** GraphQL to operations. */
export const resolvers = {
  Query: {
    health: (_parent, _args, ctx) => healthStatus(ctx),
  },
} satisfies Resolvers;
