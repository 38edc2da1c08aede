import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { APP_ROLE } from '../migrate/index.ts';
import type { TenantTable } from './catalog.ts';
import type { Finding } from './finding.ts';
import { TrialRows } from './trial-rows.ts';

/** What the trials came to. */
export interface Trials {
  readonly findings: readonly Finding[];
  /** Statements that were tried. */
  readonly checks: number;
}

/**
 * Makes two tenants with a row of each in every table, and tries as the application to read, change, move, plant and
 * delete rows of the one as the other and as none. Everything is rolled back; no statement locks more than its own rows.
 * @param client The owner's connection, outside a transaction.
 */
export async function tryTables(client: Client, tables: readonly TenantTable[]): Promise<Trials> {
  await client.query('begin');
  try {
    await mayBecomeApp(client);
    const [victim, stranger] = [randomUUID(), randomUUID()];
    const untried: Finding[] = [];
    const tried = new Set<TenantTable>();
    for (const tenantId of [victim, stranger]) {
      await scopeTo(client, tenantId);
      const rows = new TrialRows(client, tables, tenantId);
      for (const table of tables) {
        try {
          await rows.rowOf(table);
          if (table.isReachable) tried.add(table);
        } catch (error) {
          tried.delete(table);
          const reason = error instanceof Error ? error.message : String(error);
          untried.push({ subject: table.name, problem: `could not be tried, no row could be made: ${reason}` });
        }
      }
    }
    await client.query(`set local role ${APP_ROLE}`);
    const trial = new Trial(client, victim, stranger);
    for (const table of tried) await trial.run(table);
    return { findings: [...unique(untried), ...trial.findings], checks: trial.checks };
  } finally {
    await client.query('rollback');
  }
}

const unique = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ subject }, index) => findings.findIndex((other) => other.subject === subject) === index);

/** A superuser may take any role; another owner gives itself the right, for this transaction. */
async function mayBecomeApp(client: Client): Promise<void> {
  const { rows } = await client.query<{ owner: string; isSuper: boolean }>(
    'select rolname as owner, rolsuper as "isSuper" from pg_catalog.pg_roles where rolname = current_user',
  );
  const [me] = rows;
  if (me?.isSuper === false) await client.query(`grant ${APP_ROLE} to ${client.escapeIdentifier(me.owner)}`);
}

const scopeTo = (client: Client, tenantId: string): Promise<unknown> =>
  client.query("select set_config('app.tenant_id', $1, true)", [tenantId]);

class Trial {
  readonly findings: Finding[] = [];
  checks = 0;
  readonly #client: Client;
  readonly #victim: string;
  readonly #stranger: string;

  constructor(client: Client, victim: string, stranger: string) {
    this.#client = client;
    this.#victim = victim;
    this.#stranger = stranger;
  }

  async run(table: TenantTable): Promise<void> {
    const tenant = this.#client.escapeIdentifier(table.tenantColumn.name);
    const { name } = table;
    await scopeTo(this.#client, this.#victim);
    // Without this one the others could pass on an empty table.
    if ((await this.#rowsOf(`select 1 from ${name} where ${tenant} = $1`, [this.#victim])) === 0) {
      this.#report(table, 'shows the application nothing of its own tenant: nothing was proven');
    }
    await this.#mustFail(table, 'be moved to another tenant', `update ${name} set ${tenant} = $1`, [this.#stranger]);
    for (const [who, scope] of [
      ['another tenant', this.#stranger],
      ['no tenant', ''],
    ] as const) {
      await scopeTo(this.#client, scope);
      const own = scope === '' ? 'true' : `${tenant} <> '${scope}'`;
      await this.#mustReachNone(table, `be read as ${who}`, `select 1 from ${name} where ${own}`);
      for (const column of table.columns.filter(({ mayUpdate, isGenerated }) => mayUpdate && !isGenerated)) {
        const quoted = this.#client.escapeIdentifier(column.name);
        await this.#mustReachNone(
          table,
          `be changed as ${who}`,
          `update ${name} set ${quoted} = ${quoted} where ${own}`,
        );
      }
      await this.#mustReachNone(table, `be deleted as ${who}`, `delete from ${name} where ${own}`);
      await this.#mustReachNone(table, `be locked as ${who}`, `select 1 from ${name} where ${own} for update`);
      const columns = table.columns
        .filter(({ isGenerated }) => !isGenerated)
        .map((c) => this.#client.escapeIdentifier(c.name));
      const values = columns.map((column) =>
        column === tenant ? '$1::uuid' : `(jsonb_populate_record(null::${name}, $2)).${column}`,
      );
      const planted = `insert into ${name} (${columns.join(', ')}) select ${values.join(', ')}`;
      await this.#mustFail(table, `be planted as ${who}`, planted, [this.#victim, await this.#copyOf(table)]);
    }
    await this.#mustFail(table, 'be emptied', `truncate ${name}`, []);
  }

  /** The victim's row as JSON, read in its own scope. */
  async #copyOf(table: TenantTable): Promise<string> {
    const { rows } = await this.#client.query<{ scope: string }>("select current_setting('app.tenant_id') as scope");
    await scopeTo(this.#client, this.#victim);
    const copied = await this.#client.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table.name} t limit 1`,
    );
    await scopeTo(this.#client, rows[0]?.scope ?? '');
    return copied.rows[0]?.row ?? '{}';
  }

  async #mustReachNone(table: TenantTable, what: string, sql: string): Promise<void> {
    if ((await this.#rowsOf(sql, [])) > 0) this.#report(table, `lets rows ${what}`);
  }

  async #mustFail(table: TenantTable, what: string, sql: string, values: readonly unknown[]): Promise<void> {
    // Row-level security speaks before constraints do: one of those would only hide that nothing else refused.
    if ((await this.#attempt(sql, values)) !== 'refused') this.#report(table, `lets rows ${what}`);
  }

  async #rowsOf(sql: string, values: readonly unknown[]): Promise<number> {
    const outcome = await this.#attempt(sql, values);
    return typeof outcome === 'number' ? outcome : 0;
  }

  /** Runs a statement and undoes it. */
  async #attempt(sql: string, values: readonly unknown[]): Promise<number | 'refused' | 'constraint'> {
    this.checks += 1;
    await this.#client.query('savepoint trial');
    try {
      return (await this.#client.query(sql, [...values])).rowCount ?? 0;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (REFUSALS.has(code)) return 'refused';
      if (code.startsWith(CONSTRAINT_CLASS)) return 'constraint';
      throw error;
    } finally {
      await this.#client.query('rollback to savepoint trial');
    }
  }

  #report(table: TenantTable, problem: string): void {
    if (!this.findings.some((known) => known.subject === table.name && known.problem === problem)) {
      this.findings.push({ subject: table.name, problem });
    }
  }
}

/** No privilege or no policy; or a trigger's own refusal. */
const REFUSALS: ReadonlySet<string> = new Set(['42501', 'P0001']);
const CONSTRAINT_CLASS = '23';
