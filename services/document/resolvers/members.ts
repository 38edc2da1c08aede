import { creationKey, toConnection } from '@candlefish/kit/page';
import { listMembers } from '../operations/members.ts';
import { removeMember } from '../operations/remove-member.ts';
import { setMember } from '../operations/set-member.ts';
import type { AnyResolvers } from '../schema.generated.ts';

/** Who has a level of their own in a document. */
export const memberResolvers = {
  Mutation: {
    setDocumentMember: (_parent, { documentId, memberId, level, kind }, ctx) =>
      setMember(ctx, { documentId, id: memberId, level, kind }),
    removeDocumentMember: async (_parent, { documentId, memberId }, ctx) => {
      await removeMember(ctx, { documentId, id: memberId });
      return true;
    },
  },
  Document: {
    members: async (document, args, ctx) => (await listMembers(ctx, { documentId: document.id, ...args })).rows,
    membersConnection: async (document, args, ctx) =>
      toConnection(await listMembers(ctx, { documentId: document.id, ...args }), args, creationKey),
  },
  DocumentMember: {
    user: ({ userId }) => (userId === null ? null : { id: userId }),
  },
} satisfies AnyResolvers;
