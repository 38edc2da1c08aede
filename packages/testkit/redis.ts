import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedis, type Redis } from '@candlefish/kit/redis';

/** A real redis-server process on loopback. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Where other nodes of a cluster reach it; unused on a single server. */
  readonly busPort: number;
  /** Cuts the process off as a crash does (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts the process again on the same port, with what it had saved (nothing, on a single server). */
  restart(): Promise<void>;
  /** Freezes the process: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends the process and removes its folder. */
  stop(): Promise<void>;
}

/** Three masters with one replica each. */
export interface RedisCluster {
  readonly url: string;
  /** Masters first, as they were at the start. */
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

const START_MAX_MS = 5_000;
const CLUSTER_MAX_MS = 15_000;
const PORT_MIN = 10_000;
const PORT_MAX = 32_000; // below the range from which the system hands out client ports, and below 55535 for the cluster bus
const PORT_TRIES_MAX = 50;
const FAILOVER_MS = 1_000; // cluster-node-timeout: a dead master is replaced within about twice this

/** Why Redis tests cannot run on this machine, or null when they can. */
export function redisMissing(): string | null {
  const found = spawnSync('redis-server', ['--version'], { timeout: 5_000 });
  return found.status === 0 ? null : 'redis-server is not installed (Debian: apt-get install redis-server)';
}

/** Starts a single server without persistence. @throws Error when it does not answer within 5 s. */
export async function startRedis(): Promise<RedisServer> {
  return startServer([]);
}

/** Starts a six-node cluster and waits until every node sees it whole. @throws Error after 15 s. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(FAILOVER_MS)];
  const servers = await Promise.all(Array.from({ length: 6 }, () => startServer(options)));
  const clients = servers.map(({ url }) => createRedis({ url }));
  try {
    await Promise.all(clients.map((client) => client.ready(START_MAX_MS)));
    await formCluster(servers, clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
  return {
    url: `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

async function formCluster(servers: readonly RedisServer[], clients: readonly Redis[]): Promise<void> {
  const masters = clients.slice(0, 3);
  const bounds = [0, 5_461, 10_923, 16_384];
  await Promise.all(
    masters.map((master, index) =>
      master.run('cluster', 'addslotsrange', bounds[index] ?? 0, (bounds[index + 1] ?? 0) - 1),
    ),
  );
  const [first] = clients;
  if (first === undefined) throw new Error('no server was started');
  for (const { port, busPort } of servers.slice(1)) await first.run('cluster', 'meet', '127.0.0.1', port, busPort);
  const ids = await Promise.all(masters.map((master) => master.run('cluster', 'myid')));
  await until('every node knows all six', CLUSTER_MAX_MS, async () => {
    const infos = await Promise.all(clients.map((client) => client.run('cluster', 'nodes')));
    return infos.every(
      (info) =>
        String(info)
          .trim()
          .split('\n')
          .filter((line) => !line.includes('handshake')).length === 6,
    );
  });
  await Promise.all(clients.slice(3).map((replica, index) => replica.run('cluster', 'replicate', String(ids[index]))));
  await until('the cluster is whole and replicated', CLUSTER_MAX_MS, async () => {
    const states = await Promise.all(clients.map(async (client) => String(await client.run('cluster', 'info'))));
    const nodes = await Promise.all(clients.map(async (client) => String(await client.run('cluster', 'nodes'))));
    const linked = await Promise.all(
      clients.slice(3).map(async (client) => String(await client.run('info', 'replication'))),
    );
    return (
      states.every((state) => state.includes('cluster_state:ok')) &&
      nodes.every((list) => list.match(/ (?:myself,)?slave /g)?.length === 3) &&
      linked.every((info) => info.includes('master_link_status:up'))
    );
  });
}

async function startServer(options: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-test-'));
  const [port, busPort] = [await freePort(), await freePort()];
  const arguments_ = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    ...['--loglevel', 'warning', '--logfile', 'redis.log', '--maxmemory', '64mb'],
    ...options,
    ...(options.length > 0 ? ['--cluster-port', String(busPort)] : []),
  ];
  const url = `redis://127.0.0.1:${port}`;
  let child = await launch(arguments_, url);
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  return {
    url,
    port,
    busPort,
    kill: end,
    async restart() {
      child = await launch(arguments_, url);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(arguments_: readonly string[], url: string): Promise<ChildProcess> {
  const child = spawn('redis-server', arguments_, { stdio: 'ignore' });
  // A test process that dies must not leave its servers behind.
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  child.once('exit', () => process.off('exit', killWithParent));
  const client = createRedis({ url });
  try {
    if (!(await client.ready(START_MAX_MS))) throw new Error(`redis-server did not answer at ${url}`);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    await client.close();
  }
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORT_TRIES_MAX; attempt++) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port between ${PORT_MIN} and ${PORT_MAX} in ${PORT_TRIES_MAX} tries`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function until(what: string, deadlineMs: number, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
