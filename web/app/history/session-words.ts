import type { HistorySessionFragment } from '@candlefish/web-graphql/operations/history';

const WAYS: Readonly<Record<string, string>> = {
  restore: 'went back to a version',
  merge: 'merged a branch',
  undo: 'undid a change',
  rest: 'by the API',
  graphql: 'by the API',
};

/** What somebody did in one go, in a few words. */
export function sessionNote({ updates, origins }: HistorySessionFragment): string {
  const ways = [...new Set(origins.flatMap((origin) => WAYS[origin] ?? []))];
  return [updates === 1 ? 'one change' : `${updates} changes`, ...ways].join(' · ');
}

/** Whether it can be undone as a whole: one update that nobody has undone. */
export const canUndo = ({ updates, undoneBy }: HistorySessionFragment): boolean => updates === 1 && undoneBy === null;
