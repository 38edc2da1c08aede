/** Times that a link keeps, in milliseconds. */
export interface Timing {
  /** Longest wait before the first new try; it doubles with each failed one. */
  readonly retryBaseMs: number;
  /** Longest wait before any try. */
  readonly retryMaxMs: number;
  /** Longest wait when the tenant's quota is reached, and the shortest is half of it. */
  readonly quotaWaitMs: number;
  /** From the start of a try until the server has let the connection in, the credential included. */
  readonly connectMaxMs: number;
  /** Silence after which the server is asked for a sign of life. */
  readonly probeAfterMs: number;
  /** Silence after which the connection counts as dead. */
  readonly silenceMaxMs: number;
  /** A connection that lasted so long makes the next try a first one. */
  readonly stableAfterMs: number;
}

/** The figures of the protocol; the server pings every 25 s, so silence of 60 s is no pause in its work. */
export const DEFAULT_TIMING: Timing = {
  retryBaseMs: 1_500,
  retryMaxMs: 30_000,
  quotaWaitMs: 60_000,
  connectMaxMs: 15_000,
  probeAfterMs: 30_000,
  silenceMaxMs: 60_000,
  stableAfterMs: 5_000,
};

/** Doublings after which the longest wait is reached with any sensible base; keeps the power finite. */
const DOUBLINGS_MAX = 20;

/**
 * Wait before a new try, uniform between 0 and min(longest, base · 2^attempts): clients that lost one server do not
 * come back in one moment ("full jitter").
 * @param attempts Failed tries since the last connection that lasted.
 * @param random Gives 0 ≤ x < 1.
 */
export function retryDelayMs(attempts: number, timing: Timing, random: () => number): number {
  const longest = timing.retryBaseMs * 2 ** Math.min(attempts, DOUBLINGS_MAX);
  return random() * Math.min(timing.retryMaxMs, longest);
}
