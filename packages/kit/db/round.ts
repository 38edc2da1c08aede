import type { Connection, Submittable } from 'pg';
import { serialize } from 'pg-protocol';
import { type Prepared, type PreparedStatements, preparedOn } from './prepared.ts';
import type { Runnable } from './statement.ts';
import { type Column, parserOf, toWire } from './wire.ts';

/** Whose rows a statement may touch: what row-level security policies compare with. */
export interface Scope {
  readonly tenantId: string | null;
}

type WireValue = string | Buffer | null;

/** One statement of a round. */
export interface Step {
  /** For messages; what it names is counted when `isCounted`. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly WireValue[];
  /** Whether it is one of a service's statements, and not one that opens, divides or ends a transaction. */
  readonly isCounted: boolean;
  /** Whether somebody waits for its rows. */
  readonly isRead: boolean;
}

/** What came of one step whose rows are read. */
export interface StepAnswer {
  readonly rows: readonly object[];
  /** Why its rows could not be read; null when they could. */
  readonly failure: unknown;
}

/** What came of a round. */
export interface RoundAnswer {
  /** Of the steps whose rows are read, in their order. */
  readonly answers: readonly StepAnswer[];
  /** Command tag of the last step, such as `COMMIT`. */
  readonly tag: string;
}

/** Rows of the only step that was read. @throws what kept them from being read. */
export const rowsOf = ({ answers: [answer] }: RoundAnswer): readonly object[] =>
  answer === undefined ? [] : rowsIn(answer);

/** Rows of one step. @throws what kept them from being read. */
export function rowsIn({ rows, failure }: StepAnswer): readonly object[] {
  if (failure !== null) throw failure;
  return rows;
}

/** How a round ended a step, for metrics. */
export type OnStep = (step: Step, durationMs: number, failed: boolean) => void;

/** A timeout takes effect with the next message, so it holds for the statements behind this one. */
const SET_SCOPE = "select set_config('app.tenant_id', $1, true), set_config('statement_timeout', $2, true)";
const SET_TRANSACTION_SCOPE = `${SET_SCOPE}, set_config('idle_in_transaction_session_timeout', '30s', true)`;
const SET_READING_SCOPE = `${SET_SCOPE}, set_config('transaction_read_only', 'on', true)`;

/** A step of the kit's own. */
export const controlStep = (text: string, values: readonly WireValue[] = []): Step => ({
  name: text.split(' ', 1)[0] ?? text,
  text,
  values,
  isCounted: false,
  isRead: false,
});

const BEGIN = controlStep('begin');

/** Sets the scope of the statements behind it, up to the end of their implicit transaction. */
export const scopeStep = ({ tenantId }: Scope, statementTimeout: StatementTimeout, text: string = SET_SCOPE): Step => ({
  name: 'scope',
  text,
  values: [tenantId ?? '', statementTimeout],
  isCounted: false,
  isRead: false,
});

/** The same for statements that only read: the server refuses them to write. */
export const readingScopeStep = (scope: Scope, statementTimeout: StatementTimeout): Step =>
  scopeStep(scope, statementTimeout, SET_READING_SCOPE);

/** Whole milliseconds as PostgreSQL reads them. */
export type StatementTimeout = `${number}`;

/** Opens a transaction in a scope. */
export const openingSteps = (scope: Scope, statementTimeout: StatementTimeout): readonly Step[] => [
  BEGIN,
  scopeStep(scope, statementTimeout, SET_TRANSACTION_SCOPE),
];

/** A statement with its values as a step. @param isRead Whether somebody waits for its rows. */
export const stepOf = ({ statement, values }: Runnable, isRead = true): Step => ({
  name: statement.name,
  text: statement.text,
  values: values.map(toWire),
  isCounted: true,
  isRead,
});

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
 * Several statements for the price of one round trip: they go out in a single write before one Sync. Outside a transaction
 * PostgreSQL runs them in an implicit one: a scope set by the first ends with it, and an error leaves the connection clean.
 * Nothing behind a failed step runs. Unnamed statements pass a transaction-pooling PgBouncer; named ones save the parsing.
 */
export class Round implements Submittable {
  readonly answer: Promise<RoundAnswer>;
  readonly #steps: readonly Step[];
  readonly #named: boolean;
  readonly #onStep: OnStep | undefined;
  readonly #answers: StepAnswer[] = [];
  #resolve!: (answer: RoundAnswer) => void;
  #reject!: (error: unknown) => void;
  #known: PreparedStatements | null = null;
  /** What the steps are known by on the connection; null for the unnamed statement. */
  #prepared: (Prepared | null)[] = [];
  /** Steps that have ended. */
  #done = 0;
  /** Of the step at work. */
  #columns: readonly Column[] | null = null;
  #rows: object[] = [];
  #failure: unknown = null;
  #tag = '';
  #stepBeganAt = performance.now();

  /** @param steps at least one. */
  constructor(steps: readonly Step[], named: boolean, onStep?: OnStep) {
    this.#steps = steps;
    this.#named = named;
    this.#onStep = onStep;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Name of the step that is at work, or has failed. */
  get stepName(): string {
    return this.#steps[Math.min(this.#done, this.#steps.length - 1)]?.name ?? '';
  }

  /** What was answered before the end, or before the failure. */
  get answers(): readonly StepAnswer[] {
    return this.#answers;
  }

  /** Called by pg when the connection is free. @returns what kept the statements from being sent. */
  submit(connection: Connection): Error | undefined {
    const wire = connection as unknown as Wire;
    this.#known = preparedOn(wire);
    try {
      const messages: Buffer[] = [];
      for (const step of this.#steps) this.#add(messages, this.#known, step);
      messages.push(SYNC);
      // One buffer: a write of nine pieces costs the process more than copying a few hundred bytes.
      wire.stream.write(Buffer.concat(messages));
      this.#begin();
      return undefined;
    } catch (cause) {
      // The connection has statements noted as parsed that the server never saw.
      const error = new Error(`${this.stepName}: could not be sent`, { cause });
      wire.stream.destroy(error);
      return error;
    }
  }

  #add(messages: Buffer[], known: PreparedStatements, step: Step): void {
    const prepared = this.#prepare(messages, known, step.text);
    this.#prepared.push(prepared);
    messages.push(serialize.bind({ statement: prepared?.name ?? '', portal: '', values: [...step.values] }));
    // What the connection knows at the time of sending decides whether a description comes.
    if (step.isRead && !prepared?.columns) messages.push(DESCRIBE);
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

  /** Gets ready for the answer of the step that is next. */
  #begin(): void {
    this.#columns = this.#prepared[this.#done]?.columns ?? null;
    this.#rows = [];
    this.#failure = null;
  }

  get #isRead(): boolean {
    return this.#steps[this.#done]?.isRead === true;
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#describe(message.fields.map((field) => ({ name: field.name, parse: parserOf(field.dataTypeID) })));
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    if (!this.#isRead || this.#columns === null) return;
    const row: Record<string, unknown> = {};
    try {
      for (let index = 0; index < this.#columns.length; index += 1) {
        const column = this.#columns[index] as Column;
        const text = message.fields[index] ?? null;
        row[column.name] = text === null ? null : column.parse(text);
      }
    } catch (error) {
      this.#failure ??= error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete(message: { readonly text: string }): void {
    if (this.#isRead && this.#columns === null) this.#describe([]);
    this.#end(message.text);
  }

  handleReadyForQuery(): void {
    this.#resolve({ answers: this.#answers, tag: this.#tag });
  }

  /** pg calls this alone on a failure, with no `handleReadyForQuery` after it. */
  handleError(error: unknown): void {
    this.#note(true);
    this.#known?.failed();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === UNKNOWN_STATEMENT) this.#known?.forget();
    if (code === OUTDATED_PLAN) this.#known?.forget(this.#steps[this.#done]?.text);
    this.#reject(error);
  }

  #end(tag: string): void {
    this.#tag = tag;
    this.#note(false);
    if (this.#isRead) this.#answers.push({ rows: this.#rows, failure: this.#failure });
    this.#done += 1;
    this.#begin();
  }

  #note(failed: boolean): void {
    const step = this.#steps[this.#done];
    if (this.#onStep === undefined || step === undefined) return;
    const now = performance.now();
    if (step.isCounted) this.#onStep(step, now - this.#stepBeganAt, failed);
    this.#stepBeganAt = now;
  }

  #describe(columns: readonly Column[]): void {
    this.#columns = columns;
    const prepared = this.#prepared[this.#done] ?? null;
    if (prepared !== null) prepared.columns = columns;
  }

  /** COPY has no place among statements; without this answer the server would wait for data. */
  handleCopyInResponse(connection: Connection): void {
    (connection as unknown as Wire).sendCopyFail('statements take values, not a stream');
  }

  handleCopyData(): void {
    // COPY TO: its rows are dropped, and the statement answers none.
  }

  handleEmptyQuery(): void {
    // A statement of only comments answers no rows and no tag.
    this.#end('');
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
