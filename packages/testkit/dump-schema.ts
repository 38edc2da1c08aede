import pg from 'pg';

/** Column defaults, constraints and the like are printed by the server; this drops what its versions print differently. */
const VERSION_NOISE: readonly (readonly [RegExp, string])[] = [
  // Only some versions name a sub-select's column.
  [/ AS "?(nullif|current_setting)"?/g, ''],
];

/** Longest line before a list is broken over several. */
const LINE_CHARS = 120;

/**
 * The schemas of a database as readable SQL: tables with columns and constraints, indexes, row-level security, triggers,
 * functions and grants, in a fixed order. For people and for diffs, the same on PostgreSQL 15 to 18; not for restoring.
 * @param schemas Names of the schemas, in the order they are printed.
 */
export async function dumpSchemas(url: string, schemas: readonly string[]): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set search_path = ''");
    const parts: string[] = [];
    for (const schema of schemas) parts.push(await dumpSchema(client, schema));
    return VERSION_NOISE.reduce((text, [pattern, plain]) => text.replaceAll(pattern, plain), parts.join('\n'));
  } finally {
    await client.end();
  }
}

async function dumpSchema(client: pg.Client, schema: string): Promise<string> {
  const parts = [`create schema ${schema};`, ...(await grantsOf(client, SCHEMA_GRANTS, schema)), ''];
  for (const table of await tablesOf(client, schema)) parts.push(...(await dumpTable(client, table)), '');
  const { rows } = await client.query<{ oid: number; text: string }>(FUNCTIONS, [schema]);
  for (const { oid, text } of rows) {
    parts.push(`${trimLines(text)};`, ...(await grantsOf(client, FUNCTION_GRANTS, oid)), '');
  }
  return parts.join('\n');
}

interface Table {
  readonly oid: number;
  readonly name: string;
  readonly partition: string | null;
  readonly comment: string | null;
  readonly hasRls: boolean;
  readonly isForced: boolean;
  readonly view: string | null;
}

async function tablesOf(client: pg.Client, schema: string): Promise<readonly Table[]> {
  const { rows } = await client.query<Table>(
    `select c.oid::int8::int4 as oid, c.oid::regclass::text as name, pg_get_partkeydef(c.oid) as partition,
       obj_description(c.oid, 'pg_class') as comment, c.relrowsecurity as "hasRls", c.relforcerowsecurity as "isForced",
       case when c.relkind = 'v' then pg_get_viewdef(c.oid) end as view
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v') and not c.relispartition
     order by c.relkind = 'v', c.relname`,
    [schema],
  );
  return rows;
}

async function dumpTable(client: pg.Client, table: Table): Promise<readonly string[]> {
  if (table.view !== null) {
    return [
      `create view ${table.name} as\n${trimLines(table.view)}`,
      ...(await grantsOf(client, TABLE_GRANTS, table.oid)),
    ];
  }
  const lines = async (query: string): Promise<readonly string[]> => {
    const { rows } = await client.query<{ text: string }>(query, [table.oid]);
    return rows.map(({ text }) => text);
  };
  const body = [...(await lines(COLUMNS)), ...(await lines(CONSTRAINTS))].map((line) => `  ${line}`).join(',\n');
  const partition = table.partition === null ? '' : ` partition by ${table.partition}`;
  const security = [table.hasRls ? 'enable row level security' : '', table.isForced ? 'force row level security' : '']
    .filter((text) => text !== '')
    .join(', ');
  return [
    `create table ${table.name} (\n${body}\n)${partition};`,
    ...(table.comment === null ? [] : [`comment on table ${table.name} is '${table.comment.replaceAll("'", "''")}';`]),
    ...(await lines(COLUMN_COMMENTS)),
    ...(await lines(INDEXES)),
    ...(security === '' ? [] : [`alter table ${table.name} ${security};`]),
    ...(await lines(POLICIES)),
    ...(await lines(TRIGGERS)),
    ...(await grantsOf(client, TABLE_GRANTS, table.oid)),
  ];
}

/** `grant select, insert on x to role;` for each grantee but the owner. */
async function grantsOf(client: pg.Client, query: string, value: string | number): Promise<readonly string[]> {
  const { rows } = await client.query<{ privileges: readonly string[]; target: string; grantee: string }>(query, [
    value,
  ]);
  return rows.map(({ privileges, target, grantee }) => {
    const grant = `grant ${privileges.map((privilege) => privilege.toLowerCase()).join(', ')} on ${target} to ${grantee};`;
    return grant.length <= LINE_CHARS ? grant : grant.replace(/ on (?=(table|schema|function|procedure) )/, '\n  on ');
  });
}

const trimLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

const COLUMNS = `
  select format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
    || case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
            when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
    || case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity' else '' end
    || case when a.attnotnull then ' not null' else '' end as text
  from pg_attribute a
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

/** From 18 on NOT NULL is a constraint too; it stands with its column already. */
const CONSTRAINTS = `
  select format('constraint %I %s', conname, pg_get_constraintdef(oid)) as text
  from pg_constraint where conrelid = $1 and contype in ('p', 'u', 'c', 'f', 'x')
  order by array_position(array['p', 'u', 'c', 'f', 'x'], contype::text), conname`;

const COLUMN_COMMENTS = `
  select format('comment on column %s.%I is %L;', a.attrelid::regclass, a.attname, col_description(a.attrelid, a.attnum)) as text
  from pg_attribute a
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped and col_description(a.attrelid, a.attnum) is not null
  order by a.attnum`;

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) || ';' as text
  from pg_index i
  where i.indrelid = $1 and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
  order by i.indexrelid::regclass::text`;

const POLICIES = `
  select format('create policy %I on %s', p.polname, p.polrelid::regclass)
    || case when p.polpermissive then '' else ' as restrictive' end
    || case p.polcmd when 'r' then ' for select' when 'a' then ' for insert' when 'w' then ' for update'
         when 'd' then ' for delete' else '' end
    || case when 0 = any (p.polroles) then ''
         else ' to ' || (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (p.polroles)) end
    || coalesce(E'\\n  using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(E'\\n  with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';' as text
  from pg_policy p where p.polrelid = $1 order by p.polname`;

const TRIGGERS = `
  select pg_get_triggerdef(oid) || ';' as text from pg_trigger where tgrelid = $1 and not tgisinternal order by tgname`;

const FUNCTIONS = `
    select p.oid::int8::int4 as oid, pg_get_functiondef(p.oid) as text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = $1 and p.prokind in ('f', 'p')
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    order by p.oid::regprocedure::text`;

const grantsFrom = (acl: string, owner: string, target: string, from: string): string => `
  select array_agg(g.privilege_type::text || g.columns order by g.privilege_type) as privileges, ${target} as target,
    case when g.grantee = 0 then 'public' else (select rolname from pg_roles where oid = g.grantee)::text end as grantee
  from ${from}, lateral (
    select a.grantee, a.privilege_type, '' as columns from aclexplode(${acl}) a where a.grantee <> ${owner}
  ) g
  group by 2, 3 order by 3`;

const SCHEMA_GRANTS = grantsFrom(
  'n.nspacl',
  'n.nspowner',
  "'schema ' || n.nspname",
  '(select * from pg_namespace where nspname = $1) n',
);

/** Column privileges stand beside those of the table: \`select (id, name)\`. */
const TABLE_GRANTS = `
  select array_agg(g.privilege || g.columns order by g.privilege, g.columns) as privileges, 'table ' || $1::oid::regclass as target,
    case when g.grantee = 0 then 'public' else (select rolname from pg_roles where oid = g.grantee)::text end as grantee
  from (
    select a.grantee, a.privilege_type as privilege, '' as columns
    from pg_class c, aclexplode(c.relacl) a where c.oid = $1 and a.grantee <> c.relowner
    union all
    select x.grantee, x.privilege_type, ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')'
    from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) x
    where c.oid = $1 and x.grantee <> c.relowner
    group by x.grantee, x.privilege_type
  ) g
  group by g.grantee order by 3`;

const FUNCTION_GRANTS = grantsFrom(
  "coalesce(p.proacl, acldefault('f', p.proowner))",
  'p.proowner',
  "case p.prokind when 'p' then 'procedure ' else 'function ' end || p.oid::regprocedure",
  '(select * from pg_proc where oid = $1) p',
);
