import { connect } from 'node:net';
import type { ApiAnswer } from '@candlefish/testkit/api-client';

/** A server that says nothing for this long will say nothing. */
const SILENCE_MS = 3_000;

/**
 * Sends bytes as they are over a connection of their own and gives everything that comes back until the server closes it,
 * `until` has come, or it falls silent.
 */
export function sendRaw(url: string, bytes: string, until = ''): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname, () =>
      socket.write(bytes, 'latin1'),
    );
    const finish = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(SILENCE_MS, finish);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (until !== '' && received.includes(until)) finish();
    });
    socket.on('end', finish);
    socket.on('close', finish);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server may cut a request off before it has read all of it; what it said before counts.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish();
      else reject(error);
    });
  });
}

/** Statuses of the answers in what came back, in order. */
export const statusesOf = (received: string): readonly number[] =>
  [...received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

/** The first answer in what came back, as `fetch` would give it. */
export function firstAnswer(received: string): ApiAnswer {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const [, ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const text = rest.join('\r\n\r\n').slice(0, Number(headers.get('content-length') ?? 0));
  const isJson = /\bjson\b/.test(headers.get('content-type') ?? '') && text !== '';
  return { status: statusesOf(received)[0] ?? 0, headers, body: isJson ? JSON.parse(text) : text, text };
}
