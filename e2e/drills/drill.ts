import type { NetworkOptions, TestNetwork } from '@candlefish/testkit/network';
import type { TestPostgres } from '@candlefish/testkit/postgres';

/** What a drill works with. Everything it starts through it ends with it. */
export interface DrillContext {
  /** The server of this run: every network has a database of its own on it. */
  readonly postgres: TestPostgres;
  /** Aborts when the drill's time is over. */
  readonly signal: AbortSignal;
  /** Starts a whole platform on a new database, or on the one given. */
  network(options?: NetworkOptions): Promise<TestNetwork>;
  /** Keeps something to be ended after the drill, last first. */
  defer(end: () => Promise<unknown>): void;
}

/** What a drill found. */
export interface Verdict {
  readonly pass: boolean;
  /** What was counted or timed, in a few words; what failed first when it did not pass. */
  readonly figure: string;
}

/** One row of the reliability and security battery. */
export interface Drill {
  /** `R1` … */
  readonly id: string;
  /** What passes, in a sentence. */
  readonly what: string;
  run(context: DrillContext): Promise<Verdict>;
}
