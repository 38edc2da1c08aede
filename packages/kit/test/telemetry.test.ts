import { createServer } from 'node:http';
import { createAdminServer } from '@candlefish/kit/http';
import { createLog, createMetrics, startTracing, type Tracing } from '@candlefish/kit/telemetry';
import { Histogram, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const collect = () => {
  const lines: string[] = [];
  return { lines, log: createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }) };
};

/** Shaped like the real ones, made up here. */
const SECRETS = {
  password: 'correct-horse-battery',
  bearer: 'Bearer abcdefghijklmnop.qrstuvwxyz',
  key: 'cf_live_4fjK2nQ8sLwZx0VbT7yRmCp3',
  jwt: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
  mail: 'ann.example@mail.example.org',
};

describe('the log', () => {
  test('hides what is secret by name, at any depth', () => {
    const { lines, log } = collect();
    log.info(
      {
        password: SECRETS.password,
        request: { headers: { authorization: SECRETS.bearer, Cookie: 'a=b', 'x-api-key': SECRETS.key } },
        list: [{ refreshToken: 'r-1' }, { client_secret: { inner: 's-1' } }],
        user: { email: SECRETS.mail, id: 'u-1' },
      },
      'signed in',
    );
    const [line = ''] = lines;
    for (const hidden of [...Object.values(SECRETS), 'a=b', 'r-1', 's-1']) expect(line).not.toContain(hidden);
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      msg: 'signed in',
      password: '[redacted]',
      user: { id: 'u-1' },
    });
  });

  test('hides what looks like a credential, wherever it stands', () => {
    const { lines, log } = collect();
    const child = log.child({ note: SECRETS.key });
    child.warn({ note: `got ${SECRETS.bearer}` }, `mail to ${SECRETS.mail} failed`);
    child.error({ err: new Error(`token ${SECRETS.jwt} at postgres://app:hunter2@db/x`) }, 'failed');
    for (const hidden of [...Object.values(SECRETS), 'hunter2']) expect(lines.join('\n')).not.toContain(hidden);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ msg: 'failed', err: { type: 'Error' } });
  });

  test('keeps the causes of an error, and ends on a circle of them', () => {
    const { lines, log } = collect();
    const inner = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    log.error({ err: new Error('storing a note', { cause: inner }) }, 'failed');
    const circle = new Error('circle');
    circle.cause = circle;
    log.error({ err: circle }, 'failed');
    const { err } = JSON.parse(lines[0] ?? '');
    expect(err.cause).toMatchObject({ message: 'deadlock detected', code: '40P01' });
    expect(err.stack).toContain('telemetry.test.ts');
    expect(lines).toHaveLength(2);
  });

  test('goes to standard output where nothing else is named', () => {
    expect(() => createLog({ level: 'silent' }).flush()).not.toThrow();
  });

  test('a line is one line, whatever is in it', () => {
    const { lines, log } = collect();
    log.info({ name: 'a\n{"level":"error"}' }, 'b\r\nc');
    expect(lines[0]?.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('metrics', () => {
  test('the same name gives the same counter, and two processes share nothing', async () => {
    const one = createMetrics({ process: false });
    const other = createMetrics({ process: false });
    one.counter('made_total', 'Made.', ['kind']).inc({ kind: 'a' });
    one.counter('made_total', 'Made.', ['kind']).inc({ kind: 'a' });
    expect(await one.text()).toContain('made_total{kind="a"} 2');
    expect(await other.text()).not.toContain('made_total');
  });

  test('durations are written as the client library of Prometheus writes them', async () => {
    const metrics = createMetrics({ process: false });
    const registry = new Registry();
    const labelNames = ['service', 'status'];
    const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 10];
    const theirs = new Histogram({ name: 'took_seconds', help: 'Took.', labelNames, buckets, registers: [registry] });
    const ours = metrics.duration('took_seconds', 'Took.', labelNames);
    for (const [status, seconds] of [
      ['200', 0],
      ['200', 0.002],
      ['500', 0.0021],
      ['200', 0.3],
      ['200', 11],
    ] as const) {
      ours.of({ service: 'a "quoted" one', status }).observe(seconds);
      theirs.observe({ service: 'a "quoted" one', status }, seconds);
    }
    expect(await metrics.text()).toBe(await registry.metrics());
    expect(metrics.duration('took_seconds', 'Took.', labelNames)).toBe(ours);
    expect(() => ours.of({ service: 'a' })).toThrow('took_seconds has the labels service, status');
  });

  test('a tally is read when somebody looks', async () => {
    const metrics = createMetrics({ process: false });
    const counted = { labels: { kind: 'a' }, value: 1 };
    metrics.tally('made_total', 'Made.', ['kind'], () => [counted]);
    counted.value += 2;
    expect(await metrics.text()).toContain('made_total{kind="a"} 3');
    expect(await metrics.text()).toContain('made_total{kind="a"} 3');
  });

  test('a watched value is read when somebody looks', async () => {
    const metrics = createMetrics({ process: true });
    let idle = 1;
    metrics.watch('pool_connections', 'Connections.', () => [
      { labels: { state: 'idle' }, value: idle },
      { labels: { state: 'busy' }, value: 2 },
    ]);
    idle = 5;
    const text = await metrics.text();
    expect(text).toContain('pool_connections{state="idle"} 5');
    expect(text).toContain('pool_connections{state="busy"} 2');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });
});

describe('the admin listener', () => {
  test('tells health, readiness, services and metrics, and what is not ready', async () => {
    let state: 'running' | 'starting' = 'starting';
    let obstacles: readonly string[] = [];
    const metrics = createMetrics({ process: false });
    metrics.counter('seen_total', 'Seen.').inc();
    const { log } = collect();
    const admin = createAdminServer({
      host: '127.0.0.1',
      port: 0,
      log,
      metrics,
      version: '1.2.3',
      statuses: () => [{ name: 'auth', state, since: new Date(0), reason: null }],
      obstacles: async () => obstacles,
    });
    const { port } = await admin.listen();
    const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
    try {
      expect(await (await get('/health')).json()).toMatchObject({ status: 'ok', version: '1.2.3' });
      const starting = await get('/ready');
      expect(starting.status).toBe(503);
      expect(await starting.json()).toMatchObject({ ready: false, notReady: ['auth is starting'] });
      state = 'running';
      expect((await get('/ready')).status).toBe(200);
      obstacles = ['the database does not answer'];
      expect(await (await get('/ready')).json()).toMatchObject({ notReady: ['the database does not answer'] });
      expect(await (await get('/services')).json()).toMatchObject({ services: [{ name: 'auth', state: 'running' }] });
      expect(await (await get('/metrics')).text()).toContain('seen_total 1');
      expect((await get('/metrics', 'POST')).status).toBe(405);
      expect((await get('/constructor')).status).toBe(404);
    } finally {
      await admin.close();
    }
  });

  test('a port that is taken is an error, not a crash', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { log } = collect();
    const options = {
      log,
      metrics: createMetrics({ process: false }),
      version: '0',
      statuses: () => [],
      obstacles: async () => [],
    };
    await expect(createAdminServer({ host: '127.0.0.1', port, ...options }).listen()).rejects.toThrow(/EADDRINUSE/);
    blocker.close();
  });
});

describe('traces', () => {
  interface OtlpSpan {
    readonly name: string;
    readonly traceId: string;
    readonly spanId: string;
    readonly parentSpanId?: string;
  }
  const spans: OtlpSpan[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
      };
      for (const resource of body.resourceSpans) for (const scope of resource.scopeSpans) spans.push(...scope.spans);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  let tracing: Tracing;
  const errors: Error[] = [];

  beforeAll(async () => {
    collector.listen(0, '127.0.0.1');
    await new Promise((resolve) => collector.once('listening', resolve));
    const address = collector.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    tracing = await startTracing({
      endpoint: new URL(`http://127.0.0.1:${port}`),
      serviceName: 'test',
      version: '1',
      sampleRatio: 1,
      onError: (error) => errors.push(error),
    });
  });

  afterAll(() => {
    collector.close();
  });

  test('a request, its operation and its statement form one trace under the caller', async () => {
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const request = tracing.request(parent);
    expect(request?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    let outgoing: string | undefined;
    await request?.within(() =>
      tracing.run('createNote', {}, async () => {
        await Promise.resolve();
        tracing.record('notes.insertNote', 3, false);
        outgoing = tracing.traceparent();
      }),
    );
    request?.end('POST /notes', 201, {});
    tracing.record('outside', 1, false);
    await tracing.close();
    expect(errors).toEqual([]);
    const named = (name: string) => spans.find((span) => span.name === name);
    expect(spans.map(({ name }) => name).toSorted()).toEqual(['POST /notes', 'createNote', 'notes.insertNote']);
    expect(named('POST /notes')?.parentSpanId).toBe('b7ad6b7169203331');
    expect(named('createNote')?.parentSpanId).toBe(named('POST /notes')?.spanId);
    expect(named('notes.insertNote')?.parentSpanId).toBe(named('createNote')?.spanId);
    expect(outgoing).toBe(`00-0af7651916cd43dd8448eb211c80319c-${named('createNote')?.spanId}-01`);
  });
});
