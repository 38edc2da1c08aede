import { Button, EmptyState, Skeleton } from '@candlefish/ui';
import { Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { explain } from '../explain.ts';

/** A list that comes page by page, as far as its state goes. */
export interface PagedQuery {
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly error: Error | null;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** What the list takes. */
export interface PagedListProps {
  readonly query: PagedQuery;
  readonly label: string;
  /** Entries, each a list item. */
  readonly entries: readonly ReactNode[];
  readonly empty: { readonly title: string; readonly text: string };
}

/** Entries of a panel, with what is shown while they come, when there are none, and when they cannot be had. */
export const PagedList = ({ query, label, entries, empty }: PagedListProps) => (
  <>
    {query.isPending && <Skeleton width="80%" />}
    {query.error !== null && (
      <p className="form-error" role="alert">
        {explain(query.error)}
      </p>
    )}
    {query.isSuccess && entries.length === 0 && <EmptyState icon={<Inbox />} {...empty} />}
    {entries.length > 0 && (
      <ul className="entries" aria-label={label}>
        {entries}
      </ul>
    )}
    {query.hasNextPage && (
      <Button look="quiet" small disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show more
      </Button>
    )}
  </>
);
