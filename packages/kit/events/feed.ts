import type { Action, Ctx, Grant } from '../context/index.ts';
import type { EventDefinition, LoggedEvent } from './event.ts';

/** Which part of a tenant's log a reader wants. */
export interface FeedSelection {
  /** Events strictly after this sequence; null begins at the end of the log for `follow`, at its start for `read`. */
  readonly after: number | null;
  /** Kinds of events; others are passed over. All when empty. */
  readonly events: readonly Pick<EventDefinition, 'name'>[];
}

/** The event log as clients of one tenant may read it. The tenant is the grant's. */
export interface EventFeed {
  /** Sequence of the last event of the log; 0 when there is none. */
  head(ctx: Ctx, grant: Grant<Action>): Promise<number>;
  /** Up to `limit` events in order; at most 500. */
  read(ctx: Ctx, grant: Grant<Action>, selection: FeedSelection, limit: number): Promise<readonly LoggedEvent[]>;
  /**
   * Events as they come, without a gap or a repetition, until `ctx.signal` aborts or the process drains. Ends quietly
   * then. Leaving the loop frees everything at once.
   * @throws AppError CURSOR_EXPIRED (410) when the log no longer reaches back to `after`.
   */
  follow(ctx: Ctx, grant: Grant<Action>, selection: FeedSelection): AsyncIterableIterator<LoggedEvent>;
}
