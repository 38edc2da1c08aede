import type { Connection, Submittable } from 'pg';
import type { StatementText } from './statement.ts';
import { parserOf } from './wire.ts';

/** Whose rows a statement may touch: what row-level security policies compare with. */
export interface Scope {
  readonly tenantId: string | null;
  readonly userId: string | null;
}

type WireValue = string | Buffer | null;

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** A statement that one connection knows by name, and the columns the server described for it. */
interface Prepared {
  readonly name: string;
  columns: readonly Column[] | null;
}

const SET_SCOPE = "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)";

/** Server-side statements kept per connection; past it statements run unnamed. Bounds the server's memory. */
const PREPARED_MAX = 500;

const preparedByConnection = new WeakMap<object, { readonly byText: Map<string, Prepared>; made: number }>();

/** The part of pg's connection that speaks the extended protocol, message by message. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; portal: string; values: readonly WireValue[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string }): void;
  sync(): void;
}

/**
 * One statement in a tenant's scope for the price of one round trip: the setting and the statement go out in a single
 * write before one Sync, so PostgreSQL runs both in one implicit transaction. The setting ends with it, and an error
 * leaves the connection clean. Unnamed statements pass a transaction-pooling PgBouncer; named ones save the parsing.
 */
export class ScopedQuery implements Submittable {
  readonly rows: Promise<readonly object[]>;
  readonly #scope: Scope | null;
  readonly #statement: StatementText;
  readonly #values: readonly WireValue[];
  readonly #named: boolean;
  readonly #collected: object[] = [];
  readonly #firstUses: string[] = [];
  #resolve!: (rows: readonly object[]) => void;
  #reject!: (error: unknown) => void;
  #connection: object | null = null;
  #prepared: Prepared | null = null;
  #columns: readonly Column[] | null = null;
  #scopePending: boolean;
  #parseFailure: unknown = null;

  /** @param scope null inside an open transaction, whose scope is set already. */
  constructor(scope: Scope | null, statement: StatementText, values: readonly WireValue[], named: boolean) {
    this.#scope = scope;
    this.#scopePending = scope !== null;
    this.#statement = statement;
    this.#values = values;
    this.#named = named;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    this.#connection = connection;
    wire.stream.cork();
    try {
      if (this.#scope !== null) this.#sendScope(wire, this.#scope);
      this.#sendStatement(wire);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  #sendScope(wire: Wire, scope: Scope): void {
    const prepared = this.#prepare(wire, SET_SCOPE);
    wire.bind({ statement: prepared?.name ?? '', portal: '', values: [scope.tenantId ?? '', scope.userId ?? ''] });
    wire.execute({ portal: '' });
  }

  #sendStatement(wire: Wire): void {
    const prepared = this.#prepare(wire, this.#statement.text);
    wire.bind({ statement: prepared?.name ?? '', portal: '', values: this.#values });
    if (prepared?.columns) this.#columns = prepared.columns;
    else wire.describe({ type: 'P', name: '' });
    this.#prepared = prepared;
    wire.execute({ portal: '' });
  }

  /** Sends Parse unless the connection knows the text; null means the unnamed statement was parsed. */
  #prepare(wire: Wire, text: string): Prepared | null {
    let known = preparedByConnection.get(wire);
    if (known === undefined) {
      known = { byText: new Map(), made: 0 };
      preparedByConnection.set(wire, known);
    }
    const found = known.byText.get(text);
    if (found !== undefined && this.#named) return found;
    if (!this.#named || known.byText.size >= PREPARED_MAX) {
      wire.parse({ text, name: '' });
      return null;
    }
    known.made += 1;
    const prepared: Prepared = { name: `c${known.made}`, columns: null };
    known.byText.set(text, prepared);
    this.#firstUses.push(text);
    wire.parse({ text, name: prepared.name });
    return prepared;
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = message.fields.map((field) => ({ name: field.name, parse: parserOf(field.dataTypeID) }));
    if (this.#prepared !== null) this.#prepared.columns = this.#columns;
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    if (this.#scopePending || this.#columns === null) return;
    const row: Record<string, unknown> = {};
    try {
      for (let index = 0; index < this.#columns.length; index += 1) {
        const column = this.#columns[index] as Column;
        const text = message.fields[index] ?? null;
        row[column.name] = text === null ? null : column.parse(text);
      }
    } catch (error) {
      this.#parseFailure ??= error;
    }
    this.#collected.push(row);
  }

  handleCommandComplete(): void {
    this.#scopePending = false;
  }

  handleReadyForQuery(): void {
    if (this.#parseFailure === null) this.#resolve(this.#collected);
    else this.#reject(this.#parseFailure);
  }

  /** pg calls this alone on a failure, with no `handleReadyForQuery` after it. */
  handleError(error: unknown): void {
    // Whether the server kept the statements parsed in a failed round is unknown here: their names are never used again.
    const known = this.#connection === null ? undefined : preparedByConnection.get(this.#connection);
    for (const text of this.#firstUses) known?.byText.delete(text);
    this.#reject(error);
  }

  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}
