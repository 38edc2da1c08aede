import {
  beginThreadMutation,
  commentChangesSubscription,
  commentsQuery,
  deleteCommentMutation,
  editCommentMutation,
  replyMutation,
  type SettleThreadMutationVariables,
  settleThreadMutation,
} from '@candlefish/web-graphql/operations/comments';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Highlight } from '../editors/highlight.ts';
import { useServices } from '../services.ts';
import type { SelectedRange } from './selected-range.ts';

const KEY = 'comments';

/** Wait before a stream that broke off is begun again, ms: spread, since it broke off for everybody. */
const AGAIN_MS = { min: 1_000, max: 5_000 } as const;

/** Threads that are open, or those that are settled, newest first. */
export function useThreads(documentId: string, status: 'open' | 'resolved') {
  const { client } = useServices();
  return useQuery({
    queryKey: [KEY, documentId, status],
    queryFn: ({ signal }) => client.run(commentsQuery, { id: documentId, status }, signal),
  });
}

/** Pieces of a document that open threads are about. */
export function useHighlights(documentId: string): readonly Highlight[] {
  const { data } = useThreads(documentId, 'open');
  return useMemo(
    () =>
      data?.document?.comments.flatMap(({ id, anchor }) =>
        anchor === null || anchor.isOrphaned ? [] : [{ id, start: anchor.startPosition, end: anchor.endPosition }],
      ) ?? [],
    [data],
  );
}

/** Reads the threads of a document anew whenever the platform tells that something happened to them. */
export function useCommentChanges(documentId: string): void {
  const { client, queries } = useServices();
  useEffect(() => {
    const ending = new AbortController();
    const follow = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        try {
          for await (const _change of client.follow(commentChangesSubscription, { documentId }, ending.signal)) {
            await queries.invalidateQueries({ queryKey: [KEY, documentId] });
          }
        } catch {
          // The stream broke off or was refused; the threads themselves say so where it matters. It is begun again.
        }
        await pause(ending.signal);
        // Whatever happened in the meantime.
        await queries.invalidateQueries({ queryKey: [KEY, documentId] });
      }
    };
    void follow();
    return () => ending.abort();
  }, [client, queries, documentId]);
}

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, AGAIN_MS.min + Math.random() * (AGAIN_MS.max - AGAIN_MS.min));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Writes, answers, settles and deletes. */
export function useCommentWrites(documentId: string) {
  const { client, queries } = useServices();
  const onSuccess = () => queries.invalidateQueries({ queryKey: [KEY, documentId] });
  return {
    begin: useMutation({
      mutationFn: ({ body, range }: { readonly body: string; readonly range: SelectedRange | null }) =>
        client.run(beginThreadMutation, {
          documentId,
          input: { body, positions: range === null ? null : { start: range.start, end: range.end } },
        }),
      onSuccess,
    }),
    reply: useMutation({
      mutationFn: (reply: { readonly threadId: string; readonly body: string }) =>
        client.run(replyMutation, { documentId, ...reply }),
      onSuccess,
    }),
    settle: useMutation({
      mutationFn: (change: Omit<SettleThreadMutationVariables, 'documentId'>) =>
        client.run(settleThreadMutation, { documentId, ...change }),
      onSuccess,
    }),
    edit: useMutation({
      mutationFn: (comment: { readonly threadId: string; readonly commentId: string; readonly body: string }) =>
        client.run(editCommentMutation, { documentId, ...comment }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (comment: { readonly threadId: string; readonly commentId: string }) =>
        client.run(deleteCommentMutation, { documentId, ...comment }),
      onSuccess,
    }),
  };
}
