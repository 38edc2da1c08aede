import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../db/index.ts';
import { violates } from '../db/index.ts';
import { statementsOf } from '../db/statement.ts';
import { insertItem, listItems, openShop, readAmount, readScope, type Shop, scopeOf, select } from './shop.ts';

let shop: Shop;
let tenant = '';

beforeAll(async () => {
  shop = await openShop();
});
afterAll(async () => {
  await shop.end();
});
beforeEach(async () => {
  tenant = await shop.createTenant();
});

const item = (tenantId: string, name: string, amount = 0) => insertItem({ tenantId, id: randomUUID(), name, amount });

describe.each([
  ['named statements', true],
  ['unnamed statements', false],
])('one statement, %s', (_, prepared) => {
  let database: Database;
  beforeAll(() => {
    database = shop.open({ prepared, connectionsMax: 2 });
  });

  test('sees the rows of its tenant only, and the scope ends with it', async () => {
    const other = await shop.createTenant();
    await database.query(scopeOf(tenant), item(tenant, 'mine'));
    await database.query(scopeOf(other), item(other, 'theirs'));
    expect(await database.query(scopeOf(tenant), listItems())).toMatchObject([{ name: 'mine' }]);
    expect(await database.query(scopeOf(null), listItems())).toEqual([]);
    const [scope] = await database.query(scopeOf(tenant), readScope());
    expect(scope).toMatchObject({ tenant, timeout: '10s' });
    const [empty] = await database.query(scopeOf(null), readScope());
    expect(empty).toMatchObject({ tenant: '' });
  });

  test('cannot write into another tenant', async () => {
    const other = await shop.createTenant();
    await expect(database.query(scopeOf(tenant), item(other, 'planted'))).rejects.toThrow('row-level security');
    await expect(database.query(scopeOf(null), item(other, 'planted'))).rejects.toThrow('row-level security');
    expect(await database.query(scopeOf(other), listItems())).toEqual([]);
  });

  test.each([
    ['at parse', 'select nothing from shop.nowhere'],
    ['at bind', "select 'x'::integer"],
    ['at execute', 'select 1 / (amount - amount) from (values (7)) as v (amount)'],
  ])('that fails %s leaves the connection clean, again and again', async (_when, text) => {
    const one = shop.open({ prepared, connectionsMax: 1 });
    for (let round = 0; round < 3; round += 1) {
      await expect(one.query(scopeOf(tenant), select(text))).rejects.toThrow(/shop.nowhere|invalid input|division/);
      const [after] = await one.query(scopeOf(null), readScope());
      expect(after).toMatchObject({ tenant: '' });
    }
    expect(one.stats()).toMatchObject({ total: 1 });
    expect(await one.query(scopeOf(null), select('select count(*) as n from pg_prepared_statements'))).toEqual([
      // The scope, the failing statement if it could be parsed, the one above and this one.
      { n: prepared ? (_when === 'at parse' || _when === 'at bind' ? 3 : 4) : 0 },
    ]);
  });

  test('of 1,000 tenants at once never sees a foreign row', async () => {
    // What waits longest waits for 1,200 others, on a machine that may be busy.
    const wide = shop.open({ prepared, connectionsMax: 8, acquireTimeoutMs: 30_000 });
    const tenants = await shop.query(
      `with t as (insert into auth.tenants select gen_random_uuid() from generate_series(1, 1000) returning id)
       select id from t`,
    );
    await shop.query(
      `insert into shop.items (tenant_id, id, name) select id, gen_random_uuid(), id::text from auth.tenants
       where id = any ($1)`,
      [tenants.map(({ id }) => id)],
    );
    const answers = await Promise.all(
      tenants.map(async ({ id }, index) => {
        // Every fifth fails on the way, so that errors stand between the others on each connection.
        if (index % 5 === 0) await wide.query(scopeOf(String(id)), select('select 1 / 0')).catch(() => undefined);
        const rows = await wide.query(scopeOf(String(id)), listItems());
        return rows.length === 1 && (rows[0] as { tenantId: string }).tenantId === id;
      }),
    );
    expect(answers.filter((isOwn) => isOwn)).toHaveLength(1_000);
  });

  test('gives dates, numbers, bytes, json and arrays as JavaScript has them', async () => {
    const [row] = await database.query(
      scopeOf(null),
      select(`select 7::bigint as big, '2026-11-22T10:00:00Z'::timestamptz as at, '{"a":[1]}'::jsonb as json,
        '\\x00ff'::bytea as bytes, array['a','b'] as words, null as nothing, 1.50::numeric as exact, true as yes`),
    );
    expect(row).toEqual({
      big: 7,
      at: new Date('2026-11-22T10:00:00Z'),
      json: { a: [1] },
      bytes: Buffer.from([0, 255]),
      words: ['a', 'b'],
      nothing: null,
      exact: '1.50',
      yes: true,
    });
  });

  test('takes every kind of value back unchanged', async () => {
    const echo = statementsOf<{
      echo: {
        params: {
          words: readonly (string | null)[];
          bytes: Uint8Array;
          at: Date;
          big: bigint;
          list: readonly Uint8Array[];
        };
        row: object;
      };
    }>('test')('echo', {
      actions: [],
      text: 'select :words::text[] as words, :bytes::bytea as bytes, :at::timestamptz as at, :big::bigint as big, :list::bytea[] as list',
    });
    const values = {
      words: ['a"b', 'c\\d', '', 'null', '{x,y}', 'é\n', null],
      bytes: new Uint8Array([0, 1, 255]).subarray(1),
      at: new Date('2026-01-02T03:04:05.678Z'),
      big: 9_007_199_254_740_991n,
      list: [new Uint8Array([92, 34]), new Uint8Array([])],
    };
    const [row] = await database.query(scopeOf(null), echo(values));
    expect(row).toEqual({
      ...values,
      bytes: Buffer.from([1, 255]),
      big: 9_007_199_254_740_991,
      list: [Buffer.from([92, 34]), Buffer.alloc(0)],
    });
  });

  test('refuses a bigint that a number cannot hold, and goes on', async () => {
    await expect(database.query(scopeOf(null), readAmount({ amount: '9007199254740993' }))).rejects.toThrow(RangeError);
    expect(await database.query(scopeOf(null), readAmount({ amount: '-9007199254740991' }))).toEqual([
      { amount: -9007199254740991 },
    ]);
  });

  test('names the constraint that refused a row, also one that is checked at the end', async () => {
    await database.query(scopeOf(tenant), item(tenant, 'twice', 1));
    const twice = await database.query(scopeOf(tenant), item(tenant, 'twice', 2)).catch((error: unknown) => error);
    expect(violates(twice, 'items_name_unique')).toBe(true);
    expect(violates(twice, 'items_pkey')).toBe(false);
    const deferred = await database.query(scopeOf(tenant), item(tenant, 'late', 1)).catch((error: unknown) => error);
    expect(violates(deferred, 'items_amount_deferred')).toBe(true);
    expect(await database.query(scopeOf(tenant), listItems())).toHaveLength(1);
  });

  test('that copies is refused rather than left waiting', async () => {
    await expect(database.query(scopeOf(null), select('copy shop.items from stdin'))).rejects.toThrow(
      /not a stream|COPY/,
    );
    expect(await database.query(scopeOf(null), readAmount({ amount: '1' }))).toEqual([{ amount: 1 }]);
  });
});

test('a statement that fails on every use leaves one prepared statement, not one per use', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const failing = item(tenant, '');
  for (let round = 0; round < 20; round += 1) {
    await expect(database.query(scopeOf(tenant), failing)).rejects.toThrow('items_name_check');
  }
  const [row] = await database.query(scopeOf(null), select('select count(*) as n from pg_prepared_statements'));
  // The scope of changes, the failing statement, the scope of reads and this one.
  expect(row).toEqual({ n: 4 });
});

test('a named statement survives the change of a column type and the loss of all statements', async () => {
  const database = shop.open({ connectionsMax: 1 });
  await shop.query(
    'create table shop.prices (cents integer); insert into shop.prices values (5); grant select on shop.prices to candlefish_app',
  );
  const read = select('select cents from shop.prices');
  expect(await database.query(scopeOf(null), read)).toEqual([{ cents: 5 }]);
  await shop.query('alter table shop.prices alter cents type text using cents::text');
  expect(await database.query(scopeOf(null), read)).toEqual([{ cents: '5' }]);
  await database.query(scopeOf(null), select('deallocate all'));
  expect(await database.query(scopeOf(null), read)).toEqual([{ cents: '5' }]);
});

test('a missing value is refused before it is sent', () => {
  const cast = insertItem as unknown as (params: object) => unknown;
  expect(() => cast({ tenantId: tenant, id: randomUUID(), nome: 'misspelt', amount: 0 })).toThrow(
    'shop.insertItem: name is missing',
  );
});

test('every statement is reported with its name and whether it failed', async () => {
  const events: unknown[] = [];
  const database = shop.open({ onStatement: ({ name, failed }) => events.push({ name, failed }) });
  await database.query(scopeOf(tenant), listItems());
  await database.query(scopeOf(tenant), item(tenant, '')).catch(() => undefined);
  expect(events).toEqual([
    { name: 'shop.listItems', failed: false },
    { name: 'shop.insertItem', failed: true },
  ]);
});
