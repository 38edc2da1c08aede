import { services } from '@candlefish/server/registry';
import { apiClient } from '@candlefish/testkit/api-client';
import { MANY_CLIENTS, sharedNetwork, TEST_SECRET } from '@candlefish/testkit/network';
import { partedNetwork } from '@candlefish/testkit/parted-network';
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

/** Three platforms in this process that share a database and nothing else. */
export async function inThree(): Promise<OpenedPlace> {
  const network = await partedNetwork(THREE);
  const addresses = new Map(network.parts.flatMap((part) => part.platform.services.map((name) => [name, part.url])));
  return placeAt(addresses, () => network[Symbol.asyncDispose]());
}

/** What three processes share. */
export interface SharedServers {
  /** Owner of an empty database. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Three processes that share a database and Redis, as in a cluster. */
export async function inThreeProcesses({ databaseUrl, redisUrl }: SharedServers): Promise<OpenedPlace> {
  const environment = {
    ...MANY_CLIENTS,
    CANDLEFISH_ENV: 'test',
    CANDLEFISH_SECRET: TEST_SECRET,
    LOG_LEVEL: 'warn',
    DATABASE_CONNECTIONS: '6',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
  };
  await using opened = new AsyncDisposableStack();
  const addresses = new Map<string, string>();
  for (const target of THREE) {
    const known = [...addresses].map(([name, at]) => `${name}=${at}`).join(',');
    const migrates = known === '' ? ['--migrate'] : [];
    const one = startCandlefish(
      ['serve', '--target', target, '--port', '0', '--admin-port', '0', '--json', ...migrates],
      { environment: { ...environment, SERVICE_URLS: known } },
    );
    opened.use(one);
    const { url } = await one.ready();
    for (const name of target.split(',')) addresses.set(name, url);
  }
  const all = opened.move();
  return placeAt(addresses, () => all.disposeAsync());
}

const placeAt = (addresses: ReadonlyMap<string, string>, close: () => PromiseLike<void>): OpenedPlace => ({
  api: apiClient((path) => addresses.get(ownerOf(path)) ?? ''),
  graphqlUrl: addresses.get('graphql') ?? '',
  [Symbol.asyncDispose]: close,
});

/** The service that declares the path, as a gateway in front of the processes knows it. */
function ownerOf(path: string): string {
  const owner = services.find(({ paths }) =>
    paths.some((prefix) => path === prefix || path.startsWith(`${prefix}/`) || path.startsWith(`${prefix}?`)),
  );
  if (owner === undefined) throw new Error(`no service declares ${path}`);
  return owner.name;
}
