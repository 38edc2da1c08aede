import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { statementsOf } from '../db/statement.ts';
import { insertItem, listItems, nap, openShop, readAmount, type Shop, scopeOf, select } from './shop.ts';

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

const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** The transaction that a read ran in. */
const transaction = select('select pg_backend_pid() as pid, now()::text as at');
const adHoc = statementsOf<Record<string, { params: Record<string, never>; row: object }>>('test');
const lookUpBy = (text: string) => adHoc('lookUp', { actions: [], onlyReads: true, text })({});
const amount = (value: number) => readAmount({ amount: String(value) });

test.each([
  ['named statements', true],
  ['unnamed statements', false],
])('reads of one turn share a round trip, each in the scope of its own tenant: %s', async (_, prepared) => {
  const database = shop.open({ prepared, connectionsMax: 4 });
  const tenants = [tenant, await shop.createTenant(), await shop.createTenant()];
  for (const id of tenants) {
    await database.query(scopeOf(id), insertItem({ tenantId: id, id: randomUUID(), name: id, amount: 0 }));
  }
  for (let round = 0; round < 2; round += 1) {
    const [first, second, ...lists] = await Promise.all([
      database.query(scopeOf(tenant), transaction),
      database.query(scopeOf(null), transaction),
      ...tenants.map((id) => database.query(scopeOf(id), listItems())),
      database.query(scopeOf(null), listItems()),
    ]);
    expect(second).toEqual(first);
    expect(lists).toMatchObject([...tenants.map((id) => [{ tenantId: id, name: id }]), []]);
  }
});

test('what may do more than read has a transaction of its own', async () => {
  const database = shop.open({ connectionsMax: 4 });
  const own = select('select now()::text as at, pg_catalog.txid_current()::text as id');
  const [one, other] = await Promise.all([database.query(scopeOf(null), own), database.query(scopeOf(null), own)]);
  expect(one).not.toEqual(other);
});

test('a look-up by a function of ours shares a round trip when it says that it only reads', async () => {
  const writes = `insert into shop.items (tenant_id, id, name) select id, gen_random_uuid(), 'planted' from auth.tenants`;
  await shop.query(`
    create function shop.place() returns text language sql stable as 'select pg_backend_pid() || now()::text';
    create function shop.plant() returns text language sql volatile security definer as $$ ${writes} returning name $$`);
  const database = shop.open({ connectionsMax: 4 });
  const lookUp = lookUpBy('select shop.place() as place');
  const [one, other] = await Promise.all([
    database.query(scopeOf(tenant), lookUp),
    database.query(scopeOf(null), lookUp),
  ]);
  expect(other).toEqual(one);
  const untold = select('select shop.place() as place');
  const alone = await Promise.all([database.query(scopeOf(tenant), untold), database.query(scopeOf(null), untold)]);
  expect(alone[1]).not.toEqual(alone[0]);
  expect(await outcomeOf(database.query(scopeOf(tenant), lookUpBy('select shop.plant() as name')))).toMatchObject({
    code: '25006',
  });
});

test('what looks like a read and writes is refused by the server', async () => {
  await shop.query(
    `create function public.plant() returns integer language sql volatile security definer
     as 'insert into shop.items (tenant_id, id, name) select id, gen_random_uuid(), ''planted'' from auth.tenants; select 1'`,
  );
  const database = shop.open({ connectionsMax: 1 });
  const planting = await outcomeOf(database.query(scopeOf(tenant), select('select plant()')));
  expect(planting).toMatchObject({ code: '25006' });
  expect(await database.query(scopeOf(tenant), listItems())).toEqual([]);
});

test('one that fails is alone in it: those before and behind it are answered', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const asked = Array.from({ length: 40 }, (_, index) =>
    outcomeOf(database.query(scopeOf(tenant), index % 3 === 1 ? select('select 1 / 0 as never') : amount(index))),
  );
  for (const [index, answer] of (await Promise.all(asked)).entries()) {
    if (index % 3 === 1) expect(answer).toMatchObject({ code: '22012' });
    else expect(answer).toEqual([{ amount: index }]);
  }
  expect(database.stats()).toEqual({ total: 1, idle: 1, waiting: 0 });
});

test('one whose rows cannot be read is alone in it too', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const [before, failed, behind] = await Promise.all([
    database.query(scopeOf(null), amount(1)),
    outcomeOf(database.query(scopeOf(null), readAmount({ amount: '9007199254740993' }))),
    database.query(scopeOf(null), amount(2)),
  ]);
  expect(failed).toBeInstanceOf(RangeError);
  expect([before, behind]).toEqual([[{ amount: 1 }], [{ amount: 2 }]]);
});

test('forgotten and outdated statements are parsed again, whoever shares the round', async () => {
  const database = shop.open({ connectionsMax: 1 });
  await shop.query(
    'create table shop.sizes (cm integer); insert into shop.sizes values (7); grant select on shop.sizes to candlefish_app',
  );
  const size = select('select cm from shop.sizes');
  const all = () =>
    Promise.all([amount(1), size, amount(2), size].map((bound) => database.query(scopeOf(tenant), bound)));
  expect(await all()).toEqual([[{ amount: 1 }], [{ cm: 7 }], [{ amount: 2 }], [{ cm: 7 }]]);
  await shop.query('alter table shop.sizes alter cm type text using cm::text');
  expect(await all()).toEqual([[{ amount: 1 }], [{ cm: '7' }], [{ amount: 2 }], [{ cm: '7' }]]);
  await database.query(scopeOf(null), select('deallocate all'));
  expect(await all()).toEqual([[{ amount: 1 }], [{ cm: '7' }], [{ amount: 2 }], [{ cm: '7' }]]);
});

test('a caller who leaves is let go at once, and the others get their rows', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const reason = new Error('gone');
  const controller = new AbortController();
  const before = database.query(scopeOf(tenant), amount(1));
  const slow = database.query(scopeOf(tenant), nap({ seconds: 1 }));
  const leaving = outcomeOf(database.query(scopeOf(tenant), amount(2), controller.signal));
  const startedAt = performance.now();
  setTimeout(() => controller.abort(reason), 50);
  expect(await leaving).toBe(reason);
  expect(performance.now() - startedAt).toBeLessThan(800);
  expect(await Promise.all([before, slow])).toEqual([[{ amount: 1 }], [{}]]);
});

test('when all of them leave, the server is told to stop', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const reason = new Error('gone');
  const controller = new AbortController();
  const asked = [nap({ seconds: 30 }), amount(1)].map((bound) =>
    outcomeOf(database.query(scopeOf(tenant), bound, controller.signal)),
  );
  setTimeout(() => controller.abort(reason), 50);
  expect(await Promise.all(asked)).toEqual([reason, reason]);
  expect(await database.query(scopeOf(tenant), amount(3))).toEqual([{ amount: 3 }]);
  expect(database.stats()).toMatchObject({ total: 1 });
});

test('nobody waits behind a statement that is known to be slow, until it is quick again', async () => {
  const database = shop.open({ connectionsMax: 2 });
  await database.query(scopeOf(tenant), nap({ seconds: 0.1 }));
  const events: string[] = [];
  const nameWhenDone = (name: string, work: Promise<unknown>) => work.then(() => events.push(name));
  // Long enough for a busy machine to open the second connection.
  await Promise.all([
    nameWhenDone('slow', database.query(scopeOf(tenant), nap({ seconds: 1.5 }))),
    nameWhenDone('quick', database.query(scopeOf(tenant), amount(1))),
  ]);
  expect(events).toEqual(['quick', 'slow']);
  // Quick while it is alone: shared again.
  await database.query(scopeOf(tenant), nap({ seconds: 0 }));
  const inOne = await Promise.all([
    database.query(scopeOf(tenant), transaction),
    database.query(scopeOf(tenant), nap({ seconds: 0.02 })),
    database.query(scopeOf(tenant), transaction),
  ]);
  expect(inOne[2]).toEqual(inOne[0]);
});

test('a connection that is cut fails all that share it with 503, and the next ones get through', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const asked = [amount(1), nap({ seconds: 30 }), amount(2)].map((bound) =>
    outcomeOf(database.query(scopeOf(tenant), bound)),
  );
  await expect.poll(() => shop.query("select pid from pg_stat_activity where wait_event = 'PgSleep'")).toHaveLength(1);
  await shop.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where wait_event = 'PgSleep'");
  const [, ...failed] = await Promise.all(asked);
  expect(failed).toMatchObject([{ status: 503 }, { status: 503 }]);
  expect(await database.query(scopeOf(tenant), amount(3))).toEqual([{ amount: 3 }]);
});

test('each is reported once, with its own name', async () => {
  const events: unknown[] = [];
  const database = shop.open({ onStatement: ({ name, failed }) => events.push({ name, failed }) });
  await Promise.all([
    database.query(scopeOf(tenant), listItems()),
    outcomeOf(database.query(scopeOf(tenant), select('select 1 / 0 as never'))),
    database.query(scopeOf(tenant), amount(1)),
  ]);
  expect(events).toHaveLength(3);
  expect(events).toEqual(
    expect.arrayContaining([
      { name: 'shop.listItems', failed: false },
      { name: 'test.adHoc', failed: true },
      { name: 'shop.readAmount', failed: false },
    ]),
  );
});
