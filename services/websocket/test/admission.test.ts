import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RawClient, until } from './clients.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { type SocketNode, type SocketNodeOptions, socketNode, tokenOf } from './socket-node.ts';

const closing: (() => void | Promise<void>)[] = [];
// Not after each: some tests wait at the same time.
afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const tenant = randomUUID();

async function scene(options: Partial<SocketNodeOptions> = {}) {
  const documents = new MemoryDocuments();
  const { id } = documents.add(randomUUID(), tenant);
  const node = await socketNode({ documents, ...options });
  closing.push(() => node.close());
  return { node, id, address: `${node.url}/ws/${id}`, documents };
}

function open(address: string, headers: Record<string, string> = {}, protocols = ['y-ack.v1']): RawClient {
  const client = new RawClient(address, protocols, headers);
  closing.push(() => client.close());
  return client;
}

const bearer = (user: string, expiresInMs?: number) => ({
  authorization: `Bearer ${tokenOf(tenant, user, expiresInMs)}`,
});
const joined = (client: RawClient) => until('it is let in', () => client.text('joined') !== undefined);
const closed = async (client: RawClient, limitMs?: number): Promise<number | null> => {
  await until('it is closed', () => client.closed !== null, limitMs);
  return client.closed;
};

// Side by side, since some of them only wait for a time to be over.
describe.concurrent('a credential', () => {
  it('may come in a header', async () => {
    const { address } = await scene();
    await joined(open(address, bearer('ada')));
  });

  it('may come in the first message, with others right behind it', async () => {
    const { address } = await scene();
    const client = open(address);
    await client.opened();
    client.say({ type: 'auth', token: tokenOf(tenant, 'ada') });
    client.socket.send(Buffer.from([0, 0, 1, 0]));
    await joined(client);
    await until('the next message is answered', () => client.frames.length >= 2);
  });

  it('must come first and soon', async () => {
    const { address } = await scene();
    const binary = open(address);
    await binary.opened();
    binary.socket.send(Buffer.from([0, 0, 1, 0]));
    expect(await closed(binary)).toBe(4_401);
    const silent = open(address);
    expect(await closed(silent, 8_000)).toBe(4_401);
  });

  it('that does not reach so far is refused for good', async () => {
    const { node } = await scene();
    const authorization = `Bearer ${tokenOf(tenant, 'ada', undefined, 'of no role')}`;
    expect(await closed(open(`${node.url}/ws`, { authorization }, ['candlefish.v1']))).toBe(4_403);
  });

  it('is not read beyond its size', async () => {
    const { address } = await scene();
    const client = open(address);
    await client.opened();
    client.say({ type: 'auth', token: 'x'.repeat(100_000) });
    expect(await closed(client)).toBe(1_006);
    const medium = open(address);
    await medium.opened();
    medium.say({ type: 'auth', token: 'x'.repeat(5_000) });
    expect(await closed(medium)).toBe(4_401);
  });

  it('that is wrong is refused, and too many wrong ones close the address', async () => {
    const { address } = await scene({ environment: { SOCKETS_REFUSALS_PER_MINUTE: '3' } });
    const wrong = { authorization: 'Bearer wrong' };
    for (let index = 0; index < 3; index++) expect(await closed(open(address, wrong))).toBe(4_401);
    expect(await closed(open(address, wrong))).toBe(4_429);
    expect(await closed(open(address, bearer('ada')))).toBe(4_429);
  });

  it('that ends is announced, may be renewed in band, and closes the connection when it is not', async () => {
    const { address } = await scene();
    const [renewing, letting, stealing] = [2_500, 2_500, 2_500].map((ms) => open(address, bearer('ada', ms)));
    if (renewing === undefined || letting === undefined || stealing === undefined) throw new Error('three were opened');
    for (const client of [renewing, letting, stealing]) {
      await joined(client);
      await until('the end is announced', () => client.text('auth_refresh') !== undefined);
    }
    renewing.say({ type: 'auth', token: tokenOf(tenant, 'ada', 60_000) });
    stealing.say({ type: 'auth', token: tokenOf(tenant, 'eve', 60_000) });
    expect(await closed(stealing)).toBe(4_401);
    expect(await closed(letting)).toBe(4_401);
    expect(renewing.closed).toBe(null);
  });

  it('that is revoked closes its connections within a second, and no others', async () => {
    const { address, node } = await scene();
    const [ada, eve] = [open(address, bearer('ada')), open(address, bearer('eve'))];
    await joined(ada);
    await joined(eve);
    node.revoke({ subject: 'user:ada', revokedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) });
    await until('it is closed', () => ada.closed === 4_403, 1_000);
    expect(eve.closed).toBe(null);
  });
});

describe('an upgrade', () => {
  it('from a foreign page is refused', async () => {
    const { address, node } = await scene({ origins: ['https://friend.example'] });
    const own = node.url.replace('ws:', 'http:');
    for (const [origin, status] of [
      ['https://evil.example', 403],
      ['null', 403],
      [own, null],
      ['https://friend.example', null],
    ] as const) {
      const client = open(address, { ...bearer('ada'), origin });
      if (status === null) await joined(client);
      else await until('it is refused', () => client.status === status);
    }
  });

  it('of another path is not found', async () => {
    const { node } = await scene();
    for (const path of ['/', '/ws/', '/ws/a/b', '/wss']) {
      const client = open(`${node.url}${path}`, bearer('ada'));
      await until('it is refused', () => client.status === 404);
    }
  });

  it('is refused beyond the limits of the process, of an address, of those not known yet', async () => {
    const cases = [
      ['SOCKETS_MAX', 503],
      ['SOCKETS_PER_ADDRESS_MAX', 429],
      ['SOCKETS_WAITING_MAX', 503],
    ] as const;
    for (const [name, status] of cases) {
      const { address } = await scene({ environment: { [name]: '2' } });
      for (let index = 0; index < 2; index++) await open(address).opened();
      const third = open(address, bearer('ada'));
      await until(`${name} holds`, () => third.status === status);
    }
  });

  it('beyond the limits of a person or a tenant is closed with 4429, and room comes back', async () => {
    for (const name of ['SOCKETS_PER_USER_MAX', 'SOCKETS_PER_TENANT_MAX']) {
      const { address } = await scene({ environment: { [name]: '1' } });
      const first = open(address, bearer('ada'));
      await joined(first);
      expect(await closed(open(address, bearer('ada')))).toBe(4_429);
      first.close();
      await until('there is room again', async () => {
        const next = open(address, bearer('ada'));
        await until('it has an answer', () => next.closed !== null || next.text('joined') !== undefined);
        return next.closed === null;
      });
    }
  });
});

/** A connection upgraded by hand, to send bytes that no client would. */
async function upgraded(
  { url }: SocketNode,
  path: string,
): Promise<{ write(bytes: Buffer): void; ended: Promise<void> }> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  closing.push(() => void socket.destroy());
  const head = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.from(randomUUID().slice(0, 16)).toString('base64')}`,
    `Authorization: Bearer ${tokenOf(tenant, 'ada')}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.resume();
  return { write: (bytes) => void socket.write(bytes), ended };
}

const masked = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

describe('bytes that no client would send', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ['an unmasked frame', Buffer.from([0x82, 0x02, 0x00, 0x00])],
    ['a text that is no UTF-8', masked(0x81, Buffer.from([0xff, 0xfe]))],
    ['reserved bits', masked(0xf2, Buffer.from([0]))],
    ['an unknown opcode', masked(0x83, Buffer.from([0]))],
    ['a length of 2^62', Buffer.from([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a continuation of nothing', masked(0x80, Buffer.from([0]))],
    ['a fragmented ping', masked(0x09, Buffer.from([0]))],
    ['noise', Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7_919) & 0xff))],
  ];
  it.each(cases)('end the connection and nothing else: %s', async (_what, bytes) => {
    const { node, id, address } = await scene();
    const { write, ended } = await upgraded(node, `/ws/${id}`);
    write(bytes);
    await ended;
    await joined(open(address, bearer('ada')));
  });

  it('fragments of one message are put together', async () => {
    const { node, id } = await scene();
    const { write, ended } = await upgraded(node, `/ws/${id}`);
    write(masked(0x02, Buffer.from([0, 0])));
    write(masked(0x80, Buffer.from([1, 0])));
    const outcome = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 200, 'open'))]);
    expect(outcome).toBe('open');
  });
});

describe('many connections', () => {
  it('come and go without a trace', async () => {
    const { address, node } = await scene();
    const sockets = Array.from({ length: 300 }, (_, index) => open(address, bearer(`user-${index % 10}`)));
    await Promise.all(sockets.map(joined));
    for (const [index, { socket }] of sockets.entries()) {
      if (index % 2 === 0) socket.terminate();
      else socket.close();
    }
    await until('none is left', async () => {
      const text = await node.metrics.text();
      return /websocket_connections\{path="\/ws\/\{documentId\}"\} 0/.test(text);
    });
    expect(sockets.every(({ socket }) => socket.readyState !== WebSocket.OPEN)).toBe(true);
  });
});
