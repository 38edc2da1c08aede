import type { LoadGenerator } from './load.ts';

/** What one contender did in one slice of time. */
export interface Slice {
  /** Calls finished per second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** CPU time of the contender's processes per call, without the database; null where it cannot be told. */
  readonly cpuMsPerCall: number | null;
}

/** What of a slice is drawn. */
export interface Axis {
  readonly label: string;
  readonly of: (slice: Slice) => number;
}

/** One of the programs that are measured side by side. */
export interface Contender {
  readonly name: string;
  /** Loads it for about so many seconds. @throws Error when a call failed: a wrong answer has no speed. */
  slice(seconds: number): Promise<Slice>;
}

/** One contender's slices in the order of the rounds. */
export interface Series {
  readonly name: string;
  readonly slices: readonly Slice[];
}

/** A figure that is no rate: the time of a start, memory. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** One value per round. */
  readonly values: readonly number[];
}

/** The platform held against one reference. */
export interface Comparison {
  readonly against: string;
  readonly ratio: number;
  /** Least and greatest ratio of a single round. */
  readonly spread: readonly [number, number];
  /** The pass line in words: `≥ 0.65`. */
  readonly needs: string;
  readonly isMet: boolean;
  /** What the ratio alone does not say: `1.41 s of 5 s`. */
  readonly note?: string;
}

/** What a row found. */
export interface Outcome {
  /** The first one is the row's own line; each must be met. */
  readonly comparisons: readonly Comparison[];
  readonly series: readonly Series[];
  /** What was measured beside calls. */
  readonly figures?: readonly Figure[];
  /** How it was measured, in sentences. */
  readonly method: readonly string[];
  /** What made the load, when it was not the load generator. */
  readonly load?: string;
  /** What the plot shows of the series. Default: calls per second. */
  readonly axis?: Axis;
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
}

/** What a row works with. */
export interface Bench {
  readonly effort: Effort;
  readonly generator: LoadGenerator;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** One row of the table of figures. */
export interface Row {
  readonly name: string;
  readonly what: string;
  run(bench: Bench): Promise<Outcome>;
}
