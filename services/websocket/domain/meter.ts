/** How much may come: units per second, and how many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const SECOND_MS = 1_000;

/**
 * Counts against a rate with one number: the moment at which all of the burst is there again (ITU-T I.371, generic cell
 * rate algorithm). What is too much is not refused; it makes the caller wait.
 */
export class Meter {
  #fullAtMs = 0;

  /** Takes units. @returns how long the caller should take no more, ms; 0 when it may go on. */
  take(units: number, { perSecond, burst }: Rate, nowMs: number): number {
    const unitMs = SECOND_MS / perSecond;
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + units * unitMs;
    return Math.max(0, this.#fullAtMs - nowMs - burst * unitMs);
  }
}
