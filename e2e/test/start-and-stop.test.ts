import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type ApiClient, apiClient } from '@candlefish/testkit/api-client';
import { MANY_CLIENTS, signUp } from '@candlefish/testkit/network';
import {
  type CandlefishProcess,
  type ProcessEnd,
  type ReadyLine,
  startCandlefish,
} from '@candlefish/testkit/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentCard } from '../support/agent-card.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/folders.ts';
import { bearer, TRANSPORTS, watch } from '../support/followers.ts';
import { eventually } from '../support/wait.ts';

const ENVIRONMENT = { ...MANY_CLIENTS, CANDLEFISH_ENV: 'test', LOG_LEVEL: 'warn' };
/** From the signal to the end of the process, with the embedded database. */
const STOP_MAX_MS = 10_000;
/** Node's `fetch` tells here that a request has been handed to the network. */
const BODY_SENT = 'undici:request:bodySent';
const THREE_STARTS_MAX_MS = 120_000;
const WRITERS = 4;
const LOGINS = 24;
const STATUS_CHANGED = 'subscription($tenantId: ID!) { agentStatusChanged(tenantId: $tenantId) { cursor } }';

const up = (data: string, more: readonly string[] = []): CandlefishProcess =>
  startCandlefish(['up', '--json', '--port', '0', '--admin-port', '0', '--data', data, ...more], {
    environment: ENVIRONMENT,
  });

/** A start that was told to stop before it was done. */
interface GivenUp {
  readonly end: ProcessEnd;
  readonly stderr: string;
  readonly ms: number;
}

/** Starts on a folder and stops when the start has written something. */
async function giveUpAt(data: string, written: string): Promise<GivenUp> {
  const early = up(data);
  await early.wrote(written);
  const askedAt = performance.now();
  const end = await early.stop();
  return { end, stderr: early.stderr(), ms: performance.now() - askedAt };
}

describe('candlefish up', () => {
  let folder: TemporaryFolder;
  let data: string;
  const givenUp: GivenUp[] = [];
  let first: CandlefishProcess;
  let addresses: ReadyLine;
  let api: ApiClient;

  beforeAll(async () => {
    folder = await temporaryFolder();
    data = join(folder.path, 'a folder that is not there yet');
    // Each one later than the one before: with no folder yet, while the database starts, while services start.
    for (const written of ['starting the embedded database', 'applied']) givenUp.push(await giveUpAt(data, written));
    first = up(data);
    addresses = await first.ready();
    api = apiClient(addresses.url);
  }, THREE_STARTS_MAX_MS);
  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('gives a start up when it is told to, and can be started again', () => {
    for (const { end, stderr, ms } of givenUp) {
      expect(end, stderr).toEqual({ code: 0, signal: null });
      expect(ms).toBeLessThan(STOP_MAX_MS);
    }
    expect(addresses.services.length).toBeGreaterThan(0);
  });

  it('prints its addresses as one line of JSON, where everything answers', async () => {
    expect(first.stdout().trim().split('\n')).toHaveLength(1);
    expect(addresses.services).toEqual(['auth', 'graphql', 'nanda', 'document', 'websocket', 'audit']);
    expect(await apiClient(addresses.adminUrl).get('/ready')).toMatchObject({ status: 200 });
    expect(await api.get('/health')).toMatchObject({ status: 200 });
    const { data: seen } = await api.graphql('{ health { status services { name status } } }');
    expect(seen).toMatchObject({ health: { status: 'ok' } });
  });

  it('lets the demo person in, who finds agents and documents', async () => {
    const { email, password } = addresses.demo ?? { email: '', password: '' };
    const login = await api.post('/api/v1/auth/login', { email, password });
    expect(login.status, login.text).toBe(200);
    const demo = api.as((login.body as { token: string }).token);
    for (const path of ['/api/v1/agents', '/api/v1/documents']) {
      const { data: items } = (await demo.get(path)).body as { data: readonly unknown[] };
      expect(items.length, path).toBeGreaterThan(0);
    }
  });

  it('refuses a second start on its folder, names itself, and runs on', async () => {
    const second = up(data);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toContain(String(first.pid));
    expect(second.stdout()).toBe('');
    expect(await api.get('/health')).toMatchObject({ status: 200 });
    expect(await apiClient(addresses.adminUrl).get('/ready')).toMatchObject({ status: 200 });
  });

  it('finishes what is in flight on SIGTERM, sends sockets away and ends in order', async () => {
    const somebody = await signUp(api);
    const variables = { tenantId: somebody.tenantId };
    const sockets = TRANSPORTS.map((transport) =>
      watch(addresses.url, bearer(somebody.token), transport, { query: STATUS_CHANGED, variables }),
    );
    const change = await changeMaker(somebody.api);
    await eventually('both subscriptions are open', 10_000, async () => {
      await change();
      return sockets.every((one) => one.count() > 0) ? true : null;
    });
    const { email, password } = somebody;
    const logins = await sent(LOGINS, () => api.post('/api/v1/auth/login', { email, password }));
    // An answer to a later request: by then the server has read those before it.
    await api.get('/health');
    const askedAt = performance.now();
    first.signal('SIGTERM');
    const statuses = (await Promise.all(logins())).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => 200));
    const [socket, stream] = await Promise.all(sockets.map(({ ended }) => ended));
    expect([1_001, 1_012]).toContain((socket as { code: number }).code);
    expect(JSON.stringify(stream)).not.toContain('errors');
    await hasEndedInOrder(first, askedAt);

    first = up(data);
    addresses = await first.ready();
    api = apiClient(addresses.url);
    expect(await api.post('/api/v1/auth/login', { email, password })).toMatchObject({ status: 200 });
  });

  it('keeps what it acknowledged when it is killed, and starts over the stale lock', async () => {
    const somebody = await signUp(api);
    const acknowledged: string[] = [];
    let killed = false;
    const write = async (): Promise<void> => {
      while (!killed) {
        const answer = await somebody.api.post('/api/v1/documents', { title: 'Kept' }).catch(() => null);
        if (answer?.status === 201) acknowledged.push((answer.body as { id: string }).id);
      }
    };
    const writing = Promise.all(Array.from({ length: WRITERS }, write));
    await eventually('writers are at work', 10_000, () => (acknowledged.length >= 20 ? true : null));
    await first.kill();
    killed = true;
    await writing;

    first = up(data);
    addresses = await first.ready();
    api = apiClient(addresses.url);
    const mine = api.as(somebody.token);
    const found = await Promise.all(acknowledged.map((id) => mine.get(`/api/v1/documents/${id}`)));
    expect(found.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('names the setting when a port is taken, and leaves nothing behind', async () => {
    await using other = await temporaryFolder();
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    const flags = [
      ['--port', 'PORT'],
      ['--admin-port', 'ADMIN_PORT'],
    ] as const;
    const starts = flags.map(async ([flag, setting]) => {
      const blocked = up(join(other.path, setting), [flag, String(port), '--host', '127.0.0.1']);
      expect(await blocked.ended, blocked.stderr()).toEqual({ code: 1, signal: null });
      expect(blocked.stderr()).toMatch(new RegExp(`port .*${port} is in use.*${setting}`, 's'));
      // Told before anything that takes long.
      expect(blocked.stderr()).not.toContain('applied');
    });
    await Promise.all(starts);
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('ends in order on SIGINT too, which Ctrl-C sends', async () => {
    const askedAt = performance.now();
    first.signal('SIGINT');
    await hasEndedInOrder(first, askedAt);
  });
});

/** A stop that was asked for is no failure, warns of nothing and prints nothing but the addresses. */
async function hasEndedInOrder(one: CandlefishProcess, askedAt: number): Promise<void> {
  expect(await one.ended, one.stderr()).toEqual({ code: 0, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(STOP_MAX_MS);
  expect(one.stdout().trim().split('\n')).toHaveLength(1);
}

/** Starts requests and resolves when the last of them is on its way. Gives what gives the answers. */
async function sent<T>(count: number, request: () => Promise<T>): Promise<() => readonly Promise<T>[]> {
  const isSent = new Promise<void>((resolve) => {
    let left = count;
    const see = (): void => {
      left -= 1;
      if (left > 0) return;
      unsubscribe(BODY_SENT, see);
      resolve();
    };
    subscribe(BODY_SENT, see);
  });
  const answers = Array.from({ length: count }, request);
  await Promise.race([isSent, Promise.all(answers)]);
  return () => answers;
}

/** Gives what changes the status of an agent, to and fro. */
async function changeMaker(api: ApiClient): Promise<() => Promise<void>> {
  const { body } = await api.post('/api/v1/agents', { name: 'Agent', version: agentCard.version, spec: agentCard });
  const { id } = body as { id: string };
  let status = 'suspended';
  return async () => {
    status = status === 'active' ? 'suspended' : 'active';
    const answer = await api.post(`/api/v1/agents/${id}/status`, { status });
    expect(answer.status, answer.text).toBe(200);
  };
}
