import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grant } from '../context/grant.ts';
import {
  type Actor,
  ANONYMOUS,
  type Ctx,
  createCtx,
  definePolicy,
  type Executor,
  type RequestScope,
  systemClock,
  systemIds,
  unitOfWork,
} from '../context/index.ts';
import type { BoundStatement, Database } from '../db/index.ts';
import { insertItem, listItems, openShop, type Shop } from './shop.ts';

let shop: Shop;
let database: Database;
let tenant = '';

beforeAll(async () => {
  shop = await openShop();
  database = shop.open();
  tenant = await shop.createTenant();
});
afterAll(async () => {
  await shop.end();
});

const policy = definePolicy({
  'item:read': ['owner', 'viewer'],
  'item:create': ['owner'],
  'item:update': ['owner'],
  'item:delete': [],
});

function ctxOf(role: string, changes: Partial<RequestScope> = {}): Ctx {
  const actor: Actor = { ...ANONYMOUS, kind: 'user', id: 'u', tenantId: tenant, role };
  const scope: RequestScope = {
    executor: database,
    actor,
    log: console as unknown as RequestScope['log'],
    signal: new AbortController().signal,
    requestId: 'r',
    clientAddress: null,
    credential: null,
    http: null,
    ...changes,
  };
  const runtime = {
    name: 'shop',
    service: undefined,
    clock: systemClock,
    ids: systemIds(systemClock),
    policy: new Map(Object.entries(policy.table)),
    writeEvents: () => Promise.reject(new Error('no events here')),
    writeJob: () => Promise.reject(new Error('no jobs here')),
    dispatch: () => Promise.reject(new Error('no calls here')),
  };
  return createCtx(runtime, scope);
}

/** What a cast does. */
const forge = <T>(value: unknown): T => value as T;

const item = (name: string, amount: number) => insertItem({ tenantId: tenant, id: crypto.randomUUID(), name, amount });

test('a grant runs the statements of its action, in its tenant', async () => {
  const ctx = ctxOf('owner');
  const create = ctx.authorize('item:create');
  await ctx.query(create, item('a', 1));
  expect(await ctx.query(create, listItems())).toMatchObject([{ name: 'a', tenantId: tenant }]);
});

test('a role or tenant that may not, gets no grant', () => {
  expect(() => ctxOf('viewer').authorize('item:create')).toThrow(expect.objectContaining({ status: 403 }));
  expect(() => ctxOf('owner').authorize('item:unheard')).toThrow(expect.objectContaining({ status: 403 }));
  expect(() => ctxOf('owner').authorize('item:read', { tenantId: crypto.randomUUID() })).toThrow(
    expect.objectContaining({ status: 404 }),
  );
  expect(() => ctxOf('owner', { actor: ANONYMOUS }).authorize('item:read')).toThrow(
    expect.objectContaining({ status: 401 }),
  );
});

test('what a cast gets past the types is refused when it runs', async () => {
  const ctx = ctxOf('owner');
  const read = ctx.authorize('item:read');
  const asCreate = forge<Grant<'item:create'>>(read);
  await expect(ctx.query(asCreate, item('b', 2))).rejects.toThrow(
    'shop.insertItem may not run under a grant for item:read',
  );
  await expect(ctx.tx(asCreate, (tx) => tx.run(item('b', 2)))).rejects.toThrow(
    'may not run under a grant for item:read',
  );

  const forged = forge<Grant<'item:create'>>({
    action: 'item:create',
    tenantId: crypto.randomUUID(),
    actor: ctx.actor,
  });
  await expect(ctx.query(forged, item('b', 2))).rejects.toThrow('a grant was used that authorize did not make');
  await expect(ctx.tx(forged, async () => 1)).rejects.toThrow('a grant was used that authorize did not make');
  const copied = forge<Grant<'item:create'>>({ ...ctx.authorize('item:create'), tenantId: crypto.randomUUID() });
  await expect(ctx.query(copied, listItems())).rejects.toThrow('a grant was used that authorize did not make');
});

test('a unit that is committed in a group runs under its grant, also inside of another unit of work', async () => {
  const ctx = ctxOf('owner');
  const create = ctx.authorize('item:create');
  const add = (executor: Executor, name: string) =>
    ctxOf('owner', { executor }).groupTx(create, listItems(), (tx, rows) => {
      tx.write(item(name, 100 + rows.length));
      return rows.length;
    });
  const before = await add(database, 'in a group');
  const scope = { tenantId: tenant };
  await database.transaction(scope, async (tx) => {
    expect(await add(unitOfWork(tx, scope), 'inside')).toBe(before + 1);
    const stop = ctxOf('owner', { executor: unitOfWork(tx, scope) }).groupTx(create, item('undone', 200), () => {
      throw new Error('stopped');
    });
    await expect(stop).rejects.toThrow('stopped');
  });
  const names = (await ctx.query(create, listItems())).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['in a group', 'inside']));
  expect(names).not.toContain('undone');

  const asCreate = forge<Grant<'item:create'>>(ctx.authorize('item:read'));
  await expect(ctx.groupTx(asCreate, item('b', 2), () => 1)).rejects.toThrow('may not run under a grant for item:read');
  const read = ctx.authorize('item:read');
  const write = forge<BoundStatement<unknown, 'item:read'>>(item('b', 2));
  await expect(ctx.groupTx(read, listItems(), (tx) => tx.write(write))).rejects.toThrow('may not run under a grant');
});

test('a grant cannot be turned to another tenant or action once it is made', async () => {
  const ctx = ctxOf('owner');
  const grant = ctx.authorize('item:read');
  expect(() => Object.assign(grant, { tenantId: crypto.randomUUID() })).toThrow(TypeError);
  expect(() => Object.assign(grant, { action: 'item:create' })).toThrow(TypeError);
});

test('the transaction that an operation kept is closed to it', async () => {
  const ctx = ctxOf('owner');
  const create = ctx.authorize('item:create');
  const late = await ctx.tx(create, async (tx) => tx);
  await expect(late.run(item('late', 3))).rejects.toThrow('the transaction has ended');
});

test('a caller that has gone runs nothing', async () => {
  const ctx = ctxOf('owner', { signal: AbortSignal.abort(new Error('gone')) });
  await expect(ctx.query(ctx.authorize('item:read'), listItems())).rejects.toThrow('gone');
  await expect(ctx.tx(ctx.authorize('item:create'), (tx) => tx.run(item('c', 4)))).rejects.toThrow('gone');
});
