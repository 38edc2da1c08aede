import type { Ctx, Grant } from '@candlefish/kit/context';
import { isAppError } from '@candlefish/kit/errors';
import type { EventFeed } from '@candlefish/kit/events';

/** What a follow works with. */
export interface EventFollowParts {
  readonly events: EventFeed;
  readonly ctx: Ctx;
  readonly grant: Grant<'event:read'>;
  readonly after: number | null;
  /** Kinds of events; all when empty. */
  readonly names: readonly string[];
  send(message: object): void;
  /** Resolves when the client has read enough to get more. */
  readable(): Promise<void>;
}

const CURSOR_EXPIRED = 410;

/**
 * Sends the events of the tenant as they come, in order, none left out and none twice, until `ctx.signal` aborts. A
 * cursor that is too old gives `reset`, and the events from now on.
 */
export async function followEvents(follow: string | number, parts: EventFollowParts): Promise<void> {
  const { events, ctx, grant, send } = parts;
  const selection = { events: parts.names.map((name) => ({ name })) };
  let after = parts.after ?? (await events.head(ctx, grant));
  send({ id: follow, type: 'following', cursor: String(after) });
  while (!ctx.signal.aborted) {
    try {
      for await (const event of events.follow(ctx, grant, { ...selection, after })) {
        after = event.seq;
        const { name, payload, actorKind, actorId, userId } = event;
        const actor = { kind: actorKind, id: actorId, userId };
        const occurredAt = event.occurredAt.toISOString();
        send({ type: 'event', follow, cursor: String(event.seq), name, occurredAt, actor, payload });
        await parts.readable();
      }
      return;
    } catch (error) {
      if (!isAppError(error) || error.status !== CURSOR_EXPIRED) throw error;
      after = await events.head(ctx, grant);
      send({ type: 'reset', follow, cursor: String(after) });
    }
  }
}
