import { toConnection } from '@candlefish/kit/page';
import { entryKey, listAuditEntries } from './operations/entries.ts';
import type { Resolvers } from './schema.generated.ts';

/** GraphQL to operations. */
export const resolvers = {
  Query: {
    auditEntriesConnection: async (_, { filter, ...page }, ctx) =>
      toConnection(await listAuditEntries(ctx, { ...filter, ...page }), page, entryKey),
  },
  AuditEntry: {
    user: (entry) => (entry.userId === null ? null : { id: entry.userId }),
  },
} satisfies Resolvers;
