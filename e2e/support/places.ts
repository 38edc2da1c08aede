import { services } from '@candlefish/server/registry';
import { apiClient } from '@candlefish/testkit/api-client';
import { type CandlefishProcess, startCandlefish } from '@candlefish/testkit/processes';
import type { Place } from '../scenarios.ts';

/** A platform in processes of its own. */
export interface StartedPlace extends Place, AsyncDisposable {
  readonly processes: readonly CandlefishProcess[];
}

/** What the processes of a place share. */
export interface PlaceOptions {
  /** Owner of an empty database. */
  readonly databaseUrl: string;
  readonly redisUrl?: string;
}

const SHARED = {
  CANDLEFISH_ENV: 'test',
  CANDLEFISH_SECRET: 'a secret of tests, forty characters long',
  LOG_LEVEL: 'warn',
  DATABASE_CONNECTIONS: '6',
  // Many clients share one address here.
  RATE_ADDRESS_PER_MINUTE: '1000000',
  AUTH_SIGNUPS_PER_ADDRESS_PER_HOUR: '1000000',
  AUTH_LOGIN_TRIES_PER_ADDRESS_PER_MINUTE: '1000000',
};

const environmentOf = ({ databaseUrl, redisUrl }: PlaceOptions): Readonly<Record<string, string>> => ({
  ...SHARED,
  DATABASE_URL: databaseUrl,
  ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
});

const serve = (target: string, environment: Readonly<Record<string, string>>, more: readonly string[] = []) =>
  startCandlefish(['serve', '--target', target, '--port', '0', '--admin-port', '0', '--json', ...more], {
    environment,
  });

const stopAll = async (processes: readonly CandlefishProcess[]): Promise<void> => {
  await Promise.all(processes.map((one) => one[Symbol.asyncDispose]()));
};

/** One process that hosts every service. */
export async function allInOne(options: PlaceOptions): Promise<StartedPlace> {
  const one = serve('all', environmentOf(options), ['--migrate']);
  const { url } = await one.ready();
  return {
    api: apiClient(url),
    graphqlUrl: url,
    processes: [one],
    [Symbol.asyncDispose]: () => stopAll([one]),
  };
}

/** Three processes; each is started with the addresses of those whose services it calls. */
export async function splitInThree(options: PlaceOptions): Promise<StartedPlace> {
  const environment = environmentOf(options);
  const processes: CandlefishProcess[] = [];
  const addresses = new Map<string, string>();
  for (const target of ['auth', 'nanda,document,audit', 'graphql,websocket']) {
    const known = [...addresses].map(([name, url]) => `${name}=${url}`).join(',');
    const started = serve(target, { ...environment, SERVICE_URLS: known }, target === 'auth' ? ['--migrate'] : []);
    processes.push(started);
    const { url } = await started.ready();
    for (const name of target.split(',')) addresses.set(name, url);
  }
  return {
    api: apiClient((path) => addresses.get(ownerOf(path)) ?? ''),
    graphqlUrl: addresses.get('graphql') ?? '',
    processes,
    [Symbol.asyncDispose]: () => stopAll(processes),
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
