import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient as createSocketClient } from 'graphql-ws';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type OpenShop, openShop, type ShopOptions } from './shop.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function opened(options: ShopOptions = {}): Promise<OpenShop> {
  const shop = await openShop(options);
  open.push(shop);
  return shop;
}

interface Closed {
  readonly code: number;
  readonly reason: string;
}

function socketClient(shop: OpenShop, params: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const closed: Closed[] = [];
  class WithHeaders extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers });
    }
  }
  const client: Client = createSocketClient({
    url: shop.url.replace('http', 'ws'),
    webSocketImpl: WithHeaders,
    connectionParams: params,
    retryAttempts: 0,
    on: { closed: (event) => void closed.push(event as Closed) },
  });
  open.push({ close: () => client.dispose() });
  return { client, closed };
}

/** Follows a subscription in the background. */
function follow(results: AsyncIterableIterator<unknown>) {
  const seen: unknown[] = [];
  const ended = (async () => {
    for await (const result of results) seen.push(result);
    return 'completed';
  })().catch((error: unknown) => error);
  return { seen, ended };
}

/** The value once it no longer changes. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  const isStill = (): boolean => {
    const now = read();
    const same = now === last;
    last = now;
    return same;
  };
  await expect.poll(isStill, { interval: 200 }).toBe(true);
  return last;
}

const ADDED = 'subscription ($after: Cursor) { added(after: $after) { cursor thing { name owner { name } } } }';

describe('on a socket', () => {
  test('queries, mutations and subscriptions are answered', async () => {
    const { client } = socketClient(await opened());
    const results: unknown[] = [];
    for await (const one of client.iterate({ query: '{ thing(id: "t1") { name owner { name } } }' })) results.push(one);
    expect(results).toEqual([{ data: { thing: { name: 'thing 1', owner: { name: 'user u1' } } } }]);
    const ticks: unknown[] = [];
    for await (const one of client.iterate({ query: 'subscription { ticks(to: 2) { n owner { name } } }' }))
      ticks.push(one);
    expect(ticks).toEqual([1, 2].map((n) => ({ data: { ticks: { n, owner: { name: `user u${n}` } } } })));
  });

  test('a subscriber cut off and back by cursor misses nothing and sees nothing twice', async () => {
    const shop = await opened();
    const first = socketClient(shop);
    const { seen } = follow(first.client.iterate({ query: ADDED, variables: { after: '0' } }));
    shop.shop.add('a');
    shop.shop.add('b');
    await expect.poll(() => seen.length).toBe(2);
    first.client.terminate();
    await expect.poll(() => shop.shop.followers).toBe(0);
    shop.shop.add('c');
    const again = follow(socketClient(shop).client.iterate({ query: ADDED, variables: { after: '2' } }));
    shop.shop.add('d');
    await expect.poll(() => again.seen.length).toBe(2);
    expect([...seen, ...again.seen]).toMatchObject(
      ['a', 'b', 'c', 'd'].map((name, index) => ({ data: { added: { cursor: String(index + 1), thing: { name } } } })),
    );
  });

  test('leaving a subscription ends its loop, while the socket stays', async () => {
    const shop = await opened();
    const { client } = socketClient(shop);
    const results = client.iterate({ query: ADDED });
    const waiting = results.next();
    await expect.poll(() => shop.shop.followers).toBe(1);
    await results.return?.();
    await waiting;
    await expect.poll(() => shop.shop.followers).toBe(0);
  });

  test('the token comes in connection_init or in the header of the upgrade', async () => {
    const shop = await opened();
    const asked = { query: '{ me { id } }' };
    for (const { client } of [
      socketClient(shop, { authorization: 'Bearer uma' }),
      socketClient(shop, { token: 'uma' }),
      socketClient(shop, {}, { authorization: 'Bearer uma' }),
    ]) {
      const result = await client.iterate(asked).next();
      expect(result.value).toEqual({ data: { me: { id: 'u7' } } });
    }
  });

  test('a token that is not valid closes with 4401', async () => {
    const { client, closed } = socketClient(await opened(), { token: 'forged' });
    await expect(client.iterate({ query: '{ __typename }' }).next()).rejects.toMatchObject({ code: 4401 });
    expect(closed).toMatchObject([{ code: 4401 }]);
  });

  test('an expired token closes with 4403, so that the client comes back with a fresh one', async () => {
    const shop = await opened({ expiresAt: () => new Date(Date.now() + 300) });
    const { client, closed } = socketClient(shop, { token: 'uma' });
    const { ended } = follow(client.iterate({ query: ADDED }));
    expect(await ended).toMatchObject({ code: 4403 });
    expect(closed).toMatchObject([{ code: 4403 }]);
    await expect.poll(() => shop.shop.followers).toBe(0);
  });

  test('a revoked token closes with 4401 at once', async () => {
    const shop = await opened();
    const { client } = socketClient(shop, { token: 'uma' });
    const { ended } = follow(client.iterate({ query: ADDED }));
    await expect.poll(() => shop.shop.followers).toBe(1);
    shop.revoke();
    expect(await ended).toMatchObject({ code: 4401 });
    await expect.poll(() => shop.shop.followers).toBe(0);
  });

  test('a drain closes with 1001 and leaves nothing running', async () => {
    const shop = await opened();
    const { client } = socketClient(shop);
    const { ended } = follow(client.iterate({ query: ADDED }));
    await expect.poll(() => shop.shop.followers).toBe(1);
    shop.drain();
    expect(await ended).toMatchObject({ code: 1001 });
    await expect.poll(() => shop.shop.followers).toBe(0);
  });

  test('one connection has no more subscriptions than it may', async () => {
    const shop = await opened({ environment: { GRAPHQL_SUBSCRIPTIONS_MAX: '2' } });
    const { client } = socketClient(shop);
    follow(client.iterate({ query: ADDED }));
    follow(client.iterate({ query: ADDED }));
    await expect.poll(() => shop.shop.followers).toBe(2);
    const { ended } = follow(client.iterate({ query: ADDED }));
    expect(await ended).toMatchObject([{ extensions: { code: 'GRAPHQL_TOO_MANY_SUBSCRIPTIONS' } }]);
    expect(shop.admitted).toEqual([1, 1]);
  });

  test('refusals come as error messages and leave the socket open', async () => {
    const { client } = socketClient(await opened());
    const refusals: readonly (readonly [string, string])[] = [
      ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['subscription { refused { n } }', 'NOT_FOUND'],
    ];
    for (const [query, code] of refusals) {
      const { seen, ended } = follow(client.iterate({ query }));
      const told = await ended;
      expect(JSON.stringify(told === 'completed' ? seen : told)).toContain(code);
    }
    expect((await client.iterate({ query: '{ __typename }' }).next()).value).toEqual({ data: { __typename: 'Query' } });
  });

  test('another site cannot open one, the own site can', async () => {
    const shop = await opened({ environment: { CORS_ORIGINS: 'https://app.example' } });
    const connect = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(shop.url.replace('http', 'ws'), 'graphql-transport-ws', { origin });
        socket.once('open', () => {
          socket.close();
          resolve('open');
        });
        socket.once('error', (error) => resolve(error.message));
      });
    expect(await connect('https://evil.example')).toContain('403');
    expect(await connect('null')).toContain('403');
    expect(await connect('https://app.example')).toBe('open');
    expect(await connect(new URL(shop.url).origin)).toBe('open');
  });

  test.each([
    ['another subprotocol', 'graphql-ws', 4406],
    ['no JSON', 'graphql-transport-ws', 4400],
  ])('%s closes the socket', async (_name, protocol, code) => {
    const shop = await opened();
    const socket = new WebSocket(shop.url.replace('http', 'ws'), protocol);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send('no json'));
    socket.once('error', () => undefined);
    expect([code, 1006]).toContain(await closed);
  });
});

describe('as an event stream', () => {
  const streamClient = (shop: OpenShop, headers: Record<string, string> = {}) =>
    createSseClient({ url: shop.url, headers, retryAttempts: 0 });

  test('subscriptions are answered to the graphql-sse client', async () => {
    const client = streamClient(await opened());
    const seen: unknown[] = [];
    for await (const one of client.iterate({ query: 'subscription { ticks(to: 2) { n owner { name } } }' }))
      seen.push(one);
    expect(seen).toEqual([1, 2].map((n) => ({ data: { ticks: { n, owner: { name: `user u${n}` } } } })));
  });

  test('a GET works too, and a query is a stream of one', async () => {
    const shop = await opened();
    const address = `${shop.url}?query=${encodeURIComponent('{ thing(id: "t1") { name } }')}`;
    const response = await fetch(address, { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await response.text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"thing":{"name":"thing 1"}}}\n\nevent: complete\ndata:\n\n',
    );
  });

  test('a stream outlives the deadline of requests', async () => {
    const shop = await opened({ deadlineMs: 200 });
    const { seen } = follow(streamClient(shop).iterate({ query: ADDED, variables: { after: '0' } }));
    await expect.poll(() => shop.shop.followers).toBe(1);
    // A query that is cut by the same deadline has ended by then.
    const late = await shop.ask({ query: '{ slow(ms: 5000) }' });
    expect(late.json.errors).toMatchObject([{ extensions: { code: 'TIMEOUT', status: 504 } }]);
    shop.shop.add('later');
    await expect.poll(() => seen.length).toBe(1);
  });

  test('a client that leaves ends its loop', async () => {
    const shop = await opened();
    const leaving = new AbortController();
    await fetch(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: ADDED }),
      signal: leaving.signal,
    });
    await expect.poll(() => shop.shop.followers).toBe(1);
    leaving.abort();
    await expect.poll(() => shop.shop.followers).toBe(0);
  });

  test('a credential that is revoked or expires ends it with an error and complete', async () => {
    for (const [options, end] of [
      [{}, (shop: OpenShop) => shop.revoke()],
      [{ expiresAt: () => new Date(Date.now() + 300) }, () => undefined],
    ] as const) {
      const shop = await opened(options);
      const { seen, ended } = follow(streamClient(shop, { authorization: 'Bearer uma' }).iterate({ query: ADDED }));
      await expect.poll(() => shop.shop.followers).toBe(1);
      end(shop);
      expect(await ended).toBe('completed');
      expect(seen).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED', status: 401 } }] }]);
      await expect.poll(() => shop.shop.followers).toBe(0);
    }
  });

  test('a drain ends it without complete, new ones are refused, and the server stops', async () => {
    const shop = await openShop();
    const response = await fetch(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: ADDED }),
    });
    await expect.poll(() => shop.shop.followers).toBe(1);
    shop.drain();
    expect(await response.text()).not.toContain('complete');
    await expect.poll(() => shop.shop.followers).toBe(0);
    const late = await shop.ask({ query: ADDED }, { accept: 'text/event-stream' });
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
    await shop.close();
  });

  test('a slow reader holds the source back', async () => {
    const shop = await opened();
    // Ten megabytes are more than the buffers of two sockets hold.
    for (let n = 0; n < 5_000; n++) shop.shop.add(`${n} ${'x'.repeat(2_000)}`);
    const response = await fetch(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: ADDED, variables: { after: '0' } }),
    });
    const before = await settled(() => shop.shop.taken);
    expect(before).toBeLessThan(5_000);
    const chunks: Buffer[] = [];
    // The last event may lie across two chunks; looking through all of them each time would take longer than the test.
    for await (const chunk of response.body ?? []) {
      chunks.push(Buffer.from(chunk));
      if (Buffer.concat(chunks.slice(-2)).includes('"cursor":"5000"')) break;
    }
    const text = Buffer.concat(chunks).toString();
    expect(text.split('event: next')).toHaveLength(5_001);
  });

  test('a refusal is a status with a body', async () => {
    const shop = await opened();
    const refused = await shop.ask({ query: '{ nope }' }, { accept: 'text/event-stream' });
    expect([refused.status, refused.json.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });
});
