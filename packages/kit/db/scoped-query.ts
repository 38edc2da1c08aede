import type { Connection, Submittable } from 'pg';
import { serialize } from 'pg-protocol';
import { type Prepared, type PreparedStatements, preparedOn } from './prepared.ts';
import type { StatementText } from './statement.ts';
import { type Column, parserOf } from './wire.ts';

/** Whose rows a statement may touch: what row-level security policies compare with. */
export interface Scope {
  readonly tenantId: string | null;
  readonly userId: string | null;
}

/** The settings of one implicit transaction. */
export interface RoundSettings {
  readonly scope: Scope;
  readonly statementTimeoutMs: number;
}

type WireValue = string | Buffer | null;

/** The statement timeout takes effect with the next message, so it holds for the statement behind this one. */
const SET_SCOPE =
  "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true), set_config('statement_timeout', $3, true)";

/** The part of pg's connection that this file uses. */
interface Wire {
  readonly stream: { write(bytes: Buffer): void; destroy(error: Error): void };
  on(event: 'parseComplete', listener: () => void): unknown;
  sendCopyFail(message: string): void;
}

const EXECUTE = serialize.execute({ portal: '' });
const DESCRIBE = serialize.describe({ type: 'P', name: '' });
const SYNC = serialize.sync();

/**
 * One statement in a tenant's scope for the price of one round trip: the setting and the statement go out in a single
 * write before one Sync, so PostgreSQL runs both in one implicit transaction. The setting ends with it, and an error
 * leaves the connection clean. Unnamed statements pass a transaction-pooling PgBouncer; named ones save the parsing.
 */
export class ScopedQuery implements Submittable {
  readonly rows: Promise<readonly object[]>;
  readonly #settings: RoundSettings | null;
  readonly #statement: StatementText;
  readonly #values: readonly WireValue[];
  readonly #named: boolean;
  readonly #collected: object[] = [];
  #resolve!: (rows: readonly object[]) => void;
  #reject!: (error: unknown) => void;
  #known: PreparedStatements | null = null;
  #prepared: Prepared | null = null;
  #columns: readonly Column[] | null = null;
  #scopePending: boolean;
  #parseFailure: unknown = null;

  /** @param settings null inside an open transaction, which has them already. */
  constructor(settings: RoundSettings | null, statement: StatementText, values: readonly WireValue[], named: boolean) {
    this.#settings = settings;
    this.#scopePending = settings !== null;
    this.#statement = statement;
    this.#values = values;
    this.#named = named;
    this.rows = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Called by pg when the connection is free. @returns what kept the statement from being sent. */
  submit(connection: Connection): Error | undefined {
    const wire = connection as unknown as Wire;
    this.#known = preparedOn(wire);
    try {
      const messages: Buffer[] = [];
      if (this.#settings !== null) this.#addSettings(messages, this.#known, this.#settings);
      this.#addStatement(messages, this.#known);
      messages.push(SYNC);
      // One buffer: a write of nine pieces costs the process more than copying a few hundred bytes.
      wire.stream.write(Buffer.concat(messages));
      return undefined;
    } catch (cause) {
      // The connection has statements noted as parsed that the server never saw.
      const error = new Error(`${this.#statement.name}: could not be sent`, { cause });
      wire.stream.destroy(error);
      return error;
    }
  }

  #addSettings(messages: Buffer[], known: PreparedStatements, { scope, statementTimeoutMs }: RoundSettings): void {
    const prepared = this.#prepare(messages, known, SET_SCOPE);
    const values = [scope.tenantId ?? '', scope.userId ?? '', String(statementTimeoutMs)];
    messages.push(serialize.bind({ statement: prepared?.name ?? '', portal: '', values }), EXECUTE);
  }

  #addStatement(messages: Buffer[], known: PreparedStatements): void {
    const prepared = this.#prepare(messages, known, this.#statement.text);
    messages.push(serialize.bind({ statement: prepared?.name ?? '', portal: '', values: [...this.#values] }));
    if (prepared?.columns) this.#columns = prepared.columns;
    else messages.push(DESCRIBE);
    this.#prepared = prepared;
    messages.push(EXECUTE);
  }

  /** Adds Parse unless the connection knows the text; null means the unnamed statement is parsed. */
  #prepare(messages: Buffer[], known: PreparedStatements, text: string): Prepared | null {
    const found = this.#named ? known.find(text) : undefined;
    if (found !== undefined) return found;
    const prepared = known.add(text, this.#named);
    messages.push(serialize.parse({ text, name: prepared?.name ?? '' }));
    return prepared;
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#describe(message.fields.map((field) => ({ name: field.name, parse: parserOf(field.dataTypeID) })));
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
    if (!this.#scopePending && this.#columns === null) this.#describe([]);
    this.#scopePending = false;
  }

  handleReadyForQuery(): void {
    if (this.#parseFailure === null) this.#resolve(this.#collected);
    else this.#reject(this.#parseFailure);
  }

  /** pg calls this alone on a failure, with no `handleReadyForQuery` after it. */
  handleError(error: unknown): void {
    this.#known?.failed();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === UNKNOWN_STATEMENT) this.#known?.forget();
    if (code === OUTDATED_PLAN) this.#known?.forget(this.#statement.text);
    this.#reject(error);
  }

  #describe(columns: readonly Column[]): void {
    this.#columns = columns;
    if (this.#prepared !== null) this.#prepared.columns = columns;
  }

  /** COPY has no place among statements; without this answer the server would wait for data. */
  handleCopyInResponse(connection: Connection): void {
    (connection as unknown as Wire).sendCopyFail('statements take values, not a stream');
  }

  handleCopyData(): void {
    // COPY TO: its rows are dropped, and the statement answers none.
  }

  handleEmptyQuery(): void {
    // A statement of only comments answers no rows; ReadyForQuery follows.
  }

  handlePortalSuspended(): void {
    // Execute asks for all rows, so no portal is ever suspended.
  }
}

/** `prepared statement does not exist`: somebody discarded them. */
const UNKNOWN_STATEMENT = '26000';
/** `cached plan must not change result type`: a migration changed a column's type. */
const OUTDATED_PLAN = '0A000';

/** Whether a named statement failed because the server no longer knows it so; nothing ran, and parsing it again helps. */
export const isOutdatedStatement = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === UNKNOWN_STATEMENT || (error.code === OUTDATED_PLAN && /cached plan/.test(error.message)));
