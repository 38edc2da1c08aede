import { documentDifferenceQuery } from '@candlefish/web-graphql/operations/changes';
import {
  documentAuthorsQuery,
  documentHistoryQuery,
  undoUpdateMutation,
} from '@candlefish/web-graphql/operations/history';
import {
  deleteVersionMutation,
  documentVersionsQuery,
  nameVersionMutation,
  renameVersionMutation,
  restoreVersionMutation,
} from '@candlefish/web-graphql/operations/versions';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type * as Y from 'yjs';
import { useServices } from '../services.ts';

const KEY = 'history';
/** Somebody who writes is followed at this pace, ms: history is not read at every letter. */
const PACE_MS = 2_000;

interface PageOf {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const nextOf = (page: PageOf | undefined): string | null =>
  page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;

/** Kept states of a document, newest first, page by page. */
export function useVersions(documentId: string) {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: [KEY, documentId, 'versions'],
    queryFn: ({ pageParam, signal }) => client.run(documentVersionsQuery, { id: documentId, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ document }) => nextOf(document?.versionsConnection),
  });
}

/** Who wrote when, newest first, page by page. */
export function useSessions(documentId: string) {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: [KEY, documentId, 'sessions'],
    queryFn: ({ pageParam, signal }) => client.run(documentHistoryQuery, { id: documentId, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ document }) => nextOf(document?.historyConnection),
  });
}

/** Who wrote what of the present content. */
export function useAuthors(documentId: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: [KEY, documentId, 'authors'],
    queryFn: ({ signal }) => client.run(documentAuthorsQuery, { id: documentId }, signal),
  });
}

/** What became of a document between two points of its history. */
export function useDifference(documentId: string, from: string, to: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: [KEY, documentId, 'difference', from, to],
    queryFn: ({ signal }) => client.run(documentDifferenceQuery, { id: documentId, from, to }, signal),
  });
}

/** Reads what is shown of a history anew while somebody writes. */
export function useHistoryChanges(documentId: string, doc: Y.Doc | undefined): void {
  const { queries } = useServices();
  useEffect(() => {
    if (doc === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readLater = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: [KEY, documentId] });
      }, PACE_MS);
    };
    doc.on('update', readLater);
    return () => {
      clearTimeout(timer);
      doc.off('update', readLater);
    };
  }, [queries, documentId, doc]);
}

/** Names, restores, deletes and undoes. */
export function useHistoryWrites(documentId: string) {
  const { client, queries } = useServices();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [KEY, documentId] });
  return {
    keep: useMutation({
      mutationFn: (name: string) => client.run(nameVersionMutation, { documentId, name }),
      onSuccess,
    }),
    rename: useMutation({
      mutationFn: (version: { readonly id: string; readonly name: string }) =>
        client.run(renameVersionMutation, version),
      onSuccess,
    }),
    restore: useMutation({
      mutationFn: (versionId: string) => client.run(restoreVersionMutation, { documentId, versionId }),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => client.run(deleteVersionMutation, { id }), onSuccess }),
    undo: useMutation({
      mutationFn: (sequence: number) => client.run(undoUpdateMutation, { id: documentId, sequence }),
      onSuccess,
    }),
  };
}
