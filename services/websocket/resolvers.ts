import type { PresenceMoment } from './operations/follow-presence.ts';
import { followPresence } from './operations/follow-presence.ts';
import { listOnline } from './operations/presence.ts';
import type { Resolvers } from './schema.generated.ts';

/** The subgraph of this service. */
export const resolvers = {
  Query: {
    presence: (_parent, _args, ctx) => listOnline(ctx),
  },
  Subscription: {
    presenceChanged: {
      subscribe: (_parent, _args, ctx) => followPresence(ctx),
      resolve: ({ members }: PresenceMoment) => members,
    },
  },
  OnlineMember: {
    id: ({ user }) => user.id,
    name: ({ user }) => user.name,
    kind: ({ user }) => user.kind,
    user: ({ user }) => (user.kind === 'user' ? { id: user.id } : null),
  },
} satisfies Resolvers;
