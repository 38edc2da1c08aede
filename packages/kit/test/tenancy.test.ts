import { testPostgres } from '@candlefish/testkit/postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { proveTenancy } from '../tenancy/index.ts';
import { openShop, type Shop } from './shop.ts';

const ISOLATION = "tenant_id = (select nullif(current_setting('app.tenant_id', true), ''))::uuid";

const MEMBERSHIPS = 'select roleid, member, admin_option from pg_auth_members order by 1, 2';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => {
  await shop.end();
});

const problemsOf = async (): Promise<readonly string[]> =>
  (await proveTenancy(shop)).findings.map(({ subject, problem }) => `${subject} ${problem}`);

test('every table of the platform is closed to other tenants', async () => {
  const database = await testPostgres().createDatabase();
  try {
    const proof = await proveTenancy(database);
    expect(proof.findings).toEqual([]);
    expect(proof.tables).toContain('auth.users');
    expect(proof.tables.length).toBeGreaterThan(10);
    expect(proof.checks).toBeGreaterThan(200);
    // Each table without a tenant is a decision: a new one is added here by hand, with its reason in its comment.
    expect(proof.exempt.map(({ table }) => table)).toEqual([
      'auth.signing_keys',
      'platform.migrations',
      'platform.revocations',
    ]);
  } finally {
    await database.drop();
  }
});

test('a proof leaves nothing behind and holds beside live rows', async () => {
  const before = await shop.query(MEMBERSHIPS);
  const tenant = await shop.createTenant();
  await shop.query("insert into shop.items (tenant_id, id, name) values ($1, gen_random_uuid(), 'kept')", [tenant]);
  expect(await problemsOf()).toEqual([]);
  expect(await shop.query('select count(*)::int as n from shop.items')).toEqual([{ n: 1 }]);
  expect(await shop.query('select count(*)::int as n from auth.tenants')).toEqual([{ n: 1 }]);
  expect(await shop.query(MEMBERSHIPS)).toEqual(before);
});

describe('finds a table', () => {
  test.each([
    ['with row-level security off', 'alter table shop.items disable row level security', 'has row-level security off'],
    [
      'that does not force it',
      'alter table shop.items no force row level security',
      'does not force row-level security',
    ],
    ['without a policy', 'drop policy tenant_isolation on shop.items', 'has no policy that compares its tenant'],
    [
      'whose policy does not hold for writes',
      `drop policy tenant_isolation on shop.items;
       create policy p on shop.items using (${ISOLATION}) with check (true)`,
      'has no policy that compares its tenant',
    ],
    [
      'whose policy compares something else',
      `drop policy tenant_isolation on shop.items;
       create policy p on shop.items using (tenant_id = tenant_id) with check (tenant_id = tenant_id)`,
      'has no policy that compares its tenant',
    ],
    [
      'with a second, wider policy',
      'create policy wide on shop.items for select using (true)',
      'has a policy wide that opens more than its own tenant',
    ],
    [
      'with a policy for another role',
      'create policy other on shop.items for select to pg_monitor using (true)',
      'has a policy other for pg_monitor',
    ],
    [
      'without an index on its tenant',
      'alter table shop.items drop constraint items_pkey, drop constraint items_name_unique, drop constraint items_amount_deferred',
      'has no index that begins with tenant_id',
    ],
    [
      'without a foreign key to tenants',
      'alter table shop.items drop constraint items_tenant_id_fkey',
      'has no foreign key to auth.tenants',
    ],
    ['that can be truncated', 'grant truncate on shop.items to candlefish_app', 'lets the application truncate'],
    [
      'that says nothing about tenants',
      'create table shop.loose (id integer); grant select on shop.loose to candlefish_app',
      'shop.loose is a table without tenant_id',
    ],
    [
      'with an empty excuse',
      `create table shop.loose (id integer); grant select on shop.loose to candlefish_app;
       comment on table shop.loose is 'tenancy: none, because'`,
      'shop.loose is a table without tenant_id',
    ],
    [
      'behind a view that reads as its owner',
      'create view shop.all_items as select * from shop.items; grant select on shop.all_items to candlefish_app',
      'shop.all_items is a view that reads with the rights of its owner',
    ],
    [
      'behind a materialised view',
      'create materialized view shop.kept as select * from shop.items; grant select on shop.kept to candlefish_app',
      'shop.kept is a materialised view, which row-level security cannot guard',
    ],
  ])('%s', async (_, defect, problem) => {
    await shop.query(defect);
    expect((await problemsOf()).join('\n')).toContain(problem);
  });
});

describe('finds by trial', () => {
  test('what an open table lets happen', async () => {
    await shop.query('alter table shop.items disable row level security');
    const problems = await problemsOf();
    for (const what of ['be read', 'be changed', 'be deleted', 'be planted', 'be locked']) {
      expect(problems).toContain(`shop.items lets rows ${what} as another tenant`);
      expect(problems).toContain(`shop.items lets rows ${what} as no tenant`);
    }
    expect(problems).toContain('shop.items lets rows be moved to another tenant');
  });

  test('a table that it cannot make a row for, rather than passing it', async () => {
    await shop.query("alter table shop.items add constraint odd check (name = reverse('drowssap'))");
    expect((await problemsOf()).join('\n')).toContain('shop.items could not be tried, no row could be made');
  });

  test('rows that show on a connection without a tenant', async () => {
    const tenant = await shop.createTenant();
    await shop.query("insert into shop.items (tenant_id, id, name) values ($1, gen_random_uuid(), 'seen')", [tenant]);
    await shop.query(`create policy unset on shop.items for select
      using (current_setting('app.tenant_id', true) is null)`);
    expect(await problemsOf()).toContain('shop.items shows rows on a connection without a tenant');
  });
});

describe('finds a function', () => {
  test.each([
    ["set search_path = ''", 'may be called by everyone'],
    ['', 'without a pinned search path'],
    ['set search_path = shop', 'without a pinned search path'],
  ])('that runs as its owner: "%s"', async (setting, problem) => {
    await shop.query(
      `create function shop.peek() returns bigint language sql security definer ${setting}
       as 'select count(*) from shop.items'`,
    );
    const problems = await problemsOf();
    expect(problems.filter((found) => found.startsWith('shop.peek()')).join('\n')).toContain(problem);
    expect(problems.join('\n')).toContain('shop.peek() runs as postgres, which bypasses row-level security');
  });
});

describe('finds the application', () => {
  test.each([
    ['may create objects', 'grant create on schema shop to candlefish_app', 'may create in schema shop'],
    ['owns a table', 'create table shop.own (); alter table shop.own owner to candlefish_app', 'owns table shop.own'],
  ])('%s', async (_, defect, problem) => {
    await shop.query(defect);
    expect(await problemsOf()).toContain(`candlefish_app ${problem}`);
  });

  test('signing in as somebody else', async () => {
    const proof = await proveTenancy({ ownerUrl: shop.ownerUrl, appUrl: shop.superuserUrl });
    expect(proof.findings).toEqual([{ subject: 'postgres', problem: 'signs in where candlefish_app should' }]);
  });
});

test('a database without tenants proves nothing, and says so', async () => {
  const database = await testPostgres().createDatabase('empty');
  try {
    const { findings } = await proveTenancy(database);
    expect(findings).toEqual([{ subject: 'database', problem: 'has no table of tenants: nothing was proven' }]);
  } finally {
    await database.drop();
  }
});
