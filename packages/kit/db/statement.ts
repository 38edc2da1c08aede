import type { Action } from '../context/actor.ts';

declare const row: unique symbol;
declare const runnableBy: unique symbol;

/** A value that a parameter takes. `json` columns take the text that `toJson` makes. */
export type SqlValue =
  | string
  | number
  | boolean
  | bigint
  | Date
  | Uint8Array
  | null
  | readonly (string | number | boolean | null | Date | Uint8Array)[];

declare const jsonText: unique symbol;
/** JSON as text, for `json` and `jsonb` parameters. */
export type JsonText = string & { readonly [jsonText]: true };

/** JSON text of a value, so that arrays reach a jsonb parameter as JSON and not as an SQL array. */
export const toJson = (value: unknown): JsonText => JSON.stringify(value) as JsonText;

/**
 * A statement with its values: what `ctx.query` and `tx.run` take. `Row` is what the database said it answers; `A` are
 * the actions whose grant may run it (contravariant: a statement open to more actions fits where fewer are asked).
 */
export interface BoundStatement<Row, A extends Action> {
  readonly [row]: Row;
  readonly [runnableBy]: (action: A) => void;
  readonly statement: StatementText;
  readonly values: readonly SqlValue[];
}

/** The fixed part of a statement. */
export interface StatementText {
  /** `service.verbNoun`, unique; appears in traces, logs and as a comment in the SQL that the server sees. */
  readonly name: string;
  /** SQL with `$1`-style parameters. */
  readonly text: string;
  readonly actions: readonly Action[];
  /** Parameter names in the order of `$1`, `$2`, …; `optional` ones may be null. */
  readonly parameters: readonly { readonly name: string; readonly optional: boolean }[];
  /** Result columns that are never null although the database cannot tell: expressions and the like. */
  readonly notNull: readonly string[];
  /** Result columns that can be null although their table column cannot: the far side of an outer join. */
  readonly nullable: readonly string[];
  /** Whether it reads rows and does nothing else: it locks none, and calls nothing that might write. */
  readonly onlyReads: boolean;
}

/** A bound statement without the types that guard it: what the driver needs. */
export interface Runnable {
  readonly statement: StatementText;
  readonly values: readonly SqlValue[];
}

/** A statement that waits for its values. Calling it gives a `BoundStatement`. */
export interface Statement<Params, Row, A extends Action> {
  (...params: keyof Params extends never ? [] : [params: Params]): BoundStatement<Row, A>;
  readonly statement: StatementText;
}

/** Parameter and row types of statements by name, generated from the database's own description of each. */
export type StatementTypes = Readonly<Record<string, { readonly params: object; readonly row: object }>>;

/** How a statement is written down. */
export interface StatementSpec<A extends Action> {
  /** The actions whose grant may run it. A statement shared by use cases lists them all. */
  readonly actions: readonly A[];
  /** Lower-case SQL with named parameters: `where id = :id`; `:note?` may be null. */
  readonly text: string;
  readonly notNull?: readonly string[];
  readonly nullable?: readonly string[];
  /**
   * The functions of ours that it calls are STABLE and only read, which its text does not tell. The server refuses it when
   * that is not so.
   */
  readonly onlyReads?: true;
}

/** Locks of rows, and calls of functions that keep something to themselves: ours, and those of PostgreSQL that write or lock. */
const MORE_THAN_READS =
  /\bfor\s+(?:no\s+key\s+update|update|key\s+share|share)\b|\b\w+\.\w+\s*\(|\b(?:pg_\w*advisory\w*|pg_notify|set_config|nextval|setval|lo_\w+)\s*\(/;

/** Whether a statement reads and does nothing else, by its text; false in doubt. */
const onlyReads = (text: string): boolean => /^select\b/.test(text) && !MORE_THAN_READS.test(text);

/** A parameter is a colon and a lower-case name; `::type` casts are left alone. */
const PARAMETER = /(?<![:\w]):([a-z][A-Za-z0-9]*)(\?)?/g;

/**
 * The statement maker of one store file.
 * @param service Name of the service; prefixes the statement names.
 */
export const statementsOf =
  <Types extends StatementTypes>(service: string) =>
  <Name extends keyof Types & string, const A extends Action>(
    name: Name,
    spec: StatementSpec<A>,
  ): Statement<Types[Name]['params'], Types[Name]['row'], A> => {
    const statement = parseStatement(`${service}.${name}`, spec);
    const take = (
      params: Readonly<Record<string, SqlValue>> | undefined,
      parameter: { readonly name: string; readonly optional: boolean },
    ): SqlValue => {
      const value = params?.[parameter.name] ?? null;
      // A misspelt name behind a cast would otherwise ask for null, which often matches nothing in silence.
      if (value === null && !parameter.optional) throw new TypeError(`${statement.name}: ${parameter.name} is missing`);
      return value;
    };
    const bind = (params?: Readonly<Record<string, SqlValue>>) => ({
      statement,
      values: statement.parameters.map((parameter) => take(params, parameter)),
    });
    return Object.assign(bind, { statement }) as unknown as Statement<Types[Name]['params'], Types[Name]['row'], A>;
  };

function parseStatement(name: string, spec: StatementSpec<Action>): StatementText {
  const parameters: { name: string; optional: boolean }[] = [];
  const text = spec.text.trim().replace(PARAMETER, (_, parameter: string, mark?: string) => {
    let index = parameters.findIndex((known) => known.name === parameter);
    if (index < 0) index = parameters.push({ name: parameter, optional: mark === '?' }) - 1;
    return `$${index + 1}`;
  });
  return {
    name,
    text: `/* ${name} */ ${text}`,
    actions: spec.actions,
    parameters,
    notNull: spec.notNull ?? [],
    nullable: spec.nullable ?? [],
    onlyReads: spec.onlyReads ?? onlyReads(text),
  };
}
