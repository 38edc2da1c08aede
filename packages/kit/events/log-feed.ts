import { type Action, type Ctx, type Grant, isGrant, requestScopeOf } from '../context/index.ts';
import { defineErrors } from '../errors/index.ts';
import type { PubSub } from '../pubsub/index.ts';
import type { LoggedEvent } from './event.ts';
import type { EventFeed, FeedSelection } from './feed.ts';
import { follow } from './follow.ts';
import { logBounds, readEvents } from './store.ts';
import { EVENTS_CHANNEL } from './writer.ts';

const BATCH_EVENTS = 100;
const READ_EVENTS_MAX = 500;
/** A wake-up can be lost; then an event is late by this much. */
const POLL_MS = 2_000;

/** Refusals of readers of the event log. */
export const feedErrors = defineErrors({
  cursorExpired: {
    code: 'CURSOR_EXPIRED',
    status: 410,
    title: 'The log no longer reaches back to this cursor; read the current state anew.',
  },
});

/** The event log for readers of one tenant. */
export function createEventFeed(pubsub: PubSub, draining: AbortSignal): EventFeed {
  const read = async (ctx: Ctx, grant: Grant<Action>, selection: FeedSelection, limit: number) => {
    const rows = await requestScopeOf(ctx).executor.query(
      { tenantId: tenantOf(grant) },
      readEvents({
        tenantId: tenantOf(grant),
        after: selection.after ?? 0,
        names: selection.events.map((event) => event.name),
        limit: Math.min(limit, READ_EVENTS_MAX),
      }),
    );
    return rows as readonly LoggedEvent[];
  };

  const bounds = async (
    ctx: Ctx,
    grant: Grant<Action>,
  ): Promise<{ readonly head: number; readonly oldest: number }> => {
    const tenantId = tenantOf(grant);
    const [row] = await requestScopeOf(ctx).executor.query({ tenantId }, logBounds({ tenantId }));
    return row as { head: number; oldest: number };
  };

  const start = async (ctx: Ctx, grant: Grant<Action>, after: number | null): Promise<number> => {
    const { head, oldest } = await bounds(ctx, grant);
    if (after === null) return head;
    if (after < oldest - 1 || after > head) throw feedErrors.cursorExpired();
    return after;
  };

  return {
    head: async (ctx, grant) => (await bounds(ctx, grant)).head,
    read,
    follow(ctx, grant, selection) {
      const { signal } = ctx.within(draining);
      const subscribe = (wake: () => void) =>
        pubsub.subscribe(EVENTS_CHANNEL, (tenantId) => tenantId === grant.tenantId && wake(), wake);
      return startingLate(async () =>
        follow<LoggedEvent>({
          after: await start(ctx, grant, selection.after),
          read: async (cursor) => {
            const items = await read(ctx, grant, { ...selection, after: cursor }, BATCH_EVENTS);
            return { items, full: items.length === BATCH_EVENTS };
          },
          cursorOf: (event) => event.seq,
          subscribe,
          signal,
          pollMs: POLL_MS,
        }),
      );
    },
  };
}

function tenantOf(grant: Grant<Action>): string {
  if (!isGrant(grant) || grant.tenantId === null) throw new Error('the event log is read under a grant in a tenant');
  return grant.tenantId;
}

/** An iterator whose beginning has to be looked up first. */
function startingLate<Item>(open: () => Promise<AsyncIterableIterator<Item>>): AsyncIterableIterator<Item> {
  let opened: Promise<AsyncIterableIterator<Item>> | null = null;
  let left = false;
  const done = { done: true, value: undefined } as const;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (left) return done;
      opened ??= open();
      const inner = await opened;
      return left ? ((await inner.return?.()) ?? done) : inner.next();
    },
    async return() {
      left = true;
      // An opening that failed was reported by `next` already.
      const inner = await opened?.catch(() => null);
      await inner?.return?.();
      return done;
    },
  };
}
