import { proveTenancy } from '@candlefish/kit/tenancy';
import pg from 'pg';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';

/** R3: statements of the application's role that run for the wrong tenant, or for none. */
export const r03: Drill = {
  id: 'R3',
  what: 'statements as the application role for the wrong tenant, or for none, touch no row',
  async run({ network, defer }) {
    const { database, signUp } = await network();
    const [one, other] = [await signUp('One'), await signUp('Other')];
    const tally = new Tally();
    const proof = await proveTenancy({ ownerUrl: database.ownerUrl, appUrl: database.appUrl });
    for (const { subject, problem } of proof.findings) tally.check(false, `${subject} ${problem}`);

    const app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    defer(() => app.end());
    // What people have really stored, beside the rows that the proof makes for itself.
    for (const table of proof.tables) {
      for (const [setting, whose] of [
        ['', 'no tenant'],
        [other.tenantId, 'another tenant'],
      ] as const) {
        const count = await countFor(app, table, setting, one.tenantId);
        tally.check(count === 0, `${table} shows ${count} rows to ${whose}`);
      }
    }
    return tally.verdict(`${proof.checks + tally.tries} statements over ${proof.tables.length} tables, 0 rows touched`);
  },
};

/** Rows of `tenantId` that a connection set to another tenant sees; 0 where the role may not even read the table. */
async function countFor(app: pg.Client, table: string, setting: string, tenantId: string): Promise<number> {
  const column = table === 'auth.tenants' ? 'id' : 'tenant_id';
  await app.query('begin');
  try {
    await app.query("select set_config('app.tenant_id', $1, true)", [setting]);
    const { rows } = await app.query(`select count(*)::int as count from ${table} where ${column} = $1`, [tenantId]);
    return Number((rows[0] as { count: number }).count);
  } catch (error) {
    // 42501: no right to the table at all, which is as closed as it gets.
    if (error instanceof pg.DatabaseError && error.code === '42501') return 0;
    throw error;
  } finally {
    await app.query('rollback');
  }
}
