import { type Claims, checkClaim } from './types.ts';

/** How the in-process driver is made. */
export interface InProcessClaimsOptions {
  /** Claims held at once, default 100 000; one more is an error, since forgetting one would let a twin in. */
  readonly heldMax?: number;
  /** Clock, ms since 1970. */
  readonly now?: () => number;
}

/** Thrown when too many claims are held at once. */
export class ClaimsFullError extends Error {
  override readonly name = 'ClaimsFullError';
}

const HELD_MAX = 100_000;

/** Claims among the callers of one process. */
export function createInProcessClaims(options: InProcessClaimsOptions = {}): Claims {
  const now = options.now ?? Date.now;
  const heldMax = options.heldMax ?? HELD_MAX;
  const held = new Map<string, { readonly fence: number; readonly untilMs: number }>();
  let lastFence = 0;

  function sweep(): void {
    for (const [key, { untilMs }] of held) if (untilMs <= now()) held.delete(key);
  }

  return {
    async acquire(key, ttlMs) {
      checkClaim(ttlMs);
      const holder = held.get(key);
      if (holder !== undefined && holder.untilMs > now()) return null;
      if (held.size >= heldMax && holder === undefined) sweep();
      if (held.size >= heldMax && holder === undefined) throw new ClaimsFullError(`${heldMax} claims are held`);
      const fence = Math.max(now() * 1_000, lastFence + 1);
      lastFence = fence;
      held.set(key, { fence, untilMs: now() + ttlMs });
      return {
        fence,
        async release() {
          if (held.get(key)?.fence === fence) held.delete(key);
        },
      };
    },
  };
}
