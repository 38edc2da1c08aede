import type { StatementText } from '@candlefish/kit/db';
import pg, { type Connection, type Submittable } from 'pg';

/** What a server says about a statement. */
export interface StatementDescription {
  /** Type OIDs in the order of `$1`, `$2`, …. */
  readonly parameterTypes: readonly number[];
  readonly columns: readonly ColumnDescription[];
}

/** A result column. */
export interface ColumnDescription {
  readonly name: string;
  readonly typeOid: number;
  /** Whether the table column behind it forbids null and no outer join can leave it empty. False for expressions. */
  readonly isNotNull: boolean;
}

/** A data type, resolved to what it is made of. */
export interface TypeDescription {
  readonly name: string;
  /** `b` base, `e` enum, `d` domain, `c` composite, `p` pseudo. */
  readonly kind: string;
  /** Type of the elements of an array, of the value of a domain; 0 otherwise. */
  readonly elementOid: number;
  readonly baseOid: number;
}

/** A server that has been asked about statements; ask it through `describe`, end it with `end`. */
export interface Describer {
  /** @throws Error that says why the server refuses the statement, or why the role may not run it. */
  describe(statement: StatementText): Promise<StatementDescription>;
  typeOf(oid: number): Promise<TypeDescription>;
  end(): Promise<void>;
}

interface RawColumn {
  readonly name: string;
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeID: number;
}

interface PlanNode {
  readonly 'Join Type'?: string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'CTE Name'?: string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Rows of these can hold null in any column: each set groups by other columns. */
const GROUPING_SETS = /\b(grouping\s+sets|rollup|cube)\b/i;

/**
 * Describes statements as a role.
 * @param url Connection string of the application's role, on PostgreSQL 16 or later (generic plans): a statement that the
 *   role may not run is refused.
 */
export async function openDescriber(url: string): Promise<Describer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const types = new Map<number, TypeDescription>();
  return {
    async describe(statement) {
      const raw = await describeOnWire(client, statement.text);
      const tables = await nullableTables(client, statement.text);
      const hasSets = GROUPING_SETS.test(statement.text);
      const columns: ColumnDescription[] = [];
      for (const column of raw.columns) {
        const source = await columnBehind(client, column);
        const isNotNull = source?.isNotNull === true && !hasSets && !tables.has(source.table);
        columns.push({ name: column.name, typeOid: column.dataTypeID, isNotNull });
      }
      return { parameterTypes: raw.parameterTypes, columns };
    },
    async typeOf(oid) {
      const known = types.get(oid) ?? (await readType(client, oid));
      types.set(oid, known);
      return known;
    },
    end: () => client.end(),
  };
}

/** Parse and Describe, which run nothing. */
class DescribeQuery implements Submittable {
  readonly answer: Promise<{ readonly parameterTypes: readonly number[]; readonly columns: readonly RawColumn[] }>;
  readonly #text: string;
  #parameterTypes: readonly number[] = [];
  #columns: readonly RawColumn[] = [];
  #resolve: (answer: { parameterTypes: readonly number[]; columns: readonly RawColumn[] }) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(text: string) {
    this.#text = text;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    connection.once('parameterDescription', (message: { readonly dataTypeIDs: readonly number[] }) => {
      this.#parameterTypes = message.dataTypeIDs;
    });
    connection.parse({ text: this.#text, name: '', types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription(message: { readonly fields: readonly RawColumn[] }): void {
    this.#columns = message.fields;
  }

  handleReadyForQuery(): void {
    this.#resolve({ parameterTypes: this.#parameterTypes, columns: this.#columns });
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleDataRow(): void {
    throw new Error('a description answers no rows');
  }

  handleCommandComplete(): void {
    throw new Error('a description completes nothing');
  }

  handleEmptyQuery(): void {
    throw new Error('a description runs nothing');
  }
}

async function describeOnWire(client: pg.Client, text: string) {
  const query = new DescribeQuery(text);
  client.query(query);
  return query.answer;
}

/** Tables (`schema.name`) whose columns an outer join can leave empty. Planning also checks that the role may run it. */
async function nullableTables(client: pg.Client, text: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query(`explain (verbose, costs off, generic_plan, format json) ${text}`);
  const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as readonly [{ readonly Plan: PlanNode }];
  const ctes = new Map<string, PlanNode>();
  const collect = (node: PlanNode): void => {
    const name = /^CTE (.*)$/.exec(node['Subplan Name'] ?? '')?.[1];
    if (name !== undefined) ctes.set(name, node);
    node.Plans?.forEach(collect);
  };
  collect(plan);
  const tables = new Set<string>();
  const visit = (node: PlanNode, isNullable: boolean): void => {
    if (isNullable && node['Relation Name'] !== undefined) tables.add(`${node.Schema}.${node['Relation Name']}`);
    const cte = isNullable ? ctes.get(node['CTE Name'] ?? '') : undefined;
    if (cte !== undefined) visit(cte, true);
    for (const child of node.Plans ?? []) {
      visit(child, isNullable || isNullableSide(node['Join Type'], child['Parent Relationship']));
    }
  };
  visit(plan, false);
  return tables;
}

const isNullableSide = (joinType: string | undefined, side: string | undefined): boolean =>
  joinType === 'Full' || (joinType === 'Left' && side === 'Inner') || (joinType === 'Right' && side === 'Outer');

async function columnBehind(
  client: pg.Client,
  { tableID, columnID }: RawColumn,
): Promise<{ readonly table: string; readonly isNotNull: boolean } | null> {
  if (tableID === 0) return null;
  const { rows } = await client.query<{ table: string; isNotNull: boolean }>(
    `select n.nspname || '.' || c.relname as "table", a.attnotnull as "isNotNull"
     from pg_catalog.pg_attribute a
     join pg_catalog.pg_class c on c.oid = a.attrelid
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where a.attrelid = $1 and a.attnum = $2`,
    [tableID, columnID],
  );
  return rows[0] ?? null;
}

async function readType(client: pg.Client, oid: number): Promise<TypeDescription> {
  const { rows } = await client.query<TypeDescription>(
    `select typname as name, typtype as kind, typbasetype::int8::int4 as "baseOid",
       (case when typcategory = 'A' then typelem else 0 end)::int8::int4 as "elementOid"
     from pg_catalog.pg_type where oid = $1`,
    [oid],
  );
  const [type] = rows;
  if (type === undefined) throw new Error(`the server has no type ${oid}`);
  return type;
}
