import { type ApiClient, apiClient } from '@candlefish/testkit/api-client';
import { migrationSets } from '@candlefish/testkit/migration-sets';
import { freePort, startTestPostgres, type TestDatabase } from '@candlefish/testkit/postgres';
import { type CandlefishProcess, startCandlefish } from '@candlefish/testkit/processes';
import { type RedisServer, startRedis } from '@candlefish/testkit/redis';
import pg from 'pg';
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts';

/** One process of a cluster. Its address stays the same when it is killed and comes back. */
export interface ClusterNode {
  /** Address of the relay in front of it, without a slash at the end. */
  readonly url: string;
  readonly api: ApiClient;
  /** Address of `/ready`, the process's own. */
  readonly adminUrl: string;
  /** The process that runs now. */
  pid(): number;
  /** The relays between clients and the process, and between the process and what it shares with others. */
  readonly clientLink: CuttingProxy;
  readonly databaseLink: CuttingProxy;
  readonly redisLink: CuttingProxy;
  /** `kill -9`, then a new process on the same port. Resolves when it is ready. */
  kill(): Promise<void>;
  /** SIGTERM, then a new process on the same port. Resolves when it is ready. */
  roll(): Promise<void>;
  /** SIGTERM. Resolves when the process has ended. */
  stop(): Promise<void>;
  /** A new process on the same port, after `stop` or where none ran yet. Resolves when it is ready. */
  start(): Promise<void>;
}

/** Whole platforms in processes of their own over one durable database and one Redis, all of which can be killed. */
export interface Cluster extends AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  readonly database: TestDatabase;
  readonly redis: RedisServer;
  /** `kill -9` of the database server, which its keeper starts again. */
  killDatabase(): Promise<void>;
}

/** As a real database runs: a commit is on disk before it is answered. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

const SHARED = {
  CANDLEFISH_ENV: 'test',
  CANDLEFISH_SECRET: 'a secret of tests, forty characters long',
  LOG_LEVEL: 'error',
  DATABASE_CONNECTIONS: '8',
  // Many clients share one address here.
  RATE_ADDRESS_PER_MINUTE: '1000000',
  RATE_USER_PER_MINUTE: '1000000',
  RATE_TENANT_PER_MINUTE: '1000000',
  AUTH_SIGNUPS_PER_ADDRESS_PER_HOUR: '1000000',
  AUTH_LOGIN_TRIES_PER_ADDRESS_PER_MINUTE: '1000000',
} as const;

/** How a cluster is made. */
export interface ClusterOptions {
  readonly nodes: number;
  /** Nodes at the end of the list that are not started yet. */
  readonly idle?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a cluster. */
export async function startCluster(options: ClusterOptions = { nodes: 2 }): Promise<Cluster> {
  const ends: (() => Promise<unknown>)[] = [];
  const end = async (): Promise<void> => {
    // The last first: processes before what they use.
    for (const one of ends.splice(0).toReversed()) await one();
  };
  try {
    const server = await startTestPostgres(migrationSets(), { settings: DURABLE });
    ends.push(() => server.stop());
    const database = await server.createDatabase('empty');
    const redis = await startRedis();
    ends.push(() => redis.stop());
    const shared = { environment: { ...SHARED, ...options.environment }, databaseUrl: database.ownerUrl, redis };
    const nodes: ClusterNode[] = [];
    for (let n = 0; n < options.nodes; n += 1) {
      const node = await makeNode(shared, ends);
      // One after another: the first one migrates.
      if (n < options.nodes - (options.idle ?? 0)) await node.start();
      nodes.push(node);
    }
    return {
      nodes,
      database,
      redis,
      killDatabase: () => killServer(server.superuserUrl),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function through(databaseUrl: string, { port }: CuttingProxy): string {
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

interface SharedParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly redis: RedisServer;
}

async function makeNode(shared: SharedParts, ends: (() => Promise<unknown>)[]): Promise<ClusterNode> {
  const link = async (target: string): Promise<CuttingProxy> => {
    const proxy = await cuttingProxy(target);
    ends.push(async () => proxy[Symbol.asyncDispose]());
    return proxy;
  };
  const databaseLink = await link(shared.databaseUrl);
  const redisLink = await link(shared.redis.url);
  const environment = {
    ...shared.environment,
    DATABASE_URL: through(shared.databaseUrl, databaseLink),
    REDIS_URL: `redis://127.0.0.1:${redisLink.port}`,
  };
  const [port, adminPort] = [await freePort(), await freePort()];
  const ports = ['--port', String(port), '--admin-port', String(adminPort)];
  let running: CandlefishProcess | null = null;
  const process = (): CandlefishProcess => {
    if (running === null) throw new Error('the node does not run');
    return running;
  };
  const start = async (): Promise<void> => {
    running = startCandlefish(['serve', '--target', 'all', ...ports, '--json', '--migrate'], { environment });
    await running.ready();
  };
  const stop = async (): Promise<void> => void (await process().stop());
  ends.push(async () => running?.[Symbol.asyncDispose]());
  const clientLink = await link(`http://127.0.0.1:${port}`);
  return {
    url: clientLink.url,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    api: apiClient(clientLink.url),
    pid: () => process().pid,
    clientLink,
    databaseLink,
    redisLink,
    async kill() {
      await process().kill();
      await start();
    },
    async roll() {
      await stop();
      await start();
    },
    stop,
    start,
  };
}

async function killServer(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  // It is cut off with the others.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ file: string }>("select pg_read_file('postmaster.pid') as file");
  const pid = Number(rows[0]?.file.split('\n', 1)[0]);
  if (!Number.isInteger(pid) || pid < 2) throw new Error('the database server does not tell its process');
  process.kill(pid, 'SIGKILL');
  await client.end().catch(() => undefined);
}
