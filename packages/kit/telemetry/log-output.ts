import { writeSync } from 'node:fs';

/** Lines are collected into writes of this size, about 40 lines: a write for every line costs more than the line. */
const COLLECTED_CHARS = 16_384;
/** The longest a line waits for others, ms. */
const FLUSH_MS = 200;
/** Whoever reads the pipe may be slow for a moment; after this many waits of a millisecond the lines are dropped. */
const FULL_WAITS_MAX = 1_000;
const FULL_WAIT_MS = 1;

/**
 * Writes log lines to a file descriptor in batches. Writes are synchronous, so that nothing is in flight when the process
 * ends; what is collected is written at its exit.
 */
export class LogOutput {
  readonly #descriptor: number;
  #collected = '';
  #timer: NodeJS.Timeout | undefined;
  readonly #atExit = (): void => this.flush();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Takes a line that ends with a line break. */
  write(line: string): void {
    // Only while something waits: a process may have had many logs, as tests do.
    if (this.#collected === '') process.once('exit', this.#atExit);
    this.#collected += line;
    if (this.#collected.length >= COLLECTED_CHARS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Writes out what is collected, at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#collected === '') return;
    process.off('exit', this.#atExit);
    const bytes = Buffer.from(this.#collected);
    this.#collected = '';
    let waits = 0;
    for (let written = 0; written < bytes.length; ) {
      try {
        written += writeSync(this.#descriptor, bytes, written);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // A closed pipe has no reader to tell anything, and a log must not end the process that writes it.
        if (code !== 'EAGAIN' || waits >= FULL_WAITS_MAX) return;
        waits += 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_WAIT_MS);
      }
    }
  }
}
