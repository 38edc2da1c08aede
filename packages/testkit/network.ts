import { createLog } from '@candlefish/kit/telemetry';
import { type Platform, type PlatformOptions, startPlatform } from '@candlefish/server/platform';
import { type ApiClient, apiClient } from './api-client.ts';
import { testPostgres } from './postgres.ts';
import type { TestDatabase } from './test-databases.ts';

/** A whole platform in this process, on free ports. */
export interface RunningNetwork {
  /** Public address without a slash at the end. */
  readonly url: string;
  readonly adminUrl: string;
  readonly platform: Platform;
  readonly database: TestDatabase;
  /** A client without credentials; `as(token)` and `withKey(key)` give others. */
  readonly api: ApiClient;
  /** Signs up a new tenant with its owner. */
  signUp(tenantName?: string): Promise<SignedUp>;
  /** Resolves when no event waits for a reader and no job is due. */
  settle(): Promise<void>;
}

/** A platform that ends with its test, on a database of its own. */
export interface TestNetwork extends RunningNetwork, AsyncDisposable {
  /** Stops the platform and drops the database. */
  close(): Promise<void>;
}

/** Somebody who has just signed up. */
export interface SignedUp {
  readonly token: string;
  readonly refreshToken: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly password: string;
  /** A client with the owner's token. */
  readonly api: ApiClient;
}

/** What a test may change. */
export interface NetworkOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly given?: PlatformOptions['given'];
  /** Uses a database that another network has made, as a second node of it would. */
  readonly database?: TestDatabase;
  readonly target?: string;
}

/** Root of derived keys in tests; guards nothing. */
export const TEST_SECRET = 'a secret of tests, forty characters long';

/** Settings of a platform whose many clients share one address. */
export const MANY_CLIENTS: Readonly<Record<string, string>> = {
  RATE_ADDRESS_PER_MINUTE: '1000000',
  RATE_USER_PER_MINUTE: '1000000',
  RATE_TENANT_PER_MINUTE: '1000000',
  AUTH_SIGNUPS_PER_ADDRESS_PER_HOUR: '1000000',
  AUTH_LOGIN_TRIES_PER_MINUTE: '100000',
  AUTH_LOGIN_TRIES_PER_ADDRESS_PER_MINUTE: '1000000',
};

const QUIET: Readonly<Record<string, string>> = {
  ...MANY_CLIENTS,
  CANDLEFISH_ENV: 'test',
  CANDLEFISH_SECRET: TEST_SECRET,
  PORT: '0',
  ADMIN_PORT: '0',
  DATABASE_CONNECTIONS: '8',
  // A thousand sign-ups in a run; what a hash is made of has tests of its own.
  AUTH_PASSWORD_MEMORY_KIB: '64',
  // A connection costs 25 ms of CPU time, and there are many platforms in a run.
  JOBS_CONCURRENCY: '1',
};

let people = 0;

/** Starts a platform. Calls between services go through JSON, as they would between processes. */
export async function testNetwork(options: NetworkOptions = {}): Promise<TestNetwork> {
  const database = options.database ?? (await testPostgres().createDatabase());
  const platform = await startPlatform({
    environment: { ...QUIET, ...options.environment },
    target: options.target ?? 'all',
    listen: true,
    demo: false,
    given: {
      jsonRoundTrip: true,
      log: createLog({ level: 'silent' }),
      database: {
        ownerUrl: database.ownerUrl,
        appUrl: database.appUrl,
        directUrl: database.ownerUrl,
        jobsUrl: database.jobsUrl,
        prepared: true,
        embedded: false,
        lost: new Promise(() => undefined),
        stop: async () => undefined,
      },
      ...options.given,
    },
  });
  const api = apiClient(platform.url);
  const close = async (): Promise<void> => {
    await platform.stop();
    if (options.database === undefined) await database.drop();
  };
  return {
    url: platform.url,
    adminUrl: platform.adminUrl,
    platform,
    database,
    api,
    signUp: (tenantName) => signUp(api, tenantName),
    settle: () => platform.settle(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

let shared: Promise<RunningNetwork> | undefined;

/**
 * The platform that the test files of a worker share, each with tenants of its own: a start takes 0.4 s of processor time. It is
 * there until the worker ends. What looks at all tenants, or changes what they share, starts one with `testNetwork`.
 */
export function sharedNetwork(): Promise<RunningNetwork> {
  shared ??= testNetwork();
  return shared;
}

/** Signs up a new tenant through the public API. The address and the names are made up. */
export async function signUp(api: ApiClient, tenantName = 'Example Tenant'): Promise<SignedUp> {
  people += 1;
  const email = `owner${people}.${process.pid}.${Date.now()}@example.test`;
  const password = 'correct horse battery staple';
  const answer = await api.post('/api/v1/auth/signup', { email, password, tenantName });
  if (answer.status !== 201) throw new Error(`sign-up answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const { token, refreshToken, user } = answer.body as {
    token: string;
    refreshToken: string;
    user: { id: string; tenantId: string };
  };
  return { token, refreshToken, userId: user.id, tenantId: user.tenantId, email, password, api: api.as(token) };
}
