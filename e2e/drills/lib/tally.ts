import type { Verdict } from '../drill.ts';

/** Failures that a verdict spells out; the count tells of the others. */
const SHOWN_MAX = 5;
const SHOWN_CHARS_MAX = 300;

/** Counts what was tried and remembers what went wrong. */
export class Tally {
  readonly #failures: string[] = [];
  #tries = 0;

  get tries(): number {
    return this.#tries;
  }

  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Notes one try. @param what Said when `isRight` is false. */
  check(isRight: boolean, what: string | (() => string)): void {
    this.#tries += 1;
    if (!isRight) this.#failures.push((typeof what === 'string' ? what : what()).slice(0, SHOWN_CHARS_MAX));
  }

  /** @param summary Said when all went well: what was counted or timed. */
  verdict(summary: string): Verdict {
    if (this.#tries === 0) return { pass: false, figure: 'nothing was tried' };
    if (this.#failures.length === 0) return { pass: true, figure: summary };
    const shown = this.#failures.slice(0, SHOWN_MAX).join(' | ');
    return { pass: false, figure: `${this.#failures.length} of ${this.#tries} failed: ${shown}` };
  }
}
