/**
 * Which numbered frames of a connection are settled: committed, refused, or in need of nothing. Frames of the log come
 * back in their order; a frame that needs nothing waits for those before it.
 */
export class Receipts {
  #last = 0;
  #pending = 0;
  #passed = 0;
  #due = 0;

  /** Takes the number of a new frame. @returns whether it is the next one. */
  take(number: number): boolean {
    if (number !== this.#last + 1) return false;
    this.#last = number;
    return true;
  }

  /** A frame is on its way into the log. */
  begin(): void {
    this.#pending += 1;
  }

  /** The oldest frame on its way is committed or refused. @param number null for one without. */
  settle(number: number | null): void {
    this.#pending -= 1;
    this.#tell(number ?? 0);
  }

  /** A frame needs nothing of the log. */
  pass(number: number): void {
    this.#passed = number;
    this.#tell(0);
  }

  /** The highest number up to which all is settled and not told yet, once; 0 for none. */
  takeDue(): number {
    const due = this.#due;
    this.#due = 0;
    return due;
  }

  get isDue(): boolean {
    return this.#due > 0;
  }

  #tell(number: number): void {
    this.#due = Math.max(this.#due, number, this.#pending === 0 ? this.#passed : 0);
    if (this.#pending === 0) this.#passed = 0;
  }
}
