import { mentionablePeopleQuery } from '@candlefish/web-graphql/operations/comments';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useServices } from '../services.ts';
import type { Person } from './mention-text.ts';

const NOBODY: readonly Person[] = [];

/** People who can be mentioned in a document and match what is typed; none while nothing is. */
export function usePeople(documentId: string, search: string | null): readonly Person[] {
  const { client } = useServices();
  const { data } = useQuery({
    queryKey: ['mentionable', documentId, search],
    queryFn: ({ signal }) => client.run(mentionablePeopleQuery, { id: documentId, search }, signal),
    enabled: search !== null,
    // The list stays while another letter is on its way.
    placeholderData: keepPreviousData,
  });
  return search === null ? NOBODY : (data?.document?.mentionable ?? NOBODY);
}
