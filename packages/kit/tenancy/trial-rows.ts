import { randomBytes, randomUUID } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import type { RelationColumn, TenantTable } from './catalog.ts';

/** Tries per row: each moves one refused column on to its next candidate. */
const TRIES_MAX = 200;
const NULL_VIOLATION = '23502';

type Row = ReadonlyMap<string, unknown>;

interface ForeignKey {
  readonly columns: readonly string[];
  readonly target: number;
  readonly targetColumns: readonly string[];
}

/** A rule that a row must meet: a CHECK, or a foreign key over a generated column. */
interface Check {
  readonly name: string;
  readonly definition: string;
  readonly columns: readonly string[];
}

/**
 * Makes one row in every table of tenants for one tenant, whatever the tables are: references are filled first, and
 * values that a CHECK refuses are exchanged for likelier ones. Runs in the caller's transaction, as the tables' owner.
 */
export class TrialRows {
  readonly #client: Client;
  readonly #tables: ReadonlyMap<number, TenantTable>;
  readonly #tenantId: string;
  readonly #rows = new Map<number, Row>();
  readonly #underWay = new Set<number>();

  constructor(client: Client, tables: readonly TenantTable[], tenantId: string) {
    this.#client = client;
    this.#tables = new Map(tables.map((table) => [table.oid, table]));
    this.#tenantId = tenantId;
  }

  /** The trial row of a table, made when there is none yet. @throws Error that says what no value would satisfy. */
  async rowOf(table: TenantTable): Promise<Row> {
    const known = this.#rows.get(table.oid);
    if (known !== undefined) return known;
    if (this.#underWay.has(table.oid)) throw new Error('refers to itself in a circle');
    this.#underWay.add(table.oid);
    try {
      const row = await this.#make(table);
      this.#rows.set(table.oid, row);
      return row;
    } finally {
      this.#underWay.delete(table.oid);
    }
  }

  async #make(table: TenantTable): Promise<Row> {
    const checks = await readChecks(this.#client, table);
    const fixed = await this.#references(table);
    fixed.set(table.tenantColumn.name, this.#tenantId);
    const free = table.columns.filter(({ name, isGenerated }) => !isGenerated && !fixed.has(name));
    const optional = await this.#optionalReferences(table);
    const candidates = new Map(
      free.map((column) => [
        column.name,
        optional.has(column.name) ? [optional.get(column.name)] : candidatesFor(column, checks),
      ]),
    );
    const chosen = new Map(free.map(({ name, isNotNull, hasDefault }) => [name, isNotNull && !hasDefault ? 0 : -1]));
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const values = new Map(fixed);
      for (const [name, index] of chosen) if (index >= 0) values.set(name, candidates.get(name)?.[index]);
      const made = await this.#insert(table, values);
      if (made instanceof Map) return made;
      const state = { checks, chosen, candidates, optional: [...optional.keys()] };
      if (!moveOn(made as DatabaseError, state, tries)) throw made;
    }
    throw new Error(`no trial row in ${TRIES_MAX} tries`);
  }

  async #references(table: TenantTable): Promise<Map<string, unknown>> {
    const fixed = new Map<string, unknown>();
    const used = new Set<number>();
    for (const key of await readForeignKeys(this.#client, table)) {
      const isNeeded = key.columns.every(
        (name) => table.columns.find((column) => column.name === name)?.isNotNull === true,
      );
      const target = this.#tables.get(key.target);
      if (!isNeeded || target === undefined || target.oid === table.oid) continue;
      const first = await this.rowOf(target);
      // Two references into one table may have to be to different rows.
      const row = used.has(target.oid) && target.tenantColumn.name !== 'id' ? await this.#make(target) : first;
      used.add(target.oid);
      for (const [index, name] of key.columns.entries()) fixed.set(name, row.get(key.targetColumns[index] ?? ''));
    }
    return fixed;
  }

  /** Values of references that a row can do without, for rules that want one of several. */
  async #optionalReferences(table: TenantTable): Promise<Map<string, unknown>> {
    const values = new Map<string, unknown>();
    for (const key of await readForeignKeys(this.#client, table)) {
      const target = this.#tables.get(key.target);
      const nullable = key.columns.filter(
        (name) => table.columns.find((column) => column.name === name)?.isNotNull === false,
      );
      if (nullable.length === 0 || target === undefined || this.#underWay.has(target.oid)) continue;
      const row = await this.rowOf(target);
      for (const name of nullable) values.set(name, row.get(key.targetColumns[key.columns.indexOf(name)] ?? ''));
    }
    return values;
  }

  async #insert(table: TenantTable, values: Row): Promise<Row | Error> {
    const names = [...values.keys()].map((name) => this.#client.escapeIdentifier(name));
    const marks = names.map((_, index) => `$${index + 1}`);
    await this.#client.query('savepoint trial_row');
    try {
      const { rows } = await this.#client.query(
        `insert into ${table.name} (${names.join(', ')}) values (${marks.join(', ')}) returning *`,
        [...values.values()],
      );
      return new Map(Object.entries(rows[0] ?? {}));
    } catch (error) {
      await this.#client.query('rollback to savepoint trial_row');
      return error as Error;
    }
  }
}

/** What has been tried of a row, and what can be. */
interface Trial {
  readonly checks: readonly Check[];
  /** Place of each column's value among its candidates; -1 while it is left to its default. */
  readonly chosen: Map<string, number>;
  readonly candidates: ReadonlyMap<string, readonly unknown[]>;
  /** Columns of references that a row can do without. */
  readonly optional: readonly string[];
}

/** Chooses other values for the columns that were refused. @returns false when nothing is left to try. */
function moveOn(refused: DatabaseError, trial: Trial, tries: number): boolean {
  const { checks, chosen, candidates } = trial;
  const check = checks.find(({ name }) => name === refused.constraint);
  const open = namedBy(refused, trial, check).filter(
    (name) => (chosen.get(name) ?? Number.POSITIVE_INFINITY) + 1 < (candidates.get(name)?.length ?? 0),
  );
  // Of two columns, of which one is to be greater, that one; of several in another rule each takes its turn.
  const greater = open.find((name) => new RegExp(`\\b${name} >=? [a-z_]+\\b`).test(check?.definition ?? ''));
  const name = greater ?? open[tries % Math.max(open.length, 1)];
  if (name === undefined) return false;
  chosen.set(name, (chosen.get(name) ?? -1) + 1);
  return true;
}

function namedBy(refused: DatabaseError, { chosen, optional }: Trial, check: Check | undefined): readonly string[] {
  if (refused.code === NULL_VIOLATION) {
    const column = refused.column ?? '';
    // A generated column is empty when none of what it is made of is there.
    return chosen.has(column) ? [column] : optional;
  }
  return check?.columns ?? [...chosen.keys()].filter((name) => refused.message.includes(name));
}

/** Values worth trying in a column, likeliest first: the words its checks name, then common shapes. */
function candidatesFor(column: RelationColumn, checks: readonly Check[]): readonly unknown[] {
  const own = checks.filter(({ columns }) => columns.includes(column.name)).map(({ definition }) => definition);
  const words = own.flatMap((definition) =>
    [...definition.matchAll(/'((?:[^']|'')*)'/g)].map(([, word]) => word ?? ''),
  );
  const numbers = own.flatMap((definition) =>
    [...definition.matchAll(/(?<![\w'])\d+(?![\w'])/g)].map(([digits]) => Number(digits)),
  );
  const { type } = column;
  if (type === 'uuid') return [randomUUID()];
  if (type === 'boolean') return [false, true];
  if (/^(smallint|integer|bigint|numeric|real|double precision)$/.test(type)) return [1, 0, ...numbers, 2, 100, 200];
  if (/^timestamp|^date$/.test(type))
    return [new Date(), new Date(Date.now() + 3_600_000), new Date(Date.now() - 3_600_000)];
  if (type === 'bytea') return [32, 16, 12, 64, ...numbers].map((length) => randomBytes(length));
  if (/^jsonb?$/.test(type)) return ['{}', '[]', '["a"]', '{"a":1}', '"a"', '1'];
  if (type === 'inet' || type === 'cidr') return ['127.0.0.1'];
  if (type.endsWith('[]')) return ['{}', '{a}'];
  const lengths = numbers.filter((length) => length > 0 && length <= 1_000);
  const word = `trial${randomUUID().slice(-12)}`; // of its own for each row, where a column is unique
  const shapes = [`${word}@a.example`, `https://${word}.example`, 'a:b', '1.0.0', ''];
  return [word, ...words, ...shapes, ...lengths.map((length) => 'a'.repeat(length))];
}

async function readChecks(client: Client, table: TenantTable): Promise<readonly Check[]> {
  const { rows } = await client.query<Check>(
    `select c.conname as name, pg_get_constraintdef(c.oid) as definition,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey)) as columns
     from pg_constraint c where c.conrelid = $1 and c.contype = 'c'
     union all
     -- A foreign key over a generated column is met through the columns that it is made of.
     select f.conname, pg_get_expr(d.adbin, d.adrelid),
       array(select a.attname::text from pg_depend p join pg_attribute a on a.attrelid = p.refobjid and a.attnum = p.refobjsubid
             where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refobjid = d.adrelid and p.refobjsubid <> d.adnum
             union
             select a.attname::text from pg_depend p join pg_attribute a on a.attrelid = p.refobjid and a.attnum = p.refobjsubid
             where p.classid = 'pg_class'::regclass and p.objid = d.adrelid and p.objsubid = d.adnum and p.refobjid = d.adrelid)
     from pg_constraint f
     join pg_attribute g on g.attrelid = f.conrelid and g.attnum = any (f.conkey) and g.attgenerated <> ''
     join pg_attrdef d on d.adrelid = f.conrelid and d.adnum = g.attnum
     where f.conrelid = $1 and f.contype = 'f'`,
    [table.oid],
  );
  return rows;
}

async function readForeignKeys(client: Client, table: TenantTable): Promise<readonly ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select c.confrelid::int8::int4 as target,
       array(select a.attname::text from unnest(c.conkey) with ordinality k (num, position)
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num order by position) as columns,
       array(select a.attname::text from unnest(c.confkey) with ordinality k (num, position)
             join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num order by position) as "targetColumns"
     from pg_constraint c where c.conrelid = $1 and c.contype = 'f'`,
    [table.oid],
  );
  return rows;
}
