import { connect, createServer, type Server, type Socket } from 'node:net';
import { type PostgresServer, startTestPostgres } from '@candlefish/testkit/postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../db/index.ts';
import { isUnavailable } from '../db/index.ts';
import { insertItem, listItems, nap, openShop, readAmount, type Shop, scopeOf, sleep } from './shop.ts';

/** A server of its own, since some tests cut its connections; a commit is on disk before it is acknowledged. */
let server: PostgresServer & Awaited<ReturnType<typeof startTestPostgres>>;
let shop: Shop;
const relays: Relay[] = [];

beforeAll(async () => {
  server = await startTestPostgres([], { settings: { fsync: 'on', synchronous_commit: 'on' } });
  shop = await openShop(await server.createDatabase('empty'));
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
});
afterAll(async () => {
  await shop.end();
  await server.stop();
});

const one = readAmount({ amount: '1' });
const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const busy = () => shop.query("select pid from pg_stat_activity where wait_event = 'PgSleep'");

/** A wire between the pool and the server that a test can freeze, as a partition does. */
interface Relay {
  readonly url: string;
  /** Whether the pool hears of ends. */
  holdsEnds: boolean;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

async function openRelay(url: string): Promise<Relay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const listener: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      if (isFrozen) from.pause();
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (!relay.holdsEnds) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const through = new URL(url);
  through.port = String(address.port);
  const relay: Relay = {
    url: through.href,
    holdsEnds: false,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  relays.push(relay);
  return relay;
}

test('a statement past its time is answered 504 and frees its connection', async () => {
  const database = shop.open({ connectionsMax: 1, statementTimeoutMs: 100 });
  expect(await outcomeOf(database.query(scopeOf(null), sleep({ seconds: 30 })))).toMatchObject({ status: 504 });
  expect(await database.query(scopeOf(null), one)).toEqual([{ amount: 1 }]);
  const inTransaction = database.transaction(scopeOf(null), (tx) => tx.run(sleep({ seconds: 30 })));
  expect(await outcomeOf(inTransaction)).toMatchObject({ status: 504 });
  expect(await database.query(scopeOf(null), one)).toEqual([{ amount: 1 }]);
  expect(database.stats()).toEqual({ total: 1, idle: 1, waiting: 0 });
});

test('with every connection taken a request is answered 503 in time, and a later one gets through', async () => {
  // Longer than a busy machine takes to make the two connections that are to be taken.
  const database = shop.open({ connectionsMax: 2, acquireTimeoutMs: 2_000 });
  const controller = new AbortController();
  const taken = [1, 2].map(() => outcomeOf(database.query(scopeOf(null), sleep({ seconds: 30 }), controller.signal)));
  await expect.poll(busy).toHaveLength(2);
  expect(await outcomeOf(database.query(scopeOf(null), one))).toMatchObject({
    status: 503,
    retryAfterMs: expect.any(Number),
  });
  expect(database.stats()).toMatchObject({ total: 2, idle: 0, waiting: 0 });
  controller.abort();
  await Promise.all(taken);
  expect(await database.query(scopeOf(null), one)).toEqual([{ amount: 1 }]);
});

test('the queue for connections has an end', async () => {
  const database = shop.open({ connectionsMax: 1, acquireTimeoutMs: 10_000 });
  const controller = new AbortController();
  const holder = outcomeOf(database.query(scopeOf(null), sleep({ seconds: 30 }), controller.signal));
  await expect.poll(busy).toHaveLength(1);
  const waiting = Array.from({ length: 1_001 }, () => outcomeOf(database.query(scopeOf(null), one)));
  expect(await waiting.at(-1)).toMatchObject({ status: 503 });
  controller.abort();
  await holder;
  const answers = await Promise.all(waiting);
  expect(answers.filter((answer) => Array.isArray(answer))).toHaveLength(1_000);
});

test('a caller that leaves frees the connection within half a second, for a clean next use', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const tenant = await shop.createTenant();
  const reason = new Error('gone');
  for (let round = 0; round < 3; round += 1) {
    const controller = new AbortController();
    const left = outcomeOf(database.query(scopeOf(tenant), sleep({ seconds: 30 }), controller.signal));
    await expect.poll(busy).toHaveLength(1);
    const leftAt = performance.now();
    controller.abort(reason);
    expect(await left).toBe(reason);
    expect(performance.now() - leftAt).toBeLessThan(1_500);
    // Were the cancellation late, it would hit this one.
    expect(await database.query(scopeOf(tenant), listItems())).toEqual([]);
  }
  expect(database.stats().total).toBe(1);
});

test('a caller that has left already, or leaves while waiting, runs nothing', async () => {
  const database = shop.open({ connectionsMax: 1 });
  const reason = new Error('gone');
  expect(await outcomeOf(database.query(scopeOf(null), one, AbortSignal.abort(reason)))).toBe(reason);
  const controller = new AbortController();
  const events: string[] = [];
  const reporting = shop.open({ connectionsMax: 1, onStatement: ({ name }) => events.push(name) });
  const holder = reporting.query(scopeOf(null), sleep({ seconds: 0.3 }));
  const waiting = outcomeOf(reporting.query(scopeOf(null), one, controller.signal));
  controller.abort(reason);
  await holder;
  expect(await waiting).toBe(reason);
  expect(events).toEqual(['shop.sleep']);
  expect(reporting.stats()).toMatchObject({ idle: 1 });
});

test('a server that falls silent is given up after the time limits, and works again when it is back', async () => {
  const relay = await openRelay(shop.appUrl);
  const database = shop.open({ url: relay.url, connectionsMax: 1, statementTimeoutMs: 300, acquireTimeoutMs: 1_000 });
  await database.query(scopeOf(null), one);
  relay.freeze();
  const startedAt = performance.now();
  const silent = await outcomeOf(database.query(scopeOf(null), one));
  expect(silent).toMatchObject({ status: 503 });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(await outcomeOf(database.query(scopeOf(null), one))).toMatchObject({ status: 503 });
  relay.thaw();
  await expect.poll(() => outcomeOf(database.query(scopeOf(null), one))).toEqual([{ amount: 1 }]);
});

test('a caller that leaves a silent server is let go too', async () => {
  const relay = await openRelay(shop.appUrl);
  const database = shop.open({
    url: relay.url,
    connectionsMax: 1,
    statementTimeoutMs: 60_000,
    acquireTimeoutMs: 10_000,
  });
  const events: string[] = [];
  const controller = new AbortController();
  const waiting = outcomeOf(
    database.transaction(
      scopeOf(null),
      async (tx) => {
        relay.freeze();
        events.push('frozen');
        await tx.run(one);
      },
      controller.signal,
    ),
  );
  await expect.poll(() => events).toEqual(['frozen']);
  controller.abort(new Error('gone'));
  expect(await waiting).toMatchObject({ status: 503 });
  relay.thaw();
  await expect.poll(() => outcomeOf(database.query(scopeOf(null), one))).toEqual([{ amount: 1 }]);
});

test('connections cut off by the server: 503 for what ran, no crash, and the next request works', async () => {
  const database = shop.open({ connectionsMax: 4 });
  const tenant = await shop.createTenant();
  const running = Array.from({ length: 4 }, () => outcomeOf(database.query(scopeOf(tenant), sleep({ seconds: 30 }))));
  await expect.poll(busy).toHaveLength(4);
  await shop.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'shop'");
  for (const failure of await Promise.all(running)) expect(failure).toMatchObject({ status: 503 });
  expect(await database.query(scopeOf(tenant), listItems())).toEqual([]);
  // Cut again while idle: the pool notices by itself.
  await shop.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'shop'");
  await expect.poll(() => outcomeOf(database.query(scopeOf(tenant), listItems()))).toEqual([]);
  expect(shop.errors.length).toBeGreaterThan(0);
});

test('a connection that the server ends is given to nobody, also before its end is heard', async () => {
  const relay = await openRelay(shop.appUrl);
  for (const bound of [sleep({ seconds: 30 }), nap({ seconds: 30 })]) {
    const database = shop.open({ url: relay.url, connectionsMax: 1, statementTimeoutMs: 60_000 });
    relay.holdsEnds = true;
    const cut = outcomeOf(database.query(scopeOf(null), bound));
    await expect.poll(busy).toHaveLength(1);
    await shop.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where wait_event = 'PgSleep'");
    expect(await cut).toMatchObject({ status: 503 });
    expect(await database.query(scopeOf(null), one)).toEqual([{ amount: 1 }]);
  }
});

test('a server that is down is answered 503, a wrong password and a missing database too', async () => {
  const down = new URL(shop.appUrl);
  down.port = '1';
  const wrong = new URL(shop.appUrl);
  wrong.password = 'wrong';
  const missing = new URL(shop.appUrl);
  missing.pathname = '/nowhere';
  for (const url of [down, wrong, missing]) {
    const failure = await outcomeOf(shop.open({ url: url.href }).query(scopeOf(null), one));
    expect(failure).toMatchObject({ status: 503, retryAfterMs: 2_000 });
    expect(isUnavailable((failure as Error & { cause: Error }).cause.cause)).toBe(true);
  }
});

test('after close every request is refused with 503', async () => {
  const database: Database = shop.open();
  await database.query(scopeOf(null), one);
  const closing = shop.open();
  await closing.close();
  expect(await outcomeOf(closing.query(scopeOf(null), one))).toMatchObject({ status: 503 });
  // `end` of the shop closes it again.
  closing.close = async () => undefined;
});

test('nothing acknowledged is lost when the server cuts its writers off', async () => {
  const own = await openShop(await server.createDatabase('empty'));
  try {
    const tenant = await own.createTenant();
    const database = own.open({ connectionsMax: 4 });
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    let isOver = false;
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !isOver; n += 1) {
        const id = crypto.randomUUID();
        try {
          await database.query(
            scopeOf(tenant),
            insertItem({ tenantId: tenant, id, name: id, amount: writer * 1e6 + n }),
          );
          acknowledged.push(id);
        } catch (error) {
          failures.push(error);
          return;
        }
      }
    };
    const writers = [1, 2, 3, 4].map(write);
    await expect.poll(() => acknowledged.length).toBeGreaterThan(50);
    await own.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'shop' and datname = current_database()`,
    );
    isOver = true;
    await Promise.all(writers);
    for (const failure of failures) expect(failure).toMatchObject({ status: 503 });
    const rows = await own.query('select id from shop.items where tenant_id = $1', [tenant]);
    const stored = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  } finally {
    await own.end();
  }
});
