import {
  createBranchMutation,
  documentBranchesQuery,
  mergeBranchMutation,
} from '@candlefish/web-graphql/operations/branches';
import { mergePreviewQuery } from '@candlefish/web-graphql/operations/changes';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { DOCUMENTS_KEY } from '../documents/queries.ts';
import { useServices } from '../services.ts';

const KEY = 'branches';

/** Branches of a document, newest first, page by page. */
export function useBranches(documentId: string) {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: [KEY, documentId],
    queryFn: ({ pageParam, signal }) => client.run(documentBranchesQuery, { id: documentId, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam({ document }) {
      const { hasNextPage = false, endCursor = null } = document?.branchesConnection.pageInfo ?? {};
      return hasNextPage ? endCursor : null;
    },
  });
}

/** What merging a branch would do, as things are now. */
export function useMergePreview(branchId: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: [KEY, 'preview', branchId],
    queryFn: ({ signal }) => client.run(mergePreviewQuery, { branchId }, signal),
    // Both documents move on while people look elsewhere.
    staleTime: 0,
    gcTime: 0,
  });
}

/** Begins branches and merges them. */
export function useBranchWrites(documentId: string) {
  const { client, queries } = useServices();
  const onSuccess = async (): Promise<void> => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: [KEY, documentId] }),
      queries.invalidateQueries({ queryKey: [DOCUMENTS_KEY] }),
    ]);
  };
  return {
    create: useMutation({
      mutationFn: (title: string) =>
        client.run(createBranchMutation, { documentId, title }).then((data) => data.createDocumentBranch),
      onSuccess,
    }),
    merge: useMutation({
      mutationFn: (merge: { readonly branchId: string; readonly expectedVersion: number }) =>
        client.run(mergeBranchMutation, merge),
      onSuccess,
    }),
  };
}
