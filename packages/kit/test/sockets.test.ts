import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE } from '../sockets/close-codes.ts';
import { type ConnectionHost, LiveConnection } from '../sockets/connection.ts';
import { binaryFrame, textFrame } from '../sockets/frame.ts';
import { pathMatcher, wordsOf } from '../sockets/upgrade.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Writes at once; nobody is let in or renewed here. */
const HOST: ConnectionHost = {
  contextOf: () => {
    throw new Error('no context here');
  },
  renew: () => Promise.reject(new Error('no credential here')),
  sendSoon: (connection) => process.nextTick(() => connection.send()),
  counted: () => undefined,
  failed: () => undefined,
};

async function pair(options: { readonly autoPong?: boolean } = {}): Promise<{
  readonly connection: LiveConnection;
  readonly client: WebSocket;
  readonly received: Buffer[];
}> {
  const server = createServer();
  const acceptor = new WebSocketServer({ noServer: true });
  const opened = new Promise<LiveConnection>((resolve) => {
    server.on('upgrade', (request, stream: Duplex, head) => {
      acceptor.handleUpgrade(request, stream, head, (socket) => {
        const start = {
          id: 'c',
          service: 's',
          clientAddress: null,
          request: { params: {}, words: new Map() },
          nowMs: 0,
        };
        const connection = new LiveConnection(socket, stream, HOST, start);
        socket.on('pong', () => connection.heard());
        resolve(connection);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  const received: Buffer[] = [];
  client.on('message', (data: Buffer) => received.push(data));
  closing.push(() => {
    client.terminate();
    server.close();
  });
  const connection = await opened;
  await once(client, 'open');
  return { connection, client, received };
}

describe('frames', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 300_000])('of %i bytes are read by a client as they were', async (bytes) => {
    const { connection, client, received } = await pair();
    const data = Buffer.alloc(bytes, 'x');
    connection.write(binaryFrame(data));
    connection.write(textFrame(data.toString()));
    while (received.length < 2) await once(client, 'message');
    expect(received.every((one) => one.equals(data))).toBe(true);
  });

  it('of text count bytes, not characters', async () => {
    const { connection, client, received } = await pair();
    const text = 'ü€𐍈'.repeat(50);
    connection.write(textFrame(text));
    if (received.length === 0) await once(client, 'message');
    expect(received[0]?.toString()).toBe(text);
  });

  // Small ones are joined, large ones are not.
  it.each([10, 20_000])('of one turn leave in their order, and before a close: %i bytes', async (bytes) => {
    const { connection, client, received } = await pair();
    const sent = [1, 2, 3].map((value) => Buffer.alloc(bytes, value));

    for (const data of sent) connection.write(binaryFrame(data));
    const waitingBytes = connection.waitingBytes;
    connection.end(CLOSE.restart, 'The end');
    const [code] = await once(client, 'close');

    expect(waitingBytes).toBeGreaterThan(3 * bytes);
    expect(received).toEqual(sent);
    expect(code).toBe(1_012);
  });

  it('of one turn that are small are one write', async () => {
    const { connection, client, received } = await pair();
    const write = vi.spyOn(connection.stream, 'write');

    for (const text of ['a', 'bc']) connection.write(textFrame(text));
    while (received.length < 2) await once(client, 'message');

    expect(received.map(String)).toEqual(['a', 'bc']);
    expect(write).toHaveBeenCalledTimes(1);
  });
});

describe('heartbeats', () => {
  const minutes = (count: number): number => count * 60_000;

  it('end a client that has left two of them unanswered', async () => {
    const { connection } = await pair({ autoPong: false });
    expect([1, 2, 3].map((count) => connection.beat(minutes(count)))).toEqual([true, true, false]);
  });

  it('keep a client that answers, and one that is not read', async () => {
    const { connection, client } = await pair();
    for (let count = 1; count < 6; count++) {
      const answered = once(connection.socket, 'pong');
      expect(connection.beat(minutes(count))).toBe(true);
      await answered;
    }
    client.pause();
    connection.pause(1);
    expect([6, 7, 8, 9].map((count) => connection.beat(minutes(count)))).toEqual([true, true, true, true]);
  });
});

describe('what an upgrade asks for', () => {
  it('is matched segment by segment', () => {
    const match = pathMatcher('/ws/{id}');
    expect(match('/ws/a')).toEqual({ id: 'a' });
    for (const address of ['/ws', '/ws/', '/ws/a/b', '/x/a', 'ws/a']) expect(match(address)).toBeUndefined();
  });

  it('may hold words with values beside the protocols of the path', () => {
    expect([...wordsOf(['y-ack.v1', 'ticket.a.b', 'share.c', 'y'], ['y-ack.v1', 'y'])]).toEqual([
      ['ticket', 'a.b'],
      ['share', 'c'],
    ]);
  });
});
