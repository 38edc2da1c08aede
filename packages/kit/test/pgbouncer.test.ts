import { type PgBouncer, pgBouncerMissing, startPgBouncer } from '@candlefish/testkit/pgbouncer';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../db/index.ts';
import { createPostgresPubSub, PubSubDeafError } from '../pubsub/postgres.ts';
import { insertItem, listItems, openShop, readScope, type Shop, scopeOf, sleep } from './shop.ts';

const reason = pgBouncerMissing();
if (reason !== null) {
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
}

describe.skipIf(reason !== null)('behind PgBouncer in transaction mode', () => {
  let shop: Shop;
  let bouncer: PgBouncer;
  let database: Database;
  let tenant = '';

  beforeAll(async () => {
    shop = await openShop();
    bouncer = await startPgBouncer(shop.appUrl, 4);
    // Many more clients than server connections, so that each of those passes through many hands.
    database = shop.open({ url: bouncer.through(shop.appUrl), prepared: false, connectionsMax: 32 });
  });
  afterAll(async () => {
    await bouncer.stop();
    await shop.end();
  });
  beforeEach(async () => {
    tenant = await shop.createTenant();
  });

  const item = (tenantId: string, name: string, amount: number) =>
    insertItem({ tenantId, id: crypto.randomUUID(), name, amount });

  test('one statement and several in a transaction keep their scope', async () => {
    await database.query(scopeOf(tenant), item(tenant, 'one', 1));
    await database.transaction(scopeOf(tenant), async (tx) => {
      await tx.run(item(tenant, 'two', 2));
      expect(await tx.run(readScope())).toMatchObject([{ tenant, timeout: '10s' }]);
    });
    expect(await database.query(scopeOf(tenant), listItems())).toHaveLength(2);
    expect(await database.query(scopeOf(null), listItems())).toEqual([]);
  });

  test('32 tenants at once over 4 server connections never see a foreign row or setting', async () => {
    const tenants = await Promise.all(Array.from({ length: 32 }, () => shop.createTenant()));
    await Promise.all(
      tenants.map(async (own, index) => {
        for (let round = 0; round < 20; round += 1) {
          if (round % 4 === 0) {
            await database.transaction(scopeOf(own), async (tx) => {
              await tx.run(item(own, `${index} ${round}`, round));
              expect(await tx.run(readScope())).toMatchObject([{ tenant: own }]);
            });
          }
          const failing = item(own, '', round);
          await expect(database.query(scopeOf(own), failing)).rejects.toThrow('items_name_check');
          const rows = (await database.query(scopeOf(own), listItems())) as readonly { tenantId: string }[];
          expect(rows.length).toBe(Math.floor(round / 4) + 1);
          expect(rows.every(({ tenantId }) => tenantId === own)).toBe(true);
          expect(await database.query(scopeOf(null), readScope())).toMatchObject([{ tenant: '' }]);
        }
      }),
    );
  });

  test('an abort cancels the right statement', async () => {
    const controller = new AbortController();
    const left = database
      .query(scopeOf(tenant), sleep({ seconds: 30 }), controller.signal)
      .catch((error: unknown) => error);
    const others = Promise.all(
      Array.from({ length: 8 }, () => database.query(scopeOf(tenant), sleep({ seconds: 0.3 }))),
    );
    await expect.poll(() => shop.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).not.toEqual([]);
    const gone = new Error('gone');
    controller.abort(gone);
    expect(await left).toBe(gone);
    await others;
  });

  test('LISTEN is found deaf when pub/sub starts', async () => {
    const connectionString = bouncer.through(shop.appUrl);
    const options = { createClient: () => new pg.Client({ connectionString }), onDegraded: () => undefined };
    await expect(createPostgresPubSub(options)).rejects.toThrow(PubSubDeafError);
  });

  test(`named statements fail before 1.21, which is why they are off`, async () => {
    const [major = 0, minor = 0] = bouncer.version.split('.').map(Number);
    const named = shop.open({ url: bouncer.through(shop.appUrl), prepared: true, connectionsMax: 8 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, () => named.query(scopeOf(tenant), listItems())),
    );
    const failed = outcomes.filter(({ status }) => status === 'rejected').length;
    if (major === 1 && minor < 21) expect(failed).toBeGreaterThan(0);
    else expect(failed).toBe(0);
  });

  test('a pooler that goes away is answered 503', async () => {
    const second = await startPgBouncer(shop.appUrl, 2);
    const pooled = shop.open({ url: second.through(shop.appUrl), prepared: false });
    await pooled.query(scopeOf(tenant), listItems());
    await second.stop();
    await expect(pooled.query(scopeOf(tenant), listItems())).rejects.toMatchObject({ status: 503 });
  });
});
