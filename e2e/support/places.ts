import { services } from '@candlefish/server/registry';
import { apiClient } from '@candlefish/testkit/api-client';
import { MANY_CLIENTS, sharedNetwork, TEST_SECRET, testNetwork } from '@candlefish/testkit/network';
import { testPostgres } from '@candlefish/testkit/postgres';
import { startCandlefish } from '@candlefish/testkit/processes';
import type { Place } from '../scenarios.ts';

/** A place that its test has to close. */
export interface OpenedPlace extends Place, AsyncDisposable {}

/** Which services stand together where they are three. Each target calls those before it. */
const THREE = ['auth', 'nanda,document,audit', 'graphql,websocket'] as const;

/** Every service in this process. */
export async function inOne(): Promise<Place> {
  const { api, url } = await sharedNetwork();
  return { api, graphqlUrl: url };
}

/** Three platforms in this process that share a database and nothing else; calls between them go over the network. */
export function inThree(): Promise<OpenedPlace> {
  return inParts(async (parts) => {
    const database = await testPostgres().createDatabase();
    parts.defer(() => database.drop());
    return async (target, known) => {
      const network = await testNetwork({ database, target, environment: { SERVICE_URLS: known } });
      parts.use(network);
      return network.url;
    };
  });
}

/** What three processes share. */
export interface SharedServers {
  /** Owner of an empty database. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Three processes that share a database and Redis, as in a cluster. */
export function inThreeProcesses({ databaseUrl, redisUrl }: SharedServers): Promise<OpenedPlace> {
  const environment = {
    ...MANY_CLIENTS,
    CANDLEFISH_ENV: 'test',
    CANDLEFISH_SECRET: TEST_SECRET,
    LOG_LEVEL: 'warn',
    DATABASE_CONNECTIONS: '6',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
  };
  return inParts(async (parts) => async (target, known) => {
    const isFirst = known === '';
    const one = startCandlefish(
      ['serve', '--target', target, '--port', '0', '--admin-port', '0', '--json', ...(isFirst ? ['--migrate'] : [])],
      { environment: { ...environment, SERVICE_URLS: known } },
    );
    parts.use(one);
    return (await one.ready()).url;
  });
}

/** Starts a part. @param known The addresses of those before it, as `SERVICE_URLS` takes them. @returns its address. */
type StartPart = (target: string, known: string) => Promise<string>;

async function inParts(prepare: (parts: AsyncDisposableStack) => Promise<StartPart>): Promise<OpenedPlace> {
  await using opened = new AsyncDisposableStack();
  const start = await prepare(opened);
  const addresses = new Map<string, string>();
  for (const target of THREE) {
    const url = await start(target, [...addresses].map(([name, at]) => `${name}=${at}`).join(','));
    for (const name of target.split(',')) addresses.set(name, url);
  }
  const parts = opened.move();
  return {
    api: apiClient((path) => addresses.get(ownerOf(path)) ?? ''),
    graphqlUrl: addresses.get('graphql') ?? '',
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** The service that declares the path, as a gateway in front of the processes knows it. */
function ownerOf(path: string): string {
  const owner = services.find(({ paths }) =>
    paths.some((prefix) => path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`)),
  );
  if (owner === undefined) throw new Error(`no service declares ${path}`);
  return owner.name;
}
