import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type PostgresServer, startPostgresServer } from '@candlefish/testkit/postgres';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresPubSub, type PubSub, PubSubDeafError } from '../pubsub/index.ts';
import { until } from './drivers.ts';
import { pubsubContract } from './pubsub-contract.ts';

const NOBODY = 65_534;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(() => server.stop());

const open: PubSub[] = [];
afterEach(async () => {
  for (const pubsub of open.splice(0)) await pubsub.close();
});

const clientOf = (connectionString: string): pg.Client =>
  new pg.Client({ connectionString, application_name: 'pubsub', connectionTimeoutMillis: 2_000 });

async function node(onDegraded: (use: string, error: unknown) => void = () => undefined): Promise<PubSub> {
  const pubsub = await createPostgresPubSub({ createClient: () => clientOf(server.superuserUrl), onDegraded });
  open.push(pubsub);
  return pubsub;
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

describe('pub/sub: PostgreSQL', () => {
  pubsubContract((options) =>
    createPostgresPubSub({
      createClient: () => clientOf(server.superuserUrl),
      onDegraded: (_, error) => expect.fail(String(error)),
      ...options,
    }),
  );
});

test('one LISTEN serves any number of channels', async () => {
  const pubsub = await node();
  for (let index = 0; index < 100; index++) await pubsub.subscribe(`c${index}`, () => undefined);
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  const { rows } = await client.query(
    `select count(*)::int as listens from pg_stat_activity where application_name = 'pubsub'`,
  );
  await client.end();
  expect(rows).toEqual([{ listens: 1 }]);
});

test('thousands of messages at once arrive in order', async () => {
  const [a, b] = [await node(), await node()];
  const heard: string[] = [];
  await b.subscribe('c', (message) => heard.push(message));
  const sent = Array.from({ length: 3_000 }, (_, index) => String(index));
  await Promise.all(sent.map((message) => a.publish('c', message)));
  await until('all came', () => heard.length === sent.length);
  expect(heard).toEqual(sent);
});

test('a cut connection is told to readers, and messages arrive again by themselves', async () => {
  let degraded = 0;
  const [a, b] = [await node(), await node(() => void degraded++)];
  let gaps = 0;
  const heard: string[] = [];
  await b.subscribe(
    'c',
    (message) => heard.push(message),
    () => void gaps++,
  );
  await administer(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pubsub'`);
  await until('the loss and the return are known', () => gaps === 2);
  expect(degraded).toBeGreaterThan(0);
  await until('a message arrives', async () => {
    await a.publish('c', 'again');
    return heard.includes('again');
  });
});

test('a server that cannot be reached at the start is an error', async () => {
  const url = new URL(server.superuserUrl);
  url.password = 'wrong';
  const attempt = createPostgresPubSub({ createClient: () => clientOf(url.href), onDegraded: () => undefined });
  await expect(attempt).rejects.toThrow('password');
});

const noPgBouncer = spawnSync('pgbouncer', ['--version'], { timeout: 5_000 }).status !== 0;
if (noPgBouncer) {
  if (process.env['CI'] === 'true') throw new Error('pgbouncer is not installed');
  console.warn('skipped: pgbouncer is not installed (Debian: apt-get install pgbouncer)');
}

test.skipIf(noPgBouncer)('through a pooler, which takes LISTEN and hears nothing, the start is refused', async () => {
  const pooler = await startPooler(server);
  const createClient = (): pg.Client => clientOf(pooler.url);
  try {
    await expect(createPostgresPubSub({ createClient, onDegraded: () => undefined })).rejects.toThrow(PubSubDeafError);
  } finally {
    await pooler.stop();
  }
});

/** PgBouncer in transaction mode before the server. */
async function startPooler({
  superuserUrl,
  host,
  port,
}: PostgresServer): Promise<{ url: string; stop(): Promise<void> }> {
  const { username, password } = new URL(superuserUrl);
  const listenPort = await freePort();
  const folder = await mkdtemp('/tmp/cf-test-pgbouncer-');
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `postgres = host=${host} port=${port} user=${username} password=${decodeURIComponent(password)}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1\nlisten_port = ${listenPort}\nunix_socket_dir =`,
    'auth_type = any\npool_mode = transaction\nmin_pool_size = 2\ndefault_pool_size = 4',
  ];
  await writeFile(file, lines.join('\n'));
  await chmod(folder, 0o755);
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}; // it refuses to run as root
  const child = spawn('pgbouncer', ['-q', file], { stdio: 'ignore', cwd: '/', ...account });
  const url = `postgres://any@127.0.0.1:${listenPort}/postgres`;
  await until('the pooler answers', async () => {
    const client = clientOf(url);
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
