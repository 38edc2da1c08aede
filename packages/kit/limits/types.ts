/** How much of something a key may use. */
export interface RatePolicy {
  /** Units in any span of `windowMs`, wherever it begins; a whole number ≥ 1. */
  readonly limit: number;
  /** Length of the window, ms, 10 to 31 days. */
  readonly windowMs: number;
  /**
   * When given, a bucket of this many units which refills evenly at `limit` per window takes the place of the sliding window:
   * at most `burst` at once and `limit + burst` in any window.
   */
  readonly burst?: number;
}

/** What a request may do, and what its RateLimit headers say. */
export interface RateDecision {
  readonly allowed: boolean;
  /** The policy's `limit`, or its `burst`: the most that can be had at once. */
  readonly limit: number;
  /** Units left right now, ≥ 0. */
  readonly remaining: number;
  /** Time until everything is left again if nothing more is used, ms. */
  readonly resetMs: number;
  /** When refused: the time after which this cost is allowed if nothing more is used, ms; otherwise 0. */
  readonly retryAfterMs: number;
}

/** Counts use against a policy, over all nodes that share the driver's store. */
export interface RateLimiter {
  /**
   * Takes `cost` units (default 1) if they are there; a refusal takes nothing. A cost of 0 only looks.
   * @param key who is limited, such as `key:ID` or `login:ADDRESS`; the policies of one key do not share counts.
   * @throws RangeError when the policy is out of range or the cost exceeds what can ever be had.
   */
  consume(key: string, policy: RatePolicy, cost?: number): Promise<RateDecision>;
}

/** A window is counted in this many steps: use is forgotten at most 1 % of a window late and never early. */
const STEPS = 100;

const WINDOW_MIN_MS = 10;
const WINDOW_MAX_MS = 31 * 24 * 60 * 60 * 1_000;
const UNITS_MAX = 1_000_000_000; // sums stay exact in a double and in Lua

/** Length of one step, ms. */
export const stepMsOf = (policy: RatePolicy): number => Math.ceil(policy.windowMs / STEPS);

/** @throws RangeError that names what is out of range. */
export function checkRate(policy: RatePolicy, cost: number): void {
  const { limit, windowMs, burst } = policy;
  const whole = (value: number, min: number, max: number): boolean =>
    Number.isInteger(value) && value >= min && value <= max;
  if (!whole(limit, 1, UNITS_MAX)) throw new RangeError(`limit must be a whole number from 1 to ${UNITS_MAX}`);
  if (!whole(windowMs, WINDOW_MIN_MS, WINDOW_MAX_MS)) {
    throw new RangeError(`windowMs must be a whole number from ${WINDOW_MIN_MS} to ${WINDOW_MAX_MS}`);
  }
  if (burst !== undefined && !whole(burst, 1, UNITS_MAX)) throw new RangeError('burst must be a whole number ≥ 1');
  if (!whole(cost, 0, burst ?? limit)) throw new RangeError(`cost must be a whole number from 0 to ${burst ?? limit}`);
}

/** One store key per key and policy, since counts of different windows cannot be added. */
export function rateName(key: string, { limit, windowMs, burst }: RatePolicy): string {
  return burst === undefined ? `${windowMs}:${key}` : `${limit}/${windowMs}/${burst}:${key}`;
}
