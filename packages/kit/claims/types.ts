/** A key held for a while. */
export interface Claim {
  /**
   * Fencing token: greater than that of every earlier claim on the key (microseconds since 1970, raised where needed). Store it with
   * what the claim protects and refuse a smaller one, since a holder that was paused does not know that its claim ran out.
   */
  readonly fence: number;
  /** Gives the key back if it is still ours; safe to call twice. */
  release(): Promise<void>;
}

/** Mutual exclusion as a hint: it keeps twins from working at the same time, while the database decides who may have an effect. */
export interface Claims {
  /**
   * Takes `key` for at most `ttlMs` (1 ms to 10 minutes), or answers null when somebody else holds it.
   * @throws RangeError when the time is out of range.
   */
  acquire(key: string, ttlMs: number): Promise<Claim | null>;
}

const CLAIM_MAX_MS = 600_000; // longer work belongs in a job with its own state

/** @throws RangeError when the time is out of range. */
export function checkClaim(ttlMs: number): void {
  if (!Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > CLAIM_MAX_MS) {
    throw new RangeError(`ttlMs must be a whole number from 1 to ${CLAIM_MAX_MS}`);
  }
}
