import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database, Transaction } from '../db/index.ts';
import { insertItem, listItems, openShop, readScope, type Shop, scopeOf, select } from './shop.ts';

let shop: Shop;
let database: Database;
let tenants: readonly string[] = [];

beforeAll(async () => {
  shop = await openShop();
  database = shop.open();
});
afterAll(() => shop.end());
beforeEach(async () => {
  tenants = [await shop.createTenant(), await shop.createTenant(), await shop.createTenant()];
});
/** Whatever a test did, no connection is left out and the next user of each finds it clean. */
afterEach(async () => {
  const { total, idle, waiting } = database.stats();
  expect({ idle, waiting }).toEqual({ idle: total, waiting: 0 });
  for (let use = 0; use < total; use += 1) {
    expect(await database.query(scopeOf(null), readScope())).toMatchObject([{ tenant: '' }]);
  }
});

const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const tenant = (index: number): string => tenants[index] ?? '';
const names = async (id: string): Promise<readonly string[]> =>
  (await database.query(scopeOf(id), listItems())).map((row) => (row as { name: string }).name);

/** Inserts an item; its row tells the transaction and the scope it was written in. */
const insertion = (id: string, name: string, amount: number) =>
  select(`
    insert into shop.items (tenant_id, id, name, amount) values ('${id}', '${randomUUID()}', '${name}', ${amount})
    returning pg_current_xact_id()::text as transaction, current_setting('app.tenant_id') as scope`);

interface Inserted {
  readonly transaction: string;
  readonly scope: string;
}

/** A unit that inserts an item, and another one that follows. */
function twoItems(id: string, name: string, amount: number, signal?: AbortSignal): Promise<Inserted> {
  const follow = (tx: Transaction, rows: readonly object[]): Inserted => {
    tx.write(insertItem({ tenantId: id, id: randomUUID(), name: `${name} follows`, amount: amount + 1 }));
    return rows[0] as Inserted;
  };
  return database.groupTransaction(scopeOf(id), insertion(id, name, amount), follow, signal);
}

test('units of one turn are committed together, each in the scope of its own tenant', async () => {
  const units = [0, 1, 2, 0, 1, 2].map((index, n) => twoItems(tenant(index), `item ${n}`, n * 2));
  const inserted = await Promise.all(units);
  expect(new Set(inserted.map(({ transaction }) => transaction)).size).toBe(1);
  expect(inserted.map(({ scope }) => scope)).toEqual([0, 1, 2, 0, 1, 2].map(tenant));
  for (const [index, id] of tenants.entries()) {
    const own = [`item ${index}`, `item ${index + 3}`];
    expect(await names(id)).toEqual(own.flatMap((name) => [name, `${name} follows`]));
  }
});

test('what belongs to COMMIT runs in the scope of its unit, after all units', async () => {
  const seen: string[] = [];
  const unit = (id: string, name: string) =>
    database.groupTransaction(scopeOf(id), insertion(id, name, 1), (tx) => {
      seen.push(`${name} follows`);
      tx.beforeCommit(async () => {
        seen.push(`${name} ends`);
        tx.write(insertItem({ tenantId: id, id: randomUUID(), name: `${name} ends`, amount: 2 }));
      });
      tx.afterCommit(() => seen.push(`${name} is committed`));
    });
  const [first, second] = [...tenants].sort();
  await Promise.all([unit(second ?? '', 'b'), unit(first ?? '', 'a')]);
  const steps = ['follows', 'ends', 'is committed'];
  expect(seen).toEqual(steps.flatMap((step) => ['a', 'b'].map((name) => `${name} ${step}`)));
  expect(await names(first ?? '')).toEqual(['a', 'a ends']);
  expect(await names(second ?? '')).toEqual(['b', 'b ends']);
});

test('a unit cannot write into the tenant of its neighbour', async () => {
  const intruder = database.groupTransaction(scopeOf(tenant(0)), insertion(tenant(1), 'planted', 1), () => 'planted');
  const [refused] = await Promise.all([outcomeOf(intruder), twoItems(tenant(1), 'own', 2)]);
  expect(refused).toMatchObject({ code: '42501' });
  expect(await names(tenant(1))).toEqual(['own', 'own follows']);
});

test.each([
  ['its first statement', '', 1],
  ['what follows', 'fine', -1],
])('a unit that fails by %s is the only one to fail', async (_, name, amount) => {
  const failing = database.groupTransaction(scopeOf(tenant(0)), insertion(tenant(0), name, 1), (tx) => {
    tx.write(select(`update shop.items set amount = ${amount} / (${amount} + 1)`));
  });
  const all = [twoItems(tenant(0), 'before', 2), failing, twoItems(tenant(1), 'behind', 2)].map(outcomeOf);
  const [before, failure, behind] = await Promise.all(all);
  expect(failure).toMatchObject({ code: name === '' ? '23514' : '22012' });
  expect((before as Inserted).transaction).not.toBe((behind as Inserted).transaction);
  expect(await names(tenant(0))).toEqual(['before', 'before follows']);
  expect(await names(tenant(1))).toEqual(['behind', 'behind follows']);
});

test('a unit that changes its mind leaves nothing, and its neighbours stand', async () => {
  const stop = new Error('changed my mind');
  let calls = 0;
  const quitter = database.groupTransaction(scopeOf(tenant(0)), insertion(tenant(0), 'undone', 1), () => {
    calls += 1;
    throw stop;
  });
  const [quit] = await Promise.all([outcomeOf(quitter), twoItems(tenant(0), 'kept', 2)]);
  expect(quit).toBe(stop);
  expect(calls).toBe(2);
  expect(await names(tenant(0))).toEqual(['kept', 'kept follows']);
});

test('a failure found at COMMIT goes to the unit whose it is', async () => {
  // Both leave an amount of 1, which is refused at COMMIT to whoever comes second.
  const rivals = [twoItems(tenant(0), 'one', 0), twoItems(tenant(0), 'other', 1)].map(outcomeOf);
  const [outcomes] = await Promise.all([Promise.all(rivals), twoItems(tenant(1), 'neighbour', 0)]);
  expect(outcomes.filter((outcome) => outcome instanceof Error)).toMatchObject([
    { constraint: 'items_amount_deferred' },
  ]);
  expect(await names(tenant(0))).toHaveLength(2);
  expect(await names(tenant(1))).toEqual(['neighbour', 'neighbour follows']);
});

test('nobody waits for the lock that a neighbour waits for', async () => {
  await twoItems(tenant(0), 'locked', 1);
  const held = Promise.withResolvers<void>();
  const isLocked = Promise.withResolvers<void>();
  const holder = database.transaction(scopeOf(tenant(0)), async (tx) => {
    await tx.run(select('select from shop.items for update'));
    isLocked.resolve();
    await held.promise;
  });
  await isLocked.promise;
  let isDone = false;
  const update = select("update shop.items set amount = amount + 5 where name = 'locked' returning name");
  const waiting = database
    .groupTransaction(scopeOf(tenant(0)), update, () => undefined)
    .finally(() => {
      isDone = true;
    });
  const askedAt = performance.now();
  await Promise.all([twoItems(tenant(1), 'quick', 1), twoItems(tenant(2), 'quick', 1)]);
  expect(isDone).toBe(false);
  // Far less than the limit of a statement, 10 s.
  expect(performance.now() - askedAt).toBeLessThan(3_000);
  await twoItems(tenant(1), 'later', 5);
  expect(isDone).toBe(false);
  held.resolve();
  await Promise.all([waiting, holder]);
});

test('a group whose connection is lost is not repeated', async () => {
  let calls = 0;
  const unit = (id: string) =>
    database.groupTransaction(scopeOf(id), insertion(id, 'lost', 1), (tx) => {
      calls += 1;
      tx.write(select('select pg_terminate_backend(pg_backend_pid())'));
    });
  const failures = await Promise.all([unit(tenant(0)), unit(tenant(1))].map(outcomeOf));
  for (const failure of failures) expect(failure).toMatchObject({ status: 503 });
  expect(calls).toBe(2);
  expect(await names(tenant(0))).toEqual([]);
});

test('a unit whose caller has gone is not begun; a lone one is undone', async () => {
  const leaver = new AbortController();
  const [gone] = [twoItems(tenant(0), 'gone', 1, leaver.signal)].map(outcomeOf);
  const stayed = Promise.all([twoItems(tenant(0), 'stayed', 3), twoItems(tenant(1), 'stayed', 1)]);
  leaver.abort(new Error('gone'));
  expect(await gone).toMatchObject({ message: 'gone' });
  await stayed;
  await expect(twoItems(tenant(0), 'late', 9, leaver.signal)).rejects.toThrow('gone');

  const lone = new AbortController();
  const nap = select('select from pg_catalog.pg_sleep(5)');
  const napping = outcomeOf(database.groupTransaction(scopeOf(tenant(0)), nap, () => undefined, lone.signal));
  setTimeout(() => lone.abort(new Error('gone as well')), 100);
  expect(await napping).toMatchObject({ message: 'gone as well' });
  expect(await names(tenant(0))).toEqual(['stayed', 'stayed follows']);
});

test('inside of a transaction it is refused', async () => {
  await expect(
    database.transaction(scopeOf(tenant(0)), async () => {
      await twoItems(tenant(0), 'inner', 1);
    }),
  ).rejects.toThrow('a transaction inside of a transaction');
});

test('many at once are all committed, in few transactions; more than can wait are turned away', async () => {
  const units = Array.from({ length: 1_001 }, (_, n) => outcomeOf(twoItems(tenant(n % 3), `item ${n}`, n * 2)));
  const outcomes = await Promise.all(units);
  expect(outcomes.pop()).toMatchObject({ status: 503, retryAfterMs: expect.any(Number) });
  const transactions = new Set(outcomes.map((outcome) => (outcome as Inserted).transaction));
  expect(transactions.size).toBe(Math.ceil(1_000 / 16));
  const written = await Promise.all(tenants.map(async (id) => (await names(id)).length));
  expect(written.reduce((sum, count) => sum + count)).toBe(2_000);
});
