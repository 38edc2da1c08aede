import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createOutgoingClient,
  type OutgoingClient,
  type OutgoingFailure,
  type OutgoingOptions,
} from '../outgoing/index.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function client(options: Partial<OutgoingOptions> = {}): OutgoingClient {
  const made = createOutgoingClient({ allowLoopback: false, userAgent: 'test', timeoutMs: 2_000, ...options });
  closing.push(() => made.close());
  return made;
}

/** A server on loopback that counts who comes. */
async function serve(
  listener: RequestListener,
  host = '127.0.0.1',
): Promise<{ port: number; url: string; server: Server; visits: string[] }> {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, server, visits };
}

const get = (from: OutgoingClient, url: string, signal = new AbortController().signal) =>
  from.send({ method: 'GET', url, signal });

const failing = (failure: OutgoingFailure) => expect.objectContaining({ name: 'OutgoingError', failure });

describe('an address that may not be called is refused before connecting', () => {
  test('loopback in every spelling', async () => {
    const { port, visits } = await serve((_request, response) => void response.end('secret'));
    const outgoing = client();
    const hosts = [
      ...['127.0.0.1', '127.1', '127.0.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1'],
      ...['localhost', 'LOCALHOST', '0', '0.0.0.0', '①②⑦.⓪.⓪.①', '127。0。0。1'],
      ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]'],
    ];
    for (const host of hosts) {
      await expect(get(outgoing, `http://${host}:${port}/`), host).rejects.toEqual(failing('address'));
    }
    // Whether this one resolves is up to the system's resolver.
    await expect(get(outgoing, `http://localhost.:${port}/`)).rejects.toThrow('address');
    expect(visits).toEqual([]);
  });

  test.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://192.168.0.1:8080/',
    'https://[fe80::1]/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'gopher://example.com/',
    'http://user:password@example.com/',
    'http://user@example.com/',
    'example.com',
    '',
  ])('%s', async (url) => {
    await expect(get(client(), url)).rejects.toEqual(failing('address'));
  });

  test('a name with one bad address among good ones', async () => {
    const addresses = ['93.184.216.34', '127.0.0.1'].map((address) => ({ address, family: 4 }));
    const outgoing = client({ resolve: async () => addresses });
    await expect(get(outgoing, 'http://rebinding.test/')).rejects.toEqual(failing('address'));
  });

  test('a name that answers something else the next time', async () => {
    const { port, visits } = await serve((_request, response) => {
      response.writeHead(200, { connection: 'close' }).end('here');
    });
    const answers = ['127.0.0.1', '10.0.0.1'];
    const outgoing = client({
      allowLoopback: true,
      resolve: async () => [{ address: answers.shift() ?? 'asked twice for one connection', family: 4 }],
    });
    expect((await get(outgoing, `http://rebinding.test:${port}/1`)).status).toBe(200);
    await expect(get(outgoing, `http://rebinding.test:${port}/2`)).rejects.toEqual(failing('address'));
    expect([visits, answers]).toEqual([['/1'], []]);
  });

  test('a redirect to one, on any hop', async () => {
    const inside = await serve((_request, response) => void response.end('secret'));
    const targets = [`http://169.254.169.254/`, 'ftp://example.com/', 'http://user:password@example.com/'];
    for (const target of targets) {
      const outside = await serve((request, response) => {
        const location = request.url === '/first' ? '/second' : target;
        response.writeHead(302, { location }).end();
      });
      await expect(get(client({ allowLoopback: true }), `${outside.url}/first`), target).rejects.toEqual(
        failing('address'),
      );
      expect(outside.visits).toEqual(['/first', '/second']);
    }
    expect(inside.visits).toEqual([]);
  });
});

describe('a call that may happen', () => {
  const local = (options: Partial<OutgoingOptions> = {}) => client({ allowLoopback: true, ...options });

  test('brings back status, headers and body, whatever the status', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(404, { 'x-agent': request.headers['user-agent'] ?? '' }).end('gone');
    });
    const answer = await get(local(), `${url}/a?b=c`);
    expect(answer).toMatchObject({ status: 404, url: `${url}/a?b=c`, headers: { 'x-agent': 'test' } });
    expect(Buffer.from(answer.body).toString()).toBe('gone');
  });

  test('posts a body and follows no redirect with it', async () => {
    let body = '';
    const { url, visits } = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => response.writeHead(307, { location: '/elsewhere' }).end());
    });
    const { signal } = new AbortController();
    const answer = await local().send({ method: 'POST', url, body: '{"a":1}', signal });
    expect([answer.status, body, visits]).toEqual([307, '{"a":1}', ['/']]);
  });

  test('follows three redirects and not a fourth', async () => {
    const { url } = await serve((request, response) => {
      const hop = Number(request.url?.slice(1));
      if (hop === 0) response.end('here');
      else response.writeHead(301, { location: `/${hop - 1}` }).end();
    });
    expect(Buffer.from((await get(local(), `${url}/3`)).body).toString()).toBe('here');
    await expect(get(local(), `${url}/4`)).rejects.toEqual(failing('redirects'));
  });

  test('sends its headers to the first host only', async () => {
    const seen: (string | undefined)[] = [];
    const second = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const first = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: second.url }).end();
    });
    const headers = { authorization: 'Bearer secret', accept: 'text/plain' };
    await local().send({ method: 'GET', url: first.url, headers, signal: new AbortController().signal });
    expect(seen).toEqual(['Bearer secret', undefined]);
  });

  test('decodes what is coded, and stops at the bound of what comes out', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { url } = await serve((request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(request.url === '/bomb' ? bomb : gzipSync('hello'));
    });
    const outgoing = local();
    expect(Buffer.from((await get(outgoing, `${url}/small`)).body).toString()).toBe('hello');
    const before = process.memoryUsage().rss;
    await expect(get(outgoing, `${url}/bomb`)).rejects.toEqual(failing('too_large'));
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  });

  test('refuses a plain body beyond the bound and codings that were not offered', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(1024 * 1024 + 1));
      else if (request.url === '/fits') response.end(Buffer.alloc(1024 * 1024));
      else if (request.url === '/broken') response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
      else response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end('x');
    });
    const outgoing = local();
    await expect(get(outgoing, `${url}/large`)).rejects.toEqual(failing('too_large'));
    expect((await get(outgoing, `${url}/fits`)).body).toHaveLength(1024 * 1024);
    await expect(get(outgoing, `${url}/broken`)).rejects.toEqual(failing('encoding'));
    await expect(get(outgoing, `${url}/twice`)).rejects.toEqual(failing('encoding'));
  });

  test('ends in time when nothing comes, or comes too slowly', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const { url } = await serve((request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      timers.add(timer);
      response.once('close', () => clearInterval(timer));
    });
    const outgoing = local({ timeoutMs: 200 });
    await expect(get(outgoing, `${url}/silent`)).rejects.toEqual(failing('timeout'));
    await expect(get(outgoing, `${url}/dripping`)).rejects.toEqual(failing('timeout'));
  });

  test('ends with its caller', async () => {
    const leaving = new AbortController();
    const { url } = await serve(() => leaving.abort(new Error('left')));
    await expect(get(local(), url, leaving.signal)).rejects.toThrow('left');
  });

  test('says that nobody is there without saying more', async () => {
    const { url, server } = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(get(local(), url)).rejects.toEqual(failing('unreachable'));
    await expect(get(client(), 'http://no-such-host.invalid/')).rejects.toEqual(failing('unreachable'));
  });
});
