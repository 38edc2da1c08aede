/** The middle value; of an even count the mean of the two in the middle. @throws RangeError without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const high = sorted[half];
  const low = sorted[sorted.length % 2 === 0 ? half - 1 : half];
  if (high === undefined || low === undefined) throw new RangeError('a median needs a value');
  return (low + high) / 2;
}

/** The value that a share of the values does not exceed (nearest rank). @param share 0–1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('a percentile needs a value');
  return found;
}

/** The ratio of two series, round by round. */
export interface Ratio {
  /** Median of the rounds. */
  readonly ratio: number;
  /** Least and greatest of the rounds. */
  readonly spread: readonly [number, number];
}

/** Divides round by round, so that what slows a whole round down cancels out. */
export function ratioOf(numerators: readonly number[], denominators: readonly number[]): Ratio {
  const ratios = numerators.map((value, round) => value / (denominators[round] ?? Number.NaN));
  return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}
