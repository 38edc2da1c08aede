import { afterEach, expect, test } from 'vitest';
import { type Credential, DocumentProvider, type DocumentProviderOptions } from '../index.ts';
import { afterClose } from '../link/close-codes.ts';
import { DEFAULT_TIMING, retryDelayMs } from '../link/timing.ts';
import { DocumentServer } from './support/document-server.ts';
import { until } from './support/until.ts';

const TIMING = { retryBaseMs: 20, retryMaxMs: 200, connectMaxMs: 2_000, stableAfterMs: 50 };

const opened: DocumentProvider[] = [];
const servers: DocumentServer[] = [];

afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.destroy();
  for (const server of servers.splice(0)) await server.kill();
});

async function startServer(): Promise<DocumentServer> {
  const server = await DocumentServer.start();
  servers.push(server);
  return server;
}

function open(server: DocumentServer, options: Partial<DocumentProviderOptions> = {}): DocumentProvider {
  const credential = (): Credential => ({ token: 'good' });
  const provider = new DocumentProvider({ url: server.url, documentId: 'd', credential, timing: TIMING, ...options });
  opened.push(provider);
  return provider;
}

const isSaved = (provider: DocumentProvider) => (): boolean => provider.state.status === 'saved';

test('waits are uniform below a bound that doubles from 1.5 s to 30 s', () => {
  const longest = (attempts: number): number => retryDelayMs(attempts, DEFAULT_TIMING, () => 1);
  expect([0, 1, 2, 3, 4, 5, 50].map(longest)).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 30_000, 30_000]);
  expect(retryDelayMs(2, DEFAULT_TIMING, () => 0.25)).toBe(1_500);
  expect(retryDelayMs(9, DEFAULT_TIMING, () => 0)).toBe(0);
});

test.each([
  [1001, 'retry'],
  [1006, 'retry'],
  [1009, 'too_large'],
  [1012, 'retry'],
  [1013, 'retry'],
  [4400, 'give_up'],
  [4401, 'retry'],
  [4403, 'give_up'],
  [4404, 'give_up'],
  [4409, 'epoch'],
  [4429, 'retry_late'],
  [4508, 'retry'],
])('close code %i means %s', (code, after) => {
  expect(afterClose(code)).toBe(after);
});

test.each([
  ['a ticket', { ticket: 'abc' }, 'ticket abc'],
  ['a token', { token: 'abc' }, 'token abc'],
  ['a header', { headers: { authorization: 'Bearer abc' } }, 'Bearer abc'],
] as const)('%s is shown to the server', async (_what, credential, seen) => {
  const server = await startServer();
  const provider = open(server, { credential: () => credential });
  await until('connected', isSaved(provider));
  expect(server.credentials).toEqual([seen]);
});

test('a new credential is asked for at each connection, after a 4401 too', async () => {
  const server = await startServer();
  let made = 0;
  const credential = (): Credential => {
    made += 1;
    return { ticket: `t${made}` };
  };
  server.behaviour.admits = (shown) => shown === 'ticket t3';
  const provider = open(server, { credential });
  await until('connected', isSaved(provider));
  expect(server.credentials).toEqual(['ticket t1', 'ticket t2', 'ticket t3']);
});

test('a credential that cannot be had is told, and asked for again', async () => {
  const server = await startServer();
  let tries = 0;
  const credential = async (): Promise<Credential> => {
    tries += 1;
    if (tries < 3) throw new Error('no network');
    return { token: 'good' };
  };
  const provider = open(server, { credential });
  const problems: string[] = [];
  provider.on('problem', ({ about }) => problems.push(about));
  await until('connected', isSaved(provider));
  expect(problems).toEqual(['credential', 'credential']);
});

test('a token is renewed on the open connection', async () => {
  const server = await startServer();
  const provider = open(server, { credential: (purpose) => ({ token: purpose }) });
  await until('connected', isSaved(provider));
  server.tell({ type: 'auth_refresh', expiresAt: '2026-11-23T12:00:00.000Z' });
  await until('renewed', () => server.credentials.length === 2);
  expect(server.credentials).toEqual(['token connect', 'again refresh']);
  expect(server.connections.size).toBe(1);
});

test('what renews itself only by a ticket connects anew', async () => {
  const server = await startServer();
  const provider = open(server, { credential: (purpose) => ({ ticket: purpose }) });
  await until('connected', isSaved(provider));
  server.tell({ type: 'auth_refresh', expiresAt: '2026-11-23T12:00:00.000Z' });
  await until('connected anew', () => server.credentials.includes('ticket connect', 1) && isSaved(provider)());
});

test('a server that stops tells when to come back', async () => {
  const server = await startServer();
  const provider = open(server, { random: () => 1, timing: { ...TIMING, retryBaseMs: 60_000, retryMaxMs: 60_000 } });
  await until('connected', isSaved(provider));
  server.closeAll(1012, { type: 'reconnect', delayMs: 30 });
  await until('away', () => provider.state.status === 'offline');
  await until('back', isSaved(provider), 2_000);
});

test.each([4400, 4403, 4404])('after %i nothing is tried again', async (code) => {
  const server = await startServer();
  const provider = open(server);
  await until('connected', isSaved(provider));
  server.closeAll(code, { type: 'error', code: 'revoked', message: 'The session has ended.' });
  await until('closed', () => provider.state.status === 'closed');
  expect(provider.state.ending).toEqual({ code, reason: 'revoked' });
  await expect(provider.flush()).rejects.toThrow('closed');
});

test('a server that says nothing is asked, and left when it stays silent', async () => {
  const server = await startServer();
  const provider = open(server, { timing: { ...TIMING, probeAfterMs: 60, silenceMaxMs: 150 } });
  await until('connected', isSaved(provider));
  const lasted = server.credentials.length;
  // Answers to the questions keep the connection for several times the silence.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(server.credentials).toHaveLength(lasted);
  server.behaviour.answers = false;
  await until('left and tried again', () => server.credentials.length > lasted);
  server.behaviour.answers = true;
  // A connection of the silent time was never answered, and it is no longer silent.
  server.closeAll(1001);
  await until('back', isSaved(provider));
});

test('a link that never gets an answer to its upgrade tries again', async () => {
  const server = await startServer();
  const { port } = server;
  await server.kill();
  const { createServer } = await import('node:net');
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
  const provider = open(server, { timing: { ...TIMING, connectMaxMs: 50 } });
  await until('it tries', () => provider.state.status === 'connecting');
  await until('it gave up the try', () => provider.state.status === 'offline');
  await provider.destroy();
  silent.close();
});

test('a listener that throws stops no other', async () => {
  const server = await startServer();
  const provider = open(server);
  const thrown: unknown[] = [];
  const keep = (error: unknown): void => void thrown.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', keep);
  let heard = 0;
  provider.on('synced', () => {
    throw new Error('from a listener');
  });
  provider.on('synced', () => {
    heard += 1;
  });
  await until('the error reached the environment', () => thrown.length === 1);
  for (const listener of others) process.on('uncaughtException', listener);
  expect(heard).toBe(1);
});
