/** Proves on a live database that tenants are closed to each other: by its catalogue, and by trying. */
import { withConnection } from '../migrate/connection.ts';
import { APP_ROLE, appRoleProblems } from '../migrate/roles.ts';
import { readRelations, standingOf, type TenantTable } from './catalog.ts';
import type { Finding } from './finding.ts';
import { functionFindings, otherFindings, tableFindings } from './schema-checks.ts';
import { tryTables } from './trials.ts';

export type { Finding } from './finding.ts';

/** What was looked at and what was found; nothing found means proven. */
export interface TenancyProof {
  /** Tables that hold rows of tenants. */
  readonly tables: readonly string[];
  /** Tables that belong to no tenant, with the reason their comment gives. */
  readonly exempt: readonly { readonly table: string; readonly reason: string }[];
  /** Statements that were tried across tenants. */
  readonly checks: number;
  readonly findings: readonly Finding[];
}

/**
 * Proves the tenancy of a database: the schema (row-level security on and forced, policy, index, foreign key, roles,
 * functions), then by trial as the application's role inside a transaction that is rolled back, then on the application's
 * own connection before any tenant is set. Can run beside live traffic.
 * @param urls Owner of the tables (or a superuser), and the application's role as it signs in.
 */
export async function proveTenancy(urls: {
  readonly ownerUrl: string;
  readonly appUrl: string;
}): Promise<TenancyProof> {
  return withConnection(urls.ownerUrl, async (owner) => {
    const relations = await readRelations(owner);
    const tables: TenantTable[] = [];
    const exempt: { table: string; reason: string }[] = [];
    const findings: Finding[] = (await appRoleProblems(owner)).map((problem) => ({ subject: APP_ROLE, problem }));
    for (const relation of relations) {
      const standing = standingOf(relation);
      if (standing.kind === 'tenant' && (relation.isReachable || !relation.isPartition)) {
        if (relation.kind === 'view') findings.push(...otherFindings(relation, false));
        else {
          tables.push(standing.table);
          findings.push(...(await tableFindings(owner, standing.table)));
        }
      } else if (standing.kind !== 'tenant') {
        if (standing.kind === 'none') exempt.push({ table: relation.name, reason: standing.reason });
        findings.push(...otherFindings(relation, standing.kind === 'none'));
      }
    }
    if (tables.length === 0)
      findings.push({ subject: 'database', problem: 'has no table of tenants: nothing was proven' });
    findings.push(...(await functionFindings(owner)));
    const trials = await tryTables(owner, tables);
    const fresh = await freshConnectionFindings(urls.appUrl, tables);
    return {
      tables: tables.map(({ name }) => name),
      exempt,
      checks: trials.checks + tables.length,
      findings: [...findings, ...trials.findings, ...fresh],
    };
  });
}

/** A connection on which no tenant was ever set sees nothing of the live rows. */
async function freshConnectionFindings(appUrl: string, tables: readonly TenantTable[]): Promise<readonly Finding[]> {
  return withConnection(appUrl, async (app) => {
    const { rows } = await app.query<{ role: string }>('select current_user as role');
    const role = rows[0]?.role ?? '';
    if (role !== APP_ROLE) return [{ subject: role, problem: `signs in where ${APP_ROLE} should` }];
    const findings: Finding[] = [];
    for (const { name, isReachable, columns } of tables) {
      if (!isReachable) continue;
      const { rows: seen } = await app.query<{ mayRead: boolean }>(
        'select has_table_privilege(current_user, $1::regclass, \'select\') as "mayRead"',
        [name],
      );
      if (seen[0]?.mayRead !== true || columns.length === 0) continue;
      const { rowCount } = await app.query(`select 1 from ${name} limit 1`);
      if (rowCount !== 0) findings.push({ subject: name, problem: 'shows rows on a connection without a tenant' });
    }
    return findings;
  });
}
