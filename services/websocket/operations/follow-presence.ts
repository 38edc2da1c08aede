import { tenantOf } from '@candlefish/kit/context';
import { follow } from '@candlefish/kit/events';
import type { WebsocketCtx } from '../ctx.ts';
import type { OnlineMember } from '../domain/person.ts';

/** Who is online at a moment. */
export interface PresenceMoment {
  readonly number: number;
  readonly members: readonly OnlineMember[];
}

/** How often who is online is told again though nobody has come or gone: hints between nodes may be lost. */
const RETELL_MS = 30_000;

/**
 * Who is online in the caller's tenant: now, and whenever somebody has come or gone, until `ctx.signal` aborts or the
 * process drains. A slow follower misses moments, never the last one.
 */
export function followPresence(ctx: WebsocketCtx): AsyncIterableIterator<PresenceMoment> {
  const tenant = ctx.service.hub.tenant(tenantOf(ctx.authorize('presence:read')));
  let number = 0;
  return follow<PresenceMoment>({
    after: 0,
    async read(cursor) {
      // Told by a wake-up, by the clock, or the first time.
      number = Math.max(number, cursor) + 1;
      return { items: [{ number, members: await tenant.whoIsOnline() }], full: false };
    },
    cursorOf: (moment) => moment.number,
    async subscribe(wake) {
      await tenant.ready;
      return tenant.onPresence(wake);
    },
    signal: ctx.within(ctx.service.draining).signal,
    pollMs: RETELL_MS,
  });
}
