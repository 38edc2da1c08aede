import type { Actor } from '@candlefish/kit/context';
import { type AppError, platformErrors } from '@candlefish/kit/errors';
import type { GatewayHost } from './host.ts';

/** Timers take no longer time; a credential that lives longer outlives any connection. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Calls `end` once when the credential of an open stream ends, by its time or because it is revoked.
 * @returns What ends the watch.
 */
export function endOfCredential(
  actor: Actor,
  host: Pick<GatewayHost, 'watch'>,
  end: (why: AppError, how: 'expired' | 'revoked') => void,
): () => void {
  const stopWatching = host.watch(actor, (why) => end(why, 'revoked'));
  if (actor.expiresAt === null) return stopWatching;
  const leftMs = Math.min(Math.max(actor.expiresAt.getTime() - Date.now(), 0), TIMER_MAX_MS);
  const timer = setTimeout(
    () => end(platformErrors.unauthenticated({ detail: 'The credential has expired.' }), 'expired'),
    leftMs,
  );
  timer.unref();
  return () => {
    clearTimeout(timer);
    stopWatching();
  };
}
