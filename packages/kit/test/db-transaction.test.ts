import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, type Transaction, violates } from '../db/index.ts';
import { statementsOf } from '../db/statement.ts';
import { insertItem, listItems, openShop, readScope, renameItem, type Shop, scopeOf, sleep } from './shop.ts';

let shop: Shop;
let database: Database;
let tenant = '';

beforeAll(async () => {
  shop = await openShop();
  database = shop.open();
});
afterAll(async () => {
  await shop.end();
});
beforeEach(async () => {
  tenant = await shop.createTenant();
});
/** Whatever a test did, no connection is left out and the next user of each finds it clean. */
afterEach(async () => {
  const { total, idle } = database.stats();
  expect(idle).toBe(total);
  for (let use = 0; use < total; use += 1) {
    expect(await database.query(scopeOf(null), readScope())).toMatchObject([{ tenant: '' }]);
  }
});

const item = (name: string, amount: number, id: string = randomUUID()) =>
  insertItem({ tenantId: tenant, id, name, amount });
const inTenant = <T>(run: (tx: Transaction) => Promise<T>, signal?: AbortSignal): Promise<T> =>
  database.transaction(scopeOf(tenant), run, signal);
const names = async (): Promise<readonly string[]> =>
  (await database.query(scopeOf(tenant), listItems())).map((row) => (row as { name: string }).name);

const statement = statementsOf<Record<string, { params: Record<string, never>; row: Record<string, unknown> }>>('test');
const select = (text: string) => statement('adHoc', { actions: [], text })({});

test('commits all or nothing, in its scope', async () => {
  const result = await inTenant(async (tx) => {
    await tx.run(item('a', 1));
    await tx.run(item('b', 2));
    expect(await tx.run(readScope())).toMatchObject([{ tenant, timeout: '10s' }]);
    return 'done';
  });
  expect(result).toBe('done');
  expect(await names()).toEqual(['a', 'b']);
  const stop = new Error('changed my mind');
  await expect(
    inTenant(async (tx) => {
      await tx.run(item('c', 3));
      throw stop;
    }),
  ).rejects.toBe(stop);
  expect(await names()).toEqual(['a', 'b']);
});

test('an error of the work itself is passed on as it is, whatever it looks like', async () => {
  const refused = Object.assign(new Error('timeout expired'), { code: 'ECONNREFUSED' });
  await expect(inTenant(() => Promise.reject(refused))).rejects.toBe(refused);
});

test('a failure that was swallowed refuses the commit', async () => {
  await expect(
    inTenant(async (tx) => {
      await tx.run(item('a', 1));
      await tx.run(item('', 2)).catch(() => undefined);
    }),
  ).rejects.toThrow('rolled back, because an earlier statement in it failed');
  expect(await names()).toEqual([]);
});

test('a failure found at COMMIT says which constraint refused', async () => {
  const failure = await inTenant(async (tx) => {
    await tx.run(item('a', 1));
    await tx.run(item('b', 1));
  }).catch((error: unknown) => error);
  expect(violates(failure, 'items_amount_deferred')).toBe(true);
  expect(await names()).toEqual([]);
});

test('use after the end throws and reaches nobody', async () => {
  let kept: Transaction | undefined;
  await inTenant(async (tx) => {
    kept = tx;
  });
  await expect(kept?.run(item('late', 1))).rejects.toThrow('shop.insertItem: the transaction has ended');
  await expect(kept?.savepoint(async () => 1)).rejects.toThrow('the transaction has ended');
  await inTenant(async (tx) => {
    kept = tx;
    throw new Error('no');
  }).catch(() => undefined);
  await expect(kept?.run(item('late', 1))).rejects.toThrow('the transaction has ended');
  expect(await names()).toEqual([]);
});

test('a statement nobody waited for still belongs to the transaction', async () => {
  let forgotten: Promise<unknown> = Promise.resolve();
  await inTenant(async (tx) => {
    forgotten = tx.run(item('forgotten', 1));
  });
  await forgotten;
  expect(await names()).toEqual(['forgotten']);
});

test('a unit of work that fails undoes itself alone, with what it left for COMMIT', async () => {
  const order: string[] = [];
  await inTenant(async (tx) => {
    await tx.run(item('outer', 1));
    tx.beforeCommit(async () => void order.push('outer'));
    await tx
      .savepoint(async () => {
        await tx.run(item('inner', 2));
        tx.beforeCommit(async () => void order.push('inner'));
        tx.afterCommit(() => order.push('inner after'));
        await tx.savepoint(async () => {
          tx.beforeCommit(async () => void order.push('innermost'));
        });
        await tx.run(item('', 3));
      })
      .catch(() => undefined);
    await tx.savepoint(async () => {
      await tx.run(item('second', 4));
      tx.afterCommit(() => order.push('after'));
    });
  });
  expect(await names()).toEqual(['outer', 'second']);
  expect(order).toEqual(['outer', 'after']);
});

test('units of work that overlap are refused', async () => {
  await expect(
    inTenant(async (tx) => {
      await Promise.all([tx.savepoint(() => tx.run(item('a', 1))), tx.savepoint(() => tx.run(item('b', 2)))]);
    }),
  ).rejects.toThrow(/overlap|rolled back|savepoint/);
  expect(await names()).toEqual([]);
});

test('nesting has an end', async () => {
  const nest = async (tx: Transaction): Promise<void> => tx.savepoint(() => nest(tx));
  await expect(inTenant(nest)).rejects.toThrow('too many nested units of work');
});

test('work before COMMIT runs in order, may run statements, and can refuse', async () => {
  const order: string[] = [];
  await inTenant(async (tx) => {
    tx.beforeCommit(async () => {
      order.push('first');
      await tx.run(item('from before commit', 1));
    });
    tx.beforeCommit(async () => void order.push('second'));
    tx.afterCommit(() => order.push('after'));
    order.push('work');
  });
  expect(order).toEqual(['work', 'first', 'second', 'after']);
  expect(await names()).toEqual(['from before commit']);
  await expect(
    inTenant(async (tx) => {
      await tx.run(item('x', 2));
      tx.afterCommit(() => order.push('never'));
      tx.beforeCommit(() => Promise.reject(new Error('refused')));
    }),
  ).rejects.toThrow('refused');
  expect(await names()).toEqual(['from before commit']);
  expect(order).not.toContain('never');
});

test('a wake-up that throws is reported and changes nothing', async () => {
  const result = await inTenant(async (tx) => {
    tx.afterCommit(() => {
      throw new Error('bad wake-up');
    });
    return 1;
  });
  expect(result).toBe(1);
  expect(shop.errors.map(({ message }) => message)).toContain('bad wake-up');
});

test('of two transactions in a deadlock one is answered 503 with a time to retry', async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  await database.query(scopeOf(tenant), item('a', 1, a));
  await database.query(scopeOf(tenant), item('b', 2, b));
  const both = Promise.withResolvers<void>();
  let arrived = 0;
  const cross = (first: string, second: string) =>
    inTenant(async (tx) => {
      await tx.run(renameItem({ id: first, name: `first ${first}` }));
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
      await tx.run(renameItem({ id: second, name: `second ${second}` }));
    });
  const outcomes = await Promise.allSettled([cross(a, b), cross(b, a)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(refused?.reason).toMatchObject({ status: 503, retryAfterMs: expect.any(Number) });
});

test('an abort cancels the statement that runs and commits nothing', async () => {
  const controller = new AbortController();
  const reason = new Error('caller left');
  const running = inTenant(async (tx) => {
    await tx.run(item('a', 1));
    await tx.run(sleep({ seconds: 30 }));
  }, controller.signal);
  await expect.poll(() => shop.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).toHaveLength(1);
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(await names()).toEqual([]);
});

test('an abort between statements or before COMMIT commits nothing', async () => {
  const controller = new AbortController();
  await expect(
    inTenant(async (tx) => {
      await tx.run(item('a', 1));
      controller.abort(new Error('caller left'));
    }, controller.signal),
  ).rejects.toThrow('caller left');
  await expect(inTenant(async () => 1, controller.signal)).rejects.toThrow('caller left');
  expect(await names()).toEqual([]);
});

test('a connection lost in the middle is answered 503, leaves nothing and is replaced', async () => {
  const lost = await inTenant(async (tx) => {
    await tx.run(item('a', 1));
    const [row] = (await tx.run(readScope())) as readonly { pid: number }[];
    await shop.query('select pg_terminate_backend($1, 5000)', [row?.pid]);
    await tx.run(item('b', 2));
  }).catch((error: unknown) => error);
  expect(lost).toMatchObject({ status: 503, retryAfterMs: expect.any(Number) });
  expect(await names()).toEqual([]);
});

test('an error of SQL itself is passed on with its code', async () => {
  await expect(inTenant((tx) => tx.run(select('select 1 / 0')))).rejects.toMatchObject({ code: '22012' });
});

test('writes go out in order with the next statement or with COMMIT, and are counted', async () => {
  const counted: string[] = [];
  const counting = shop.open({ onStatement: ({ name, failed }) => counted.push(failed ? `${name} failed` : name) });
  await counting.transaction(scopeOf(tenant), async (tx) => {
    const id = randomUUID();
    tx.write(item('a', 1, id));
    tx.write(renameItem({ id, name: 'b' }));
    expect(await tx.run(listItems())).toMatchObject([{ name: 'b' }]);
    tx.write(item('c', 2));
  });
  await counting.transaction(scopeOf(tenant), async (tx) => tx.write(item('d', 3)));
  expect(await names()).toEqual(['b', 'c', 'd']);
  const twins = { id: randomUUID() };
  await expect(
    counting.transaction(scopeOf(tenant), async (tx) => {
      tx.write(item('e', 4, twins.id));
      tx.write(item('f', 5, twins.id));
      tx.write(item('g', 6));
    }),
  ).rejects.toMatchObject({ code: '23505' });
  expect(await names()).toEqual(['b', 'c', 'd']);
  expect(counted.slice(-2)).toEqual(['shop.insertItem', 'shop.insertItem failed']);
  expect(counted.filter((name) => name === 'shop.insertItem')).toHaveLength(4);
});

test('a write belongs to the unit of work it was made in, and so does its failure', async () => {
  const id = randomUUID();
  await inTenant(async (tx) => {
    tx.write(item('before', 1, id));
    const refused = tx.savepoint(async () => {
      tx.write(item('twin', 2, id));
    });
    await expect(refused).rejects.toMatchObject({ code: '23505' });
    const changedMind = tx.savepoint(async () => {
      tx.write(item('never sent', 3));
      throw new Error('changed my mind');
    });
    await expect(changedMind).rejects.toThrow('changed my mind');
    await tx.savepoint(async () => tx.write(item('inside', 4)));
    tx.write(item('last', 5));
  });
  expect(await names()).toEqual(['before', 'inside', 'last']);
});

test('a failed write before a unit of work fails the whole transaction with its own error', async () => {
  const id = randomUUID();
  const failed = inTenant(async (tx) => {
    await tx.run(item('first', 1, id));
    tx.write(item('twin', 2, id));
    await tx.savepoint(() => tx.run(item('inside', 3))).catch(() => undefined);
  });
  await expect(failed).rejects.toThrow('an earlier statement in it failed');
  expect(await names()).toEqual([]);
});

test('a transaction that runs nothing asks nothing of the server', async () => {
  const counted: string[] = [];
  const counting = shop.open({ onStatement: ({ name }) => counted.push(name) });
  expect(await counting.transaction(scopeOf(tenant), async () => 1)).toBe(1);
  expect(await counting.transaction(scopeOf(tenant), (tx) => tx.savepoint(async () => 2))).toBe(2);
  expect(counted).toEqual([]);
});
