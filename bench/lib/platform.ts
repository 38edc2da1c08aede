import { createServer } from 'node:net';
import type { BenchDatabase } from './database.ts';
import { type ServerCommand, type ServerProcess, startServerProcess } from './server-process.ts';

/** Above what any slice can reach: limits are checked and counted, and never refuse. */
const RATE_MAX = '1000000';

/** The account that the loads act for. */
export interface Owner {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly tenantId: string;
  readonly userId: string;
}

/** The environment of a platform process over a bench database. */
export const platformEnvironment = (database: BenchDatabase): Readonly<Record<string, string>> => ({
  CANDLEFISH_SECRET: database.secret,
  DATABASE_URL: database.appUrl,
  DATABASE_OWNER_URL: database.ownerUrl,
  DATABASE_PREPARED: 'on',
  CANDLEFISH_ENV: 'production',
  LOG_LEVEL: 'info',
  RATE_TENANT_PER_MINUTE: RATE_MAX,
  RATE_USER_PER_MINUTE: RATE_MAX,
  RATE_ADDRESS_PER_MINUTE: RATE_MAX,
});

/** The whole platform in one process, on free ports. */
export const wholePlatform = (
  database: BenchDatabase,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> =>
  startServerProcess({
    name: 'platform',
    args: [...MAIN, 'up', '--no-demo', '--json', '--port', '0', '--admin-port', '0'],
    environment: { ...platformEnvironment(database), ...environment },
  });

const MAIN = ['apps/server/main.ts'] as const;

/** The platform as three processes: the gateway and the two services behind its query. The gateway comes first. */
export async function splitPlatform(database: BenchDatabase): Promise<readonly ServerProcess[]> {
  const targets = ['graphql', 'auth', 'nanda,document,websocket,audit'] as const;
  const ports = await freePorts(targets.length);
  const serviceUrls = targets.flatMap((target, index) =>
    target.split(',').map((service) => `${service}=http://127.0.0.1:${ports[index]}`),
  );
  const commands: readonly ServerCommand[] = targets.map((target, index) => ({
    name: `platform ${target}`,
    args: [...MAIN, 'serve', '--json', '--target', target, '--port', `${ports[index]}`, '--admin-port', '0'],
    environment: { ...platformEnvironment(database), SERVICE_URLS: serviceUrls.join(',') },
  }));
  const started: ServerProcess[] = [];
  try {
    // The gateway last: it answers once its subgraphs do.
    for (const command of commands.toReversed()) started.unshift(await startServerProcess(command));
    return started;
  } catch (error) {
    await Promise.all(started.map((process) => process.stop()));
    throw error;
  }
}

const CALL_MAX_MS = 10_000;

/** Signs a tenant up through the API. */
export async function signUp(origin: string): Promise<Owner> {
  const account = { email: 'owner@bench.example', password: 'a long enough password for one run' };
  const response = await fetch(`${origin}/api/v1/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, tenantName: 'Bench' }),
    signal: AbortSignal.timeout(CALL_MAX_MS),
  });
  if (response.status !== 201) throw new Error(`signup answered ${response.status}: ${await response.text()}`);
  const { token, user } = (await response.json()) as { token: string; user: { id: string; tenantId: string } };
  return { ...account, token, tenantId: user.tenantId, userId: user.id };
}

/** Ports on which nobody listens right now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((resolve, reject) => {
            server.once('error', reject);
            server.listen(0, '127.0.0.1', () => {
              const address = server.address();
              if (address !== null && typeof address === 'object') resolve(address.port);
              else reject(new Error('the system gave no port'));
            });
          }),
      ),
    );
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
