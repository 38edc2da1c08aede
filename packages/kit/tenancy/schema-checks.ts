import type { Client } from 'pg';
import { APP_ROLE, LOOKUP_ROLE } from '../migrate/index.ts';
import { type Relation, TENANTS, type TenantTable } from './catalog.ts';
import type { Finding } from './finding.ts';

/**
 * The condition of a policy, less what differs between PostgreSQL versions (parentheses, casts of literals, the alias of
 * the sub-select).
 */
const plain = (condition: string): string =>
  condition
    .toLowerCase()
    .replaceAll(/[\s()]|::text/g, '')
    .replaceAll(/as"?nullif"?/g, '');

const isolationOn = (column: string): string =>
  plain(`${column} = (select nullif(current_setting('app.tenant_id', true), ''))::uuid`);

/** What stands against a table of tenants being closed to other tenants; empty when nothing does. */
export async function tableFindings(client: Client, table: TenantTable): Promise<readonly Finding[]> {
  const problems: string[] = [];
  if (table.kind !== 'table') problems.push(`is a ${table.kind}, which row-level security cannot guard`);
  if (!table.hasRls) problems.push('has row-level security off');
  if (!table.isForced) problems.push('does not force row-level security on its owner');
  if (table.tenantColumn.type !== 'uuid') problems.push(`has a ${table.tenantColumn.name} that is no uuid`);
  if (!table.tenantColumn.isNotNull) problems.push(`has rows without ${table.tenantColumn.name}`);
  problems.push(...(await policyProblems(client, table)));
  problems.push(...(await indexProblems(client, table)));
  if (table.name !== TENANTS) problems.push(...(await foreignKeyProblems(client, table)));
  problems.push(...(await privilegeProblems(client, table)));
  return problems.map((problem) => ({ subject: table.name, problem }));
}

interface PolicyRow {
  readonly name: string;
  readonly command: string;
  readonly isPermissive: boolean;
  readonly isForApp: boolean;
  readonly otherRoles: readonly string[];
  readonly shown: string | null;
  readonly allowed: string | null;
  readonly comment: string | null;
}

async function policyProblems(client: Client, table: TenantTable): Promise<readonly string[]> {
  const { rows } = await client.query<PolicyRow>(
    `select p.polname as name, p.polcmd as command, p.polpermissive as "isPermissive",
       0 = any (p.polroles) or $2::text::regrole::oid = any (p.polroles) as "isForApp",
       array(select r.rolname::text from pg_roles r where r.oid = any (p.polroles) and r.rolname not in ($2::text, $3::text)) as "otherRoles",
       pg_get_expr(p.polqual, p.polrelid) as shown, pg_get_expr(p.polwithcheck, p.polrelid) as allowed,
       obj_description(p.oid, 'pg_policy') as comment
     from pg_policy p where p.polrelid = $1`,
    [table.oid, APP_ROLE, LOOKUP_ROLE],
  );
  const expected = isolationOn(table.tenantColumn.name);
  const isIsolation = ({ shown, allowed, command }: PolicyRow): boolean =>
    command === '*' && plain(shown ?? '') === expected && plain(allowed ?? '') === expected;
  const forApp = rows.filter((policy) => policy.isForApp && policy.isPermissive);
  const problems: string[] = [];
  if (!forApp.some(isIsolation))
    problems.push('has no policy that compares its tenant for every command, USING and WITH CHECK');
  for (const policy of forApp.filter((candidate) => !isIsolation(candidate))) {
    // Reading a little more can be right (a person who is a member elsewhere); it is said why beside the policy.
    const isExplained = policy.command === 'r' && /^tenancy: because .{10,}/s.test(policy.comment ?? '');
    if (!isExplained) problems.push(`has a policy ${policy.name} that opens more than its own tenant`);
  }
  for (const policy of rows.filter(({ otherRoles }) => otherRoles.length > 0)) {
    problems.push(`has a policy ${policy.name} for ${policy.otherRoles.join(', ')}`);
  }
  return problems;
}

async function indexProblems(client: Client, table: TenantTable): Promise<readonly string[]> {
  const { rowCount } = await client.query(
    'select from pg_index where indrelid = $1 and indkey[0] = $2 and indpred is null and indisvalid limit 1',
    [table.oid, table.tenantColumn.number],
  );
  return rowCount === 1 ? [] : [`has no index that begins with ${table.tenantColumn.name}`];
}

async function foreignKeyProblems(client: Client, table: TenantTable): Promise<readonly string[]> {
  const { rowCount } = await client.query(
    `select from pg_constraint
     where conrelid = $1 and contype = 'f' and conkey = array[$2::int2] and confrelid = to_regclass($3)
       and confdeltype = 'c' and convalidated`,
    [table.oid, table.tenantColumn.number, TENANTS],
  );
  return rowCount === 0 ? [`has no foreign key to ${TENANTS} that deletes with the tenant`] : [];
}

/** Privileges that pass row-level security by: TRUNCATE empties a table, REFERENCES and TRIGGER look at foreign rows. */
async function privilegeProblems(client: Client, table: TenantTable): Promise<readonly string[]> {
  const { rows } = await client.query<{ privilege: string }>(
    `select privilege from unnest(array['truncate', 'references', 'trigger']) as privilege
     where has_table_privilege($1, $2::oid, privilege)`,
    [APP_ROLE, table.oid],
  );
  return rows.map(({ privilege }) => `lets the application ${privilege}, which row-level security does not see`);
}

/** What stands against a relation that belongs to no tenant, or that says nothing about it. */
export function otherFindings(relation: Relation, isExplained: boolean): readonly Finding[] {
  // What the application cannot touch at all (a queue behind functions, a ledger) needs no policy.
  if (!relation.isReachable || isExplained) return [];
  if (relation.kind === 'view' && relation.isSecurityInvoker) return [];
  const problem =
    relation.kind === 'view'
      ? 'is a view that reads with the rights of its owner: give it security_invoker'
      : `is a ${relation.kind} without tenant_id; where that is right its comment says "tenancy: none, because …"`;
  return [{ subject: relation.name, problem }];
}

/** Functions that run with the rights of another role, and are not made the safe way. */
export async function functionFindings(client: Client): Promise<readonly Finding[]> {
  const { rows } = await client.query<Finding>(
    `with definer as (
       select p.oid, p.oid::regprocedure::text as subject, p.proconfig, p.proacl, p.proowner
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (
           select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     )
     select subject, 'runs as its owner without a pinned search path' as problem from definer
     where not coalesce(proconfig && array['search_path=""', 'search_path=pg_catalog', 'search_path=pg_catalog, pg_temp'], false)
     union all
     select subject, 'runs as its owner and may be called by everyone' from definer
     where exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0 and privilege_type = 'EXECUTE')
     union all
     select subject, 'runs as ' || r.rolname || ', which bypasses row-level security'
     from definer join pg_roles r on r.oid = proowner where r.rolsuper or r.rolbypassrls
     order by 1, 2`,
  );
  return rows;
}
