import { proveTenancy } from '@candlefish/kit/tenancy';
import { migrationSets as serverSets } from '@candlefish/server/registry';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrationSets } from '../migration-sets.ts';
import { type TestDatabase, testPostgres } from '../postgres.ts';

let database: TestDatabase;
let client: pg.Client;
let tables: readonly string[] = [];

beforeAll(async () => {
  database = await testPostgres().createDatabase();
  client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  tables = (await proveTenancy(database)).tables;
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const names = async (sql: string): Promise<readonly string[]> =>
  (await client.query<{ name: string }>(sql, [tables])).rows.map(({ name }) => name);

test('tests run on the migrations that the server applies', () => {
  const sorted = (sets: readonly { name: string; folder: URL }[]) =>
    sets.map(({ name, folder }) => `${name} ${folder.href}`).sort();
  expect(sorted(migrationSets())).toEqual(sorted(serverSets()));
  const order = (sets: readonly { name: string }[]) => sets.map(({ name }) => name).slice(0, 3);
  expect(order(migrationSets())).toEqual(order(serverSets()));
});

test('every table of tenants says when a row was made and changed, and a trigger keeps the latter', async () => {
  expect(tables.length).toBeGreaterThan(10);
  const kept = await names(
    `select c.oid::regclass::text as name from pg_class c
     where c.oid = any ($1::regclass[])
       and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('created_at', 'updated_at')
              and a.attnotnull and a.atttypid = 'timestamptz'::regtype and a.atthasdef) = 2
       and exists (select from pg_trigger t where t.tgrelid = c.oid
              and t.tgfoid = 'platform.touch_updated_at()'::regprocedure)`,
  );
  expect([...kept].sort()).toEqual([...tables].sort());
});

test('times carry their zone, and no value is longer than its column says in silence', async () => {
  expect(
    await names(
      `select a.attrelid::regclass || '.' || a.attname as name from pg_attribute a
       where a.attrelid = any ($1::regclass[]) and a.attnum > 0 and not a.attisdropped
         and a.atttypid in ('timestamp'::regtype, 'timetz'::regtype, 'money'::regtype, 'bpchar'::regtype)`,
    ),
  ).toEqual([]);
});

test('every foreign key can be followed backwards by an index, so that deleting a tenant does not scan', async () => {
  expect(
    await names(
      `select f.conrelid::regclass || ' ' || f.conname as name from pg_constraint f
       where f.contype = 'f' and f.conrelid = any ($1::regclass[]) and not exists (
         select from pg_index i where i.indrelid = f.conrelid and i.indisvalid
           and (i.indkey::int2[])[0:array_length(f.conkey, 1) - 1] @> f.conkey
           and f.conkey @> (i.indkey::int2[])[0:array_length(f.conkey, 1) - 1])`,
    ),
  ).toEqual([]);
});
