import {
  type CreateDocumentInput,
  createDocumentMutation,
  type DocumentRowFragment,
  type DocumentsQuery,
  deleteDocumentMutation,
  documentsQuery,
  renameDocumentMutation,
} from '@candlefish/web-graphql/operations/documents';
import { type InfiniteData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useServices } from '../services.ts';

/** What a list of documents is narrowed by. */
export interface DocumentSearch {
  readonly q?: string | undefined;
  readonly type?: string | undefined;
}

/** A document in a list; found by words, with the text around the first of them. */
export type ListedDocument = DocumentsQuery['documentsConnection']['edges'][number]['node'];

/** Queries about documents begin with it. */
export const DOCUMENTS_KEY = 'documents';

/** Documents that match, newest first or, searched by words, the best first; page by page. */
export function useDocuments({ q, type }: DocumentSearch) {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: [DOCUMENTS_KEY, 'list', { q, type }],
    queryFn: ({ pageParam, signal }) =>
      client.run(documentsQuery, { filter: filterOf(q, type), after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ documentsConnection: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    // What was there stays while another search is on its way.
    placeholderData: (before: InfiniteData<DocumentsQuery, string | null> | undefined) => before,
  });
}

/** Fewer letters begin too many words to be looked for in texts; then they are looked for in titles. */
const WORD_CHARS_MIN = 3;

const filterOf = (q: string | undefined, contentType: string | undefined) =>
  q === undefined || q.length < WORD_CHARS_MIN ? { title: q, contentType } : { search: q, contentType };

/** Creates, renames and deletes documents; lists of them are read anew. */
export function useDocumentChanges() {
  const { client, queries } = useServices();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [DOCUMENTS_KEY] });
  return {
    create: useMutation({
      mutationFn: (input: CreateDocumentInput): Promise<DocumentRowFragment> =>
        client.run(createDocumentMutation, { input }).then((data) => data.createDocument),
      onSuccess,
    }),
    rename: useMutation({
      mutationFn: (variables: { readonly id: string; readonly title: string }) =>
        client.run(renameDocumentMutation, variables),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (variables: { readonly id: string }) => client.run(deleteDocumentMutation, variables),
      onSuccess,
    }),
  };
}
