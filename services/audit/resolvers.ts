import { toConnection } from '@candlefish/kit/graphql';
import type { Entry } from './operations/entries.ts';
import { listAuditEntries } from './operations/entries.ts';
import type { Resolvers } from './schema.generated.ts';

/** GraphQL to operations. */
export const resolvers = {
  Query: {
    auditEntriesConnection: async (_, { filter, first, after }, ctx) =>
      toConnection(
        await listAuditEntries(ctx, {
          event: filter?.event ?? undefined,
          actorId: filter?.actorId ?? undefined,
          from: filter?.from ?? undefined,
          to: filter?.to ?? undefined,
          limit: first ?? undefined,
          after: after ?? undefined,
        }),
        (entry: Entry) => [entry.seq],
        after,
      ),
  },
  AuditEntry: {
    user: (entry) => (entry.userId === null ? null : { id: entry.userId }),
  },
} satisfies Resolvers;
