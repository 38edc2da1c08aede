import type { Client } from 'pg';
import { APP_ROLE } from '../migrate/index.ts';

/** A table, view or materialised view outside the system's schemas. */
export interface Relation {
  readonly oid: number;
  /** `schema.name`, quoted where needed. */
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialised view' | 'foreign table';
  readonly isPartition: boolean;
  /** Whether the application's role has any privilege on it. */
  readonly isReachable: boolean;
  readonly hasRls: boolean;
  readonly isForced: boolean;
  readonly isSecurityInvoker: boolean;
  readonly comment: string;
  readonly columns: readonly RelationColumn[];
}

export interface RelationColumn {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly isNotNull: boolean;
  readonly hasDefault: boolean;
  readonly isGenerated: boolean;
  readonly mayUpdate: boolean;
}

/** A relation whose rows belong to tenants, and the column that says to which. */
export interface TenantTable extends Relation {
  readonly tenantColumn: RelationColumn;
}

/** How a relation stands to tenants. */
export type Standing =
  | { readonly kind: 'tenant'; readonly table: TenantTable }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** `comment on table … is 'tenancy: none, because …'`: rows that belong to no tenant. */
const NONE = /^tenancy: none, because (.{10,})/s;
/** `comment on table … is 'tenancy: column id'`: another column than tenant_id names the tenant. */
const COLUMN = /^tenancy: column ([a-z_]+)/;
const TENANT_COLUMN = 'tenant_id';
/** The table that tenant columns refer to; its rows are the tenants. */
export const TENANTS = 'auth.tenants';

/** What the comment and the columns of a relation say about its rows. */
export function standingOf(relation: Relation): Standing {
  const reason = NONE.exec(relation.comment)?.[1];
  const named = relation.name === TENANTS ? 'id' : COLUMN.exec(relation.comment)?.[1];
  const tenantColumn = relation.columns.find(({ name }) => name === (named ?? TENANT_COLUMN));
  if (tenantColumn !== undefined) return { kind: 'tenant', table: { ...relation, tenantColumn } };
  return reason === undefined ? { kind: 'unknown' } : { kind: 'none', reason };
}

/** Every relation that is not the system's or an extension's. */
export async function readRelations(client: Client): Promise<readonly Relation[]> {
  const { rows } = await client.query<Relation>(RELATIONS, [APP_ROLE]);
  return rows;
}

const RELATIONS = `
  select c.oid::int8::int4 as oid, format('%I.%I', n.nspname, c.relname) as name,
    case c.relkind when 'v' then 'view' when 'm' then 'materialised view' when 'f' then 'foreign table' else 'table' end as kind,
    c.relispartition as "isPartition",
    has_schema_privilege($1, n.oid, 'usage') and (
      has_table_privilege($1, c.oid, 'select, insert, update, delete, truncate, references, trigger')
      or has_any_column_privilege($1, c.oid, 'select, insert, update, references')) as "isReachable",
    c.relrowsecurity as "hasRls", c.relforcerowsecurity as "isForced",
    coalesce(c.reloptions @> array['security_invoker=true'] or c.reloptions @> array['security_invoker=on'], false)
      as "isSecurityInvoker",
    coalesce(obj_description(c.oid, 'pg_class'), '') as comment,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', a.attname, 'number', a.attnum, 'type', format_type(a.atttypid, null), 'isNotNull', a.attnotnull,
        'hasDefault', a.atthasdef or a.attidentity <> '', 'isGenerated', a.attgenerated <> '' or a.attidentity = 'a',
        'mayUpdate', has_column_privilege($1, c.oid, a.attnum, 'update')) order by a.attnum), '[]')
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
      select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by 2`;
