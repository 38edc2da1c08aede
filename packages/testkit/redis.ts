import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedis } from '@candlefish/kit/redis';

/** A real redis-server process on loopback. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Cuts the process off as a crash does (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts the process again on the same port, with what it had saved (nothing, on a single server). */
  restart(): Promise<void>;
  /** Forgets everything (FLUSHALL). */
  flush(): Promise<void>;
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
const PORT_TRIES_MAX = 50; // of each port
const NODES = 6;
const MASTERS = 3;
const SLOT_BOUNDS = [0, 5_461, 10_923, 16_384];
const FAILOVER_MS = 1_000; // cluster-node-timeout: a dead master is replaced within about twice this

/** Why Redis tests cannot run on this machine, or null when they can. */
export function redisMissing(): string | null {
  const found = spawnSync('redis-server', ['--version'], { timeout: 5_000 });
  return found.status === 0 ? null : 'redis-server is not installed (Debian: apt-get install redis-server)';
}

/** Starts a single server without persistence. @throws Error when it does not answer within 5 s. */
export async function startRedis(): Promise<RedisServer> {
  const [port = 0] = await freePorts(1);
  return startServer(port);
}

/** Starts a six-node cluster and waits until every node sees it whole. @throws Error after 15 s. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const ports = await freePorts(2 * NODES);
  const nodes: readonly ClusterNode[] = Array.from({ length: NODES }, (_, index) => ({
    id: randomBytes(20).toString('hex'),
    port: ports[2 * index] ?? 0,
    busPort: ports[2 * index + 1] ?? 0,
  }));
  const servers = await Promise.all(nodes.map((node) => startServer(node.port, { node, nodes })));
  await whenWhole(servers);
  return {
    url: `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

interface ClusterNode {
  readonly id: string;
  readonly port: number;
  readonly busPort: number;
}

/** What a node would have written about the others had they met: saves the seconds that meeting takes. */
function nodesFile(self: ClusterNode, nodes: readonly ClusterNode[]): string {
  const lines = nodes.map((node, index) => {
    const master = index < MASTERS ? undefined : nodes[index - MASTERS];
    const flags = `${node === self ? 'myself,' : ''}${master ? 'slave' : 'master'}`;
    const [first, end] = [SLOT_BOUNDS[index] ?? 0, SLOT_BOUNDS[index + 1] ?? 0];
    const epoch = (index % MASTERS) + 1;
    const address = `127.0.0.1:${node.port}@${node.busPort}`;
    const line = `${node.id} ${address} ${flags} ${master?.id ?? '-'} 0 0 ${epoch} connected`;
    return master ? line : `${line} ${first}-${end - 1}`;
  });
  return `${lines.join('\n')}\nvars currentEpoch ${MASTERS} lastVoteEpoch 0\n`;
}

async function whenWhole(servers: readonly RedisServer[]): Promise<void> {
  const clients = servers.map(({ url }) => createRedis({ url }));
  const ask = (command: string, what: string): Promise<readonly string[]> =>
    Promise.all(clients.map(async (client) => String(await client.run(command, what))));
  try {
    await Promise.all(clients.map((client) => client.ready(START_MAX_MS)));
    await until('the cluster is whole and replicated', CLUSTER_MAX_MS, async () => {
      const [states, links] = await Promise.all([ask('cluster', 'info'), ask('info', 'replication')]);
      return (
        states.every((state) => state.includes('cluster_state:ok')) &&
        links.slice(MASTERS).every((link) => link.includes('master_link_status:up'))
      );
    });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

async function startServer(
  port: number,
  cluster?: { readonly node: ClusterNode; readonly nodes: readonly ClusterNode[] },
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-test-'));
  const arguments_ = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    ...['--loglevel', 'warning', '--logfile', 'redis.log', '--maxmemory', '64mb', '--repl-diskless-sync-delay', '0'],
  ];
  if (cluster !== undefined) {
    const { node, nodes } = cluster;
    await writeFile(join(folder, 'nodes.conf'), nodesFile(node, nodes));
    arguments_.push('--cluster-enabled', 'yes', '--cluster-port', String(node.busPort));
    arguments_.push('--cluster-node-timeout', String(FAILOVER_MS));
  }
  const url = `redis://127.0.0.1:${port}`;
  let child = await launch(arguments_, url);
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  return {
    url,
    port,
    kill: end,
    async restart() {
      child = await launch(arguments_, url);
    },
    async flush() {
      const client = createRedis({ url });
      try {
        await client.ready(START_MAX_MS);
        await client.run('flushall', 'sync');
      } finally {
        await client.close();
      }
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

/** Distinct ports on which nobody listens right now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let attempt = 0; attempt < count * PORT_TRIES_MAX && found.size < count; attempt++) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (await canListen(port)) found.add(port);
  }
  if (found.size < count) throw new Error(`no ${count} free ports between ${PORT_MIN} and ${PORT_MAX}`);
  return [...found];
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
