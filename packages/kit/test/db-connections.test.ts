import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertItem, listItems, openShop, type Shop, scopeOf } from './shop.ts';

let shop: Shop;
let tenant = '';

beforeAll(async () => {
  shop = await openShop();
  tenant = await shop.createTenant();
});
afterAll(() => shop.end());

let amount = 0;
const item = (name: string) => {
  amount += 1;
  return insertItem({ tenantId: tenant, id: randomUUID(), name: `${name} ${amount}`, amount });
};

for (const connectionsMax of [2, 4, 16]) {
  test(`transactions that ask for statements beside them never hold all of ${connectionsMax} connections`, async () => {
    const database = shop.open({ connectionsMax, acquireTimeoutMs: 5_000 });
    const seen = await Promise.all(
      Array.from({ length: connectionsMax * 3 }, () =>
        database.transaction(scopeOf(tenant), async (tx) => {
          await tx.run(item('own'));
          // A change does not share its round trip: it takes a connection.
          await database.query(scopeOf(tenant), item('beside'));
          return (await database.query(scopeOf(tenant), listItems())).length;
        }),
      ),
    );
    expect(seen).toHaveLength(connectionsMax * 3);
    expect(database.stats()).toMatchObject({ waiting: 0 });
  });
}

test('a transaction inside of another is refused, and leaves nothing of either', async () => {
  const database = shop.open();
  const before = (await database.query(scopeOf(tenant), listItems())).length;
  const nested = database.transaction(scopeOf(tenant), async (tx) => {
    await tx.run(item('outer'));
    await database.transaction(scopeOf(tenant), (inner) => inner.run(item('inner')));
  });
  await expect(nested).rejects.toThrow('a transaction inside of a transaction');
  const late = database.transaction(scopeOf(tenant), async (tx) => {
    await tx.run(item('outer'));
    tx.beforeCommit(() => database.transaction(scopeOf(tenant), async () => undefined));
  });
  await expect(late).rejects.toThrow('a transaction inside of a transaction');
  expect(await database.query(scopeOf(tenant), listItems())).toHaveLength(before);
});

test('what a transaction began and did not wait for may open its own, once it has ended', async () => {
  const database = shop.open();
  const ended = Promise.withResolvers<void>();
  const begun = await database.transaction(scopeOf(tenant), async () => ({
    later: ended.promise.then(() => database.transaction(scopeOf(tenant), (tx) => tx.run(item('later')))),
  }));
  ended.resolve();
  await expect(begun.later).resolves.toBeDefined();
});

test('a transaction that must wait too long is answered 503; one whose caller has gone is not begun', async () => {
  // Longer than a busy machine takes to make a connection.
  const database = shop.open({ connectionsMax: 2, acquireTimeoutMs: 2_000 });
  const held = Promise.withResolvers<void>();
  const holder = database.transaction(scopeOf(tenant), () => held.promise);
  const controller = new AbortController();
  const leaver = database.transaction(scopeOf(tenant), async () => 'begun', controller.signal);
  expect(database.stats()).toMatchObject({ waiting: 1 });
  controller.abort(new Error('gone'));
  await expect(leaver).rejects.toThrow('gone');
  await expect(database.transaction(scopeOf(tenant), async () => 'begun')).rejects.toMatchObject({
    status: 503,
    retryAfterMs: expect.any(Number),
  });
  held.resolve();
  await holder;
  expect(await database.transaction(scopeOf(tenant), async () => 'begun')).toBe('begun');
});
