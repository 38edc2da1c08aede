import { connect } from 'node:net';
import { testPostgres } from '@candlefish/testkit/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NotesServer, prepareNotes, startNotes } from './http-notes.ts';

let appUrl: string;
let notes: NotesServer;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await testPostgres().createDatabase();
  drop = () => database.drop();
  appUrl = database.appUrl;
  await prepareNotes(database.superuserUrl);
  notes = await startNotes(appUrl, { config: { corsOrigins: ['https://app.example.com'] } });
});

afterAll(async () => {
  await notes?.close();
  await drop?.();
});

/** Runs `work` against a server of its own settings. */
async function within<T>(
  options: Parameters<typeof startNotes>[1],
  work: (server: NotesServer) => Promise<T>,
): Promise<T> {
  const server = await startNotes(appUrl, options);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

/** Sends bytes as they are and gives everything that comes back until the connection ends or falls silent. */
const RAW_WAIT_MS = 3_000;
function sendRaw(port: number, bytes: string, until = '\r\n\r\n'): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const timer = setTimeout(() => finish(), RAW_WAIT_MS);
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(received);
    };
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (until !== '' && received.includes(until)) finish();
    });
    socket.on('end', finish);
    socket.on('close', finish);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish();
      else reject(error);
    });
  });
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition was not met in time');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('rate limits', () => {
  test('an API key has its own hourly limit, and the headers are true to the last request', async () => {
    const ask = () => notes.request('GET', '/api/v1/notes?limit=1', { as: null, headers: { 'x-api-key': 'key' } });
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"key";q=3;w=3600, "tenant";q=12000;w=60');
    const left = answers.map(({ headers }) =>
      /"key";r=(\d+);t=(\d+)/
        .exec(headers.get('ratelimit') ?? '')
        ?.slice(1)
        .map(Number),
    );
    expect(left.map((pair) => pair?.[0])).toEqual([2, 1, 0, 0]);
    for (const pair of left) expect(pair?.[1]).toBeGreaterThan(3_500);
    const refused = answers[3];
    expect(refused?.json.code).toBe('RATE_LIMITED');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(3_640);
  });

  test('a user and the tenant have limits; one who is refused takes nothing from the others', async () => {
    await within({ config: { userPerMinute: 2, tenantPerMinute: 5 } }, async (server) => {
      const ask = async (as: string) => (await server.request('GET', '/api/v1/notes?limit=1', { as })).status;
      const olga = [await ask('olga'), await ask('olga'), await ask('olga'), await ask('olga')];
      expect(olga).toEqual([200, 200, 429, 429]);
      expect([await ask('stan'), await ask('stan')]).toEqual([200, 200]);
      expect([await ask('vera'), await ask('vera')]).toEqual([200, 429]);
      expect(await ask('otto')).toBe(200);
    });
  });

  test('nobody and bad credentials count against the address, also on paths that do not exist', async () => {
    await within({ config: { addressPerMinute: 4 } }, async (server) => {
      const first = await server.request('GET', '/api/v1/nothing', { as: null });
      expect(first.headers.get('ratelimit')).toMatch(/^"address";r=3;t=\d+$/);
      expect((await server.request('GET', '/api/v1/notes', { as: 'guess-1' })).status).toBe(401);
      expect((await server.request('GET', '/api/v1/notes', { as: 'guess-2' })).status).toBe(401);
      expect((await server.request('GET', '/api/v1/notes', { as: null })).status).toBe(401);
      expect((await server.request('GET', '/api/v1/notes', { as: 'guess-3' })).status).toBe(429);
      expect((await server.request('GET', '/api/v1/notes', { as: 'olga' })).status).toBe(200);
    });
  });

  test('X-Forwarded-For counts only behind a trusted proxy', async () => {
    const ask = (server: NotesServer, address: string) =>
      server.request('GET', '/api/v1/nothing', { as: null, headers: { 'x-forwarded-for': address } });
    await within({ config: { addressPerMinute: 1 } }, async (server) => {
      expect((await ask(server, '203.0.113.1')).status).toBe(404);
      expect((await ask(server, '203.0.113.2')).status).toBe(429);
    });
    await within({ config: { addressPerMinute: 1, trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] } }, async (server) => {
      expect((await ask(server, '203.0.113.1, 10.1.2.3')).status).toBe(404);
      expect((await ask(server, '203.0.113.2')).status).toBe(404);
      expect((await ask(server, '198.51.100.7, 203.0.113.1')).status).toBe(429);
      expect((await ask(server, '2001:db8:1:2::1')).status).toBe(404);
      expect((await ask(server, '2001:db8:1:2:ffff::9')).status).toBe(429);
    });
  });
});

describe('other sites', () => {
  test('a configured origin may call and read the headers; another one may not', async () => {
    const from = (origin: string) => notes.request('GET', '/api/v1/notes?limit=1', { headers: { origin } });
    const known = await from('https://app.example.com');
    expect(known.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(known.headers.get('access-control-expose-headers')).toContain('RateLimit');
    for (const origin of ['https://app.example.com.evil.test', 'null', 'https://appXexample.com']) {
      const unknown = await from(origin);
      expect(unknown.headers.get('access-control-allow-origin')).toBeNull();
      expect(unknown.headers.get('vary')).toBe('Origin');
    }
  });

  test('a preflight needs no credentials and names methods and headers', async () => {
    const answer = await notes.request('OPTIONS', '/api/v1/notes', {
      as: null,
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
  });
});

describe('bytes on the wire', () => {
  const HEAD = 'GET /api/v1/notes?limit=1 HTTP/1.1\r\nHost: localhost\r\n';
  const AUTH = 'Authorization: Bearer olga\r\n';
  const POST = `POST /api/v1/notes HTTP/1.1\r\nHost: a\r\n${AUTH}Content-Type: application/json\r\n`;

  test.each<[string, string, number]>([
    [
      'Content-Length and Transfer-Encoding together',
      `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
      400,
    ],
    ['two different Content-Lengths', `${POST}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`, 400],
    ['a Transfer-Encoding of another spelling', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
    ['a space before the colon', `${HEAD}Authorization : Bearer olga\r\n\r\n`, 400],
    ['a folded header', `${HEAD}Authorization:\r\n Bearer olga\r\n\r\n`, 400],
    ['a bare line feed', 'GET /api/v1/notes HTTP/1.1\nHost: a\n\n', 400],
    ['two Hosts', `${HEAD}Host: other\r\n${AUTH}\r\n`, 400],
    ['no Host', `GET /api/v1/notes HTTP/1.1\r\n${AUTH}\r\n`, 400],
    ['64 kB of headers', `${HEAD}X-Big: ${'x'.repeat(65_536)}\r\n\r\n`, 431],
    ['an address of 10 kB', `GET /api/v1/notes?x=${'x'.repeat(10_000)} HTTP/1.1\r\nHost: a\r\n${AUTH}\r\n`, 414],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01', 400],
    ['an unknown method', 'BREW /api/v1/notes HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ])('%s is refused', async (_name, bytes, status) => {
    const answer = await sendRaw(notes.port, bytes, '}');
    expect(statusOf(answer)).toBe(status);
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).not.toContain('"data"');
  });

  test('a refused request is the last one on its connection', async () => {
    const smuggled = `${HEAD}${AUTH}\r\n`;
    const bytes = `POST /api/v1/notes HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`;
    const answer = await sendRaw(notes.port, bytes, '');
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer).not.toContain('"data"');
  });

  test('headers that claim an identity mean nothing', async () => {
    const forged = {
      'x-user-id': '0193e7a0-0000-7000-8000-000000000101',
      'x-tenant-id': '0193e7a0-0000-7000-8000-00000000000a',
      'x-forwarded-user': 'olga',
      'x-forwarded-host': 'evil.test',
      'x-original-url': '/api/v1/notes/trials/fault',
      'x-http-method-override': 'DELETE',
    };
    expect((await notes.request('GET', '/api/v1/notes', { as: null, headers: forged })).status).toBe(401);
    const plain = await notes.request('GET', '/api/v1/notes?limit=1', { as: 'otto' });
    const claimed = await notes.request('GET', '/api/v1/notes?limit=1', { as: 'otto', headers: forged });
    expect(claimed.text).toBe(plain.text);
  });

  test('a request that does not arrive in time is cut off with 408', async () => {
    await within({ config: { arrivalMs: 200 } }, async (server) => {
      const body = await sendRaw(server.port, `${POST}Content-Length: 9\r\n\r\n{`, '}');
      expect(statusOf(body)).toBe(408);
      expect(statusOf(await sendRaw(server.port, 'GET /api/v1/notes HTTP/1.1\r\nHo', '}'))).toBe(408);
    });
  });
});

describe('time', () => {
  test('an operation past its deadline is told to stop and answered with 504', async () => {
    await within({ config: { deadlineMs: 100 } }, async (server) => {
      const heeding = await server.request('POST', '/api/v1/notes/trials/slow', { as: null });
      expect([heeding.status, heeding.json.code]).toEqual([504, 'TIMEOUT']);
      const deaf = await server.request('POST', '/api/v1/notes/trials/deaf', { as: null });
      expect([deaf.status, deaf.json.code]).toEqual([504, 'TIMEOUT']);
    });
  });

  test('a client that leaves aborts its request', async () => {
    const leaving = new AbortController();
    const request = fetch(`${notes.url}/api/v1/notes/trials/slow`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'x-request-id': 'leaver' },
    });
    request.catch(() => undefined);
    await until(() => notes.service.begun.includes('leaver'));
    leaving.abort();
    await expect(request).rejects.toThrow();
    await until(() => notes.service.stopped.includes('leaver'));
    await until(() => notes.logLines().some((line) => line['requestId'] === 'leaver' && line['status'] === 499));
  });

  const connections = (server: NotesServer): Promise<number> =>
    new Promise((resolve) => {
      server.server.fastify.server.getConnections((_, count) => resolve(count));
    });

  test('a server that stops finishes what is at work, and takes nothing new', async () => {
    const server = await startNotes(appUrl);
    let open: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    server.service.beforeCommit = () => {
      begin();
      return new Promise<void>((resolve) => {
        open = resolve;
      });
    };
    const working = server.request('POST', '/api/v1/notes', { body: { title: 'last' } });
    await begun;
    const closed = server.close();
    await until(() => !server.server.fastify.server.listening);
    await expect(fetch(`${server.url}/api/v1/notes`)).rejects.toThrow();
    open();
    const answer = await working;
    expect([answer.status, answer.headers.get('connection')]).toEqual([201, 'close']);
    await closed;
  });

  test('a connection that never asks anything does not keep the server', async () => {
    const server = await startNotes(appUrl);
    const silent = connect(server.port, '127.0.0.1');
    const ended = new Promise((resolve) => silent.once('close', resolve));
    silent.resume();
    await until(() => connections(server).then((count) => count === 1));
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await ended;
  });

  test('what does not finish in time is aborted, so that stopping ends', async () => {
    const server = await startNotes(appUrl, { config: { drainMs: 100 } });
    const slow = server.request('POST', '/api/v1/notes/trials/slow', { as: null });
    await until(() => server.service.begun.length > 0);
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect((await slow).status).toBe(503);
  });
});

describe('what is told of requests', () => {
  test('each is counted under its pattern and logged in one line', async () => {
    await within({}, async (server) => {
      const id = '0193e7a0-0000-7000-8000-0000000000ff';
      await server.request('GET', `/api/v1/notes/${id}`, { headers: { 'x-request-id': 'seen' } });
      await server.request('GET', '/api/v1/unknown/1', { as: null });
      await until(() => server.logLines().filter((line) => line['msg'] === 'request').length === 2);
      const metrics = await server.metrics.text();
      expect(metrics).toContain(
        'http_requests_total{service="notes",method="GET",route="/api/v1/notes/{id}",status="404"} 1',
      );
      expect(metrics).toContain('http_requests_total{service="platform",method="GET",route="(none)",status="404"} 1');
      expect(metrics).toMatch(/http_request_duration_seconds_count\{service="notes".*\} 1/);
      expect(metrics).not.toContain(id);
      expect(server.logLines().find((line) => line['requestId'] === 'seen')).toMatchObject({
        level: 'info',
        msg: 'request',
        service: 'notes',
        method: 'GET',
        route: '/api/v1/notes/{id}',
        status: 404,
        actorKind: 'user',
        actorId: '0193e7a0-0000-7000-8000-000000000101',
        tenantId: '0193e7a0-0000-7000-8000-00000000000a',
      });
    });
  });
});
