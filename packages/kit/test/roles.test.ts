import { randomBytes } from 'node:crypto';
import {
  type PostgresServer,
  startPostgresServer,
  type TestDatabase,
  testPostgres,
} from '@candlefish/testkit/postgres';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate, platformBase, prepareDatabase, prepareRoles } from '../migrate/index.ts';
import { scramVerifier } from '../migrate/scram.ts';

/** A server of its own: roles belong to the whole server. */
let server: PostgresServer;
let ownerUrl = '';
let count = 0;

beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  count += 1;
  ownerUrl = await newDatabase(`db${count}`);
});
afterEach(async () => {
  await asSuperuser(`drop database if exists db${count} with (force)`);
  await asSuperuser('drop database if exists second with (force)');
  for (const role of ['candlefish_app', 'candlefish_lookup']) {
    await asSuperuser(`drop owned by ${role}`).catch(() => undefined);
    await asSuperuser(`drop role if exists ${role}`);
  }
});

const newDatabase = async (database: string): Promise<string> =>
  (await prepareDatabase(server.superuserUrl, { database, owner: 'test_owner', ownerPassword: 'p/a?s%s:w@rd' }))
    .ownerUrl;

async function queryAt(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}
const asSuperuser = (sql: string) => queryAt(server.superuserUrl, sql);

test('the application signs in, with limits, and can do nothing of its own', async () => {
  const { appUrl } = await prepareRoles(ownerUrl, { appPassword: 'first' });
  await migrate(ownerUrl, [platformBase]);
  expect(
    await queryAt(
      appUrl,
      `select current_user as "user", current_setting('statement_timeout') as statement,
         current_setting('idle_in_transaction_session_timeout') as idle`,
    ),
  ).toEqual([{ user: 'candlefish_app', statement: '15s', idle: '30s' }]);
  for (const forbidden of [
    'create table public.t ()',
    'create schema s',
    'set role candlefish_lookup',
    'set role test_owner',
    'set session authorization postgres',
    'create role other',
    'alter role candlefish_app bypassrls',
    'alter system set fsync = off',
    "copy (select 1) to program 'true'",
    "select pg_read_file('postgresql.conf')",
    'select * from platform.migrations',
    "call platform.give_to_lookup('platform.touch_updated_at()')",
  ]) {
    await expect(queryAt(appUrl, forbidden), forbidden).rejects.toThrow(/permission denied|must be|only roles/);
  }
});

test('the password may change, and the old one ends', async () => {
  await prepareRoles(ownerUrl, { appPassword: 'first' });
  const { appUrl } = await prepareRoles(ownerUrl, { appPassword: 'second' });
  expect(await queryAt(appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  const old = new URL(appUrl);
  old.password = 'first';
  await expect(queryAt(old.href, 'select 1')).rejects.toThrow('password authentication failed');
  await expect(prepareRoles(ownerUrl, { appPassword: 'ü' })).rejects.toThrow('must be printable ASCII');
});

test('a verifier made here is the one the server would make', async () => {
  await asSuperuser("create role probe password 'p'");
  const [probe] = await asSuperuser("select rolpassword as verifier from pg_authid where rolname = 'probe'");
  const verifier = String(probe?.['verifier']);
  const salt = Buffer.from(/:([^$]+)\$/.exec(verifier)?.[1] ?? '', 'base64');
  expect(scramVerifier('p', salt)).toBe(verifier);
  await asSuperuser('drop role probe');
});

test('many nodes and two databases of one server may prepare at once', async () => {
  const second = await newDatabase('second');
  const urls = [ownerUrl, second, ownerUrl, second, ownerUrl, second];
  const prepared = await Promise.all(urls.map((url) => prepareRoles(url, { appPassword: 'shared' })));
  for (const { appUrl } of prepared) expect(await queryAt(appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a superuser may prepare too', async () => {
  const url = new URL(server.superuserUrl);
  url.pathname = `/db${count}`;
  const { appUrl } = await prepareRoles(url.href, { appPassword: randomBytes(8).toString('hex') });
  expect(await queryAt(appUrl, 'select current_user as "user"')).toEqual([{ user: 'candlefish_app' }]);
});

test.each([
  ['alter role candlefish_app superuser', 'is a superuser'],
  ['alter role candlefish_app bypassrls', 'bypasses row-level security'],
  ['alter role candlefish_app createrole', 'may create roles'],
  ['grant candlefish_lookup to candlefish_app', 'is a member of candlefish_lookup'],
  ['grant pg_read_all_data to candlefish_app', 'is a member of pg_read_all_data'],
])('an application role after "%s" is refused', async (defect, problem) => {
  await prepareRoles(ownerUrl, { appPassword: 'first' });
  await asSuperuser(defect);
  await expect(prepareRoles(ownerUrl, { appPassword: 'first' })).rejects.toThrow(problem);
});

test('an owner without CREATEROLE is told what an administrator has to run', async () => {
  await asSuperuser('alter role test_owner nocreaterole');
  try {
    await expect(prepareRoles(ownerUrl, { appPassword: 'secret' })).rejects.toThrow(
      "let an administrator run: create role candlefish_app login noinherit password '…'",
    );
  } finally {
    await asSuperuser('alter role test_owner createrole');
  }
});

test('preparing again changes nothing', async () => {
  await prepareRoles(ownerUrl, { appPassword: 'first' });
  const state = "select xmin::text, oid::text from pg_authid where rolname like 'candlefish%' order by 2";
  const before = await asSuperuser(state);
  await prepareRoles(ownerUrl, { appPassword: 'first' });
  expect(await asSuperuser(state)).toEqual(before);
});

test('each database of a run is its own and quick to make', async () => {
  const made: TestDatabase[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < 5; n += 1) made.push(await testPostgres().createDatabase());
  const eachMs = (performance.now() - startedAt) / 5;
  expect(new Set(made.map(({ name }) => name)).size).toBe(5);
  console.log(`a database from the template: ${eachMs.toFixed(0)} ms`);
  for (const database of made) await database.drop();
});
