import {
  documentSharingQuery,
  removeMemberMutation,
  type SetMemberMutationVariables,
  type SetVisibilityMutationVariables,
  setMemberMutation,
  setVisibilityMutation,
} from '@candlefish/web-graphql/operations/sharing';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useServices } from '../services.ts';
import { createShareLink, listShareLinks, type NewShareLink, revokeShareLink } from './share-links.ts';

const KEY = 'sharing';

/** Who may do what with a document, and who could be let in. */
export function useSharing(documentId: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: [KEY, documentId],
    queryFn: ({ signal }) => client.run(documentSharingQuery, { id: documentId }, signal),
  });
}

/** Links that open a document. */
export function useShareLinks(documentId: string) {
  const { client } = useServices();
  return useQuery({ queryKey: [KEY, documentId, 'links'], queryFn: () => listShareLinks(client, documentId) });
}

/** Lets people in and out. */
export function useSharingChanges(documentId: string) {
  const { client, queries } = useServices();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [KEY, documentId] });
  return {
    setVisibility: useMutation({
      mutationFn: (visibility: SetVisibilityMutationVariables['visibility']) =>
        client.run(setVisibilityMutation, { id: documentId, visibility }),
      onSuccess,
    }),
    setMember: useMutation({
      mutationFn: (member: Omit<SetMemberMutationVariables, 'documentId'>) =>
        client.run(setMemberMutation, { documentId, ...member }),
      onSuccess,
    }),
    removeMember: useMutation({
      mutationFn: (memberId: string) => client.run(removeMemberMutation, { documentId, memberId }),
      onSuccess,
    }),
    createLink: useMutation({
      mutationFn: (link: NewShareLink) => createShareLink(client, documentId, link),
      onSuccess,
    }),
    revokeLink: useMutation({ mutationFn: (id: string) => revokeShareLink(client, documentId, id), onSuccess }),
  };
}
