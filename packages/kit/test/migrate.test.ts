import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TestDatabase, testPostgres } from '@candlefish/testkit/postgres';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MigrationError, type MigrationSet, migrate } from '../migrate/index.ts';

let database: TestDatabase;
let folder = '';
let shop: MigrationSet;

beforeEach(async () => {
  database = await testPostgres().createDatabase('empty');
  folder = await mkdtemp(path.join(tmpdir(), 'migrate-test-'));
  shop = { name: 'shop', folder: pathToFileURL(folder) };
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const put = (file: string, text: string): Promise<void> => writeFile(path.join(folder, file), text);
const run = (options?: Parameters<typeof migrate>[2]) => migrate(database.ownerUrl, [shop], options);

async function query(sql: string): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return (error as MigrationError).message;
}

test('files run once, in order, each noted in the ledger', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop;\ncreate table shop.items (id integer);');
  await put('0002-fill.sql', '-- phase: backfill\ninsert into shop.items values (1);');
  await put('schema.sql', 'not a migration');
  const lines: string[] = [];
  expect(await run({ log: (line) => lines.push(line) })).toMatchObject([
    { set: 'shop', file: '0001-schema.sql', phase: 'expand' },
    { set: 'shop', file: '0002-fill.sql', phase: 'backfill' },
  ]);
  expect(lines).toHaveLength(2);
  expect(await run()).toEqual([]);
  expect(await query('select id from shop.items')).toEqual([{ id: 1 }]);
  expect(await query('select "set", file, phase, length(sha256) as hash from platform.migrations order by 2')).toEqual([
    { set: 'shop', file: '0001-schema.sql', phase: 'expand', hash: 64 },
    { set: 'shop', file: '0002-fill.sql', phase: 'backfill', hash: 64 },
  ]);
});

test('nodes that start at once apply each file once', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop; create table shop.items (id integer);');
  await put('0002-fill.sql', '-- phase: expand\ninsert into shop.items select 1 from pg_sleep(0.1);');
  const applied = await Promise.all([run(), run(), run(), run()]);
  expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, 0, 2]);
  expect(await query('select id from shop.items')).toEqual([{ id: 1 }]);
});

test('a failing file is named with its line and leaves nothing behind, the ones before it stay', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop;');
  await put(
    '0002-bad.sql',
    '-- phase: expand\ncreate table shop.items (id integer);\n\nselect nothing\nfrom shop.nowhere;',
  );
  expect(await failureOf(run())).toMatch(/^shop\/0002-bad\.sql:5: relation "shop.nowhere" does not exist/);
  expect(await query("select to_regclass('shop.items') as items")).toEqual([{ items: null }]);
  expect(await query('select file from platform.migrations')).toEqual([{ file: '0001-schema.sql' }]);
});

test('a file that was changed after it was applied stops everything', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop;');
  await run();
  await put('0001-schema.sql', '-- phase: expand\r\ncreate schema shop;');
  expect(await run()).toEqual([]); // line ends are not a change
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop; ');
  expect(await failureOf(run())).toBe('shop/0001-schema.sql: was changed after it had been applied');
});

test('a file that slipped in before an applied one is refused', async () => {
  await put('0002-schema.sql', '-- phase: expand\ncreate schema shop;');
  await run();
  await put('0001-late.sql', '-- phase: expand\nselect 1;');
  expect(await failureOf(run())).toContain('0001-late.sql: is new, but 0002-schema.sql has been applied');
});

test('the previous release starts on a schema that a newer one has migrated', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop;');
  await put('0002-newer.sql', '-- phase: expand\ncreate table shop.items (id integer);');
  await run();
  await rm(path.join(folder, '0002-newer.sql'));
  expect(await run()).toEqual([]);
});

test('a phase that is left out waits, and nothing of its set overtakes it', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop;');
  await put('0002-drop.sql', '-- phase: contract\nselect 1;');
  expect(await run({ phases: ['expand', 'backfill'] })).toHaveLength(1);
  await put('0003-more.sql', '-- phase: expand\nselect 1;');
  expect(await failureOf(run({ phases: ['expand'] }))).toContain(
    '0003-more.sql: is expand and comes after 0002-drop.sql',
  );
  expect(await run()).toHaveLength(2);
});

test.each([
  ['1-short.sql', '-- phase: expand', 'is not named like'],
  ['0001-untagged.sql', 'select 1;', ':1: must begin with'],
  ['0001-phase.sql', '-- phase: later\n', ':1: must begin with'],
  ['0001-tag.sql', '-- phase: expand\n-- transaction: maybe\nselect 1;', '"-- transaction: maybe" is unknown'],
])('%s is refused before anything runs', async (file, text, message) => {
  await put(file, text);
  expect(await failureOf(run())).toContain(message);
});

test('two files with one number and two sets with one name are refused', async () => {
  await put('0001-a.sql', '-- phase: expand\n');
  await put('0001-b.sql', '-- phase: expand\n');
  expect(await failureOf(run())).toContain('has the number of 0001-a.sql');
  await rm(path.join(folder, '0001-b.sql'));
  expect(await failureOf(migrate(database.ownerUrl, [shop, shop]))).toContain('two migration sets are called shop');
});

test('a file may neither end its transaction nor move the search path', async () => {
  await put('0001-commit.sql', '-- phase: expand\nselect 1; commit; create schema leaked;');
  expect(await failureOf(run())).toContain('ends its own transaction');
  await rm(path.join(folder, '0001-commit.sql'));
  await put('0001-path.sql', '-- phase: expand\nset search_path = public;');
  expect(await failureOf(run())).toContain('sets the search path');
  await put('0001-path.sql', '-- phase: expand\ncreate table unqualified (id integer);');
  expect(await failureOf(run())).toContain('no schema has been selected');
});

test('an index is built concurrently while other nodes wait for their turn', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop; create table shop.items (id integer);');
  await put(
    '0002-index.sql',
    '-- phase: expand\n-- transaction: off\ncreate index concurrently if not exists items_by_id on shop.items (id);\n',
  );
  const applied = await Promise.all([run(), run(), run()]);
  expect(applied.flat()).toHaveLength(2);
  expect(await query("select indisvalid from pg_index where indexrelid = 'shop.items_by_id'::regclass")).toEqual([
    { indisvalid: true },
  ]);
});

test('a file outside a transaction holds one statement, and a half-built index is not taken for a whole one', async () => {
  await put('0001-two.sql', '-- phase: expand\n-- transaction: off\nselect 1; select 2;');
  expect(await failureOf(run())).toContain('cannot insert multiple commands');
  await rm(path.join(folder, '0001-two.sql'));
  await put(
    '0001-schema.sql',
    '-- phase: expand\ncreate schema shop; create table shop.items (id integer); insert into shop.items values (1), (1);',
  );
  await put(
    '0002-index.sql',
    '-- phase: expand\n-- transaction: off\ncreate unique index concurrently if not exists u on shop.items (id);',
  );
  expect(await failureOf(run())).toContain('could not create unique index');
  expect(await failureOf(run())).toContain('shop.u was left half built');
});

test('a table in use is waited for in short turns', async () => {
  await put('0001-schema.sql', '-- phase: expand\ncreate schema shop; create table shop.items (id integer);');
  await run();
  await put('0002-column.sql', '-- phase: expand\nalter table shop.items add column name text;');
  const holder = new pg.Client({ connectionString: database.ownerUrl });
  await holder.connect();
  await holder.query('begin; lock table shop.items');
  const lines: string[] = [];
  const migrated = run({
    log: (line) => {
      lines.push(line);
      if (line.includes('in use')) void holder.end();
    },
  });
  expect(await migrated).toHaveLength(1);
  expect(lines[0]).toContain('a table is in use, trying again');
});

test('an abort ends the statement that runs and undoes its file', async () => {
  await put('0001-slow.sql', '-- phase: expand\ncreate schema shop; select pg_sleep(30);');
  const controller = new AbortController();
  const migrated = run({ signal: controller.signal });
  await expect
    .poll(() =>
      query("select 1 as busy from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()"),
    )
    .toHaveLength(1);
  controller.abort();
  expect(await failureOf(migrated)).toContain('canceling statement due to user request');
  expect(await query("select to_regnamespace('shop') as shop")).toEqual([{ shop: null }]);
});

test('a set that does not exist names its folder', async () => {
  await mkdir(path.join(folder, 'there'));
  const missing = { name: 'missing', folder: pathToFileURL(path.join(folder, 'missing')) };
  await expect(migrate(database.ownerUrl, [missing])).rejects.toThrow(/missing/);
});
