import type { RateDecision } from './types.ts';

/** A decision of the bucket and the state to keep. */
export interface BucketUse {
  /** Moment at which the bucket is full again, ms on the given clock. */
  readonly fullAtMs: number;
  readonly decision: RateDecision;
}

/**
 * Leaky bucket as a meter (generic cell rate algorithm, ITU-T I.371): one number says when the bucket will be full again.
 * @param fullAtMs as kept from the last use; anything in the past for a fresh key.
 * @param unitMs time in which one unit comes back.
 */
export function useBucket(fullAtMs: number, burst: number, cost: number, unitMs: number, nowMs: number): BucketUse {
  const from = Math.max(fullAtMs, nowMs);
  const next = from + cost * unitMs;
  const lateMs = next - (nowMs + burst * unitMs);
  // A ten-thousandth of a unit absorbs the rounding of sums of fractions.
  const allowed = lateMs <= unitMs * 1e-4;
  const kept = allowed ? next : from;
  return {
    fullAtMs: kept,
    decision: {
      allowed,
      limit: burst,
      remaining: Math.max(0, Math.floor(burst - (kept - nowMs) / unitMs + 1e-4)),
      resetMs: Math.ceil(kept - nowMs),
      retryAfterMs: allowed ? 0 : Math.max(1, Math.ceil(lateMs)),
    },
  };
}
