import {
  documentVersionsQuery,
  nameVersionMutation,
  restoreVersionMutation,
  versionTextQuery,
} from '@candlefish/web-graphql/operations/versions';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useServices } from '../services.ts';

const KEY = 'versions';

/** Kept states of a document, newest first, page by page. */
export function useVersions(documentId: string) {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: [KEY, documentId],
    queryFn: ({ pageParam, signal }) => client.run(documentVersionsQuery, { id: documentId, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ document }) => {
      const { hasNextPage, endCursor } = document?.versionsConnection.pageInfo ?? {
        hasNextPage: false,
        endCursor: null,
      };
      return hasNextPage ? endCursor : null;
    },
  });
}

/** The text of a kept state, and that of the document as it is. */
export function useVersionText(documentId: string, versionId: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: [KEY, documentId, versionId],
    queryFn: ({ signal }) => client.run(versionTextQuery, { documentId, versionId }, signal),
    // The document moves on while people look.
    staleTime: 0,
  });
}

/** Keeps the present state under a name, and goes back to a kept one. */
export function useVersionChanges(documentId: string) {
  const { client, queries } = useServices();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [KEY, documentId] });
  return {
    name: useMutation({
      mutationFn: (name: string) => client.run(nameVersionMutation, { documentId, name }),
      onSuccess,
    }),
    restore: useMutation({
      mutationFn: (versionId: string) => client.run(restoreVersionMutation, { documentId, versionId }),
      onSuccess,
    }),
  };
}
