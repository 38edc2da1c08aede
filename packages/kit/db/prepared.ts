import type { Column } from './wire.ts';

/** Statements kept per connection; past it they run unnamed. Bounds the server's memory (a plan takes tens of kB). */
const PREPARED_MAX = 500;

/** A statement that one connection knows by name, and the columns the server described for it. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
  columns: readonly Column[] | null;
}

/** What a connection tells of itself, as far as this file needs it. */
interface ParseEvents {
  on(event: 'parseComplete', listener: () => void): unknown;
}

/**
 * The named statements of one connection. They outlive a failed transaction once they are parsed, so each Parse is followed
 * to its answer: a statement that fails on its first use must not be parsed under a new name on every later one.
 */
export class PreparedStatements {
  readonly #byText = new Map<string, Prepared>();
  /** Parses under way, in the order of their answers; null for the unnamed statement. */
  readonly #unanswered: (Prepared | null)[] = [];
  #made = 0;

  constructor(connection: ParseEvents) {
    connection.on('parseComplete', () => this.#unanswered.shift());
  }

  find(text: string): Prepared | undefined {
    return this.#byText.get(text);
  }

  /** Notes that the text is being parsed. @returns null when it has to be unnamed. */
  add(text: string, named: boolean): Prepared | null {
    const prepared = named && this.#byText.size < PREPARED_MAX ? this.#name(text) : null;
    this.#unanswered.push(prepared);
    return prepared;
  }

  /** The round has failed: what had not been parsed by then never will be. */
  failed(): void {
    for (const prepared of this.#unanswered) if (prepared !== null) this.#byText.delete(prepared.text);
    this.#unanswered.length = 0;
  }

  /** The server has lost or outdated a statement, or all of them. */
  forget(text?: string): void {
    if (text === undefined) this.#byText.clear();
    else this.#byText.delete(text);
  }

  #name(text: string): Prepared {
    this.#made += 1;
    const prepared: Prepared = { name: `c${this.#made}`, text, columns: null };
    this.#byText.set(text, prepared);
    return prepared;
  }
}

const ofConnection = new WeakMap<object, PreparedStatements>();

/** The statements of a connection; they go with it. */
export function preparedOn(connection: ParseEvents): PreparedStatements {
  let statements = ofConnection.get(connection);
  if (statements === undefined) {
    statements = new PreparedStatements(connection);
    ofConnection.set(connection, statements);
  }
  return statements;
}
