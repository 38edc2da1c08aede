import { createInProcessCache } from '@candlefish/kit/cache';
import { createDispatcher } from '@candlefish/kit/calls';
import { createInProcessClaims } from '@candlefish/kit/claims';
import { readConfig } from '@candlefish/kit/config';
import { type Ctx, pooled, systemClock, systemIds } from '@candlefish/kit/context';
import { Database } from '@candlefish/kit/db';
import { createEventFeed, createEventWriter } from '@candlefish/kit/events';
import { createHttpServer, httpConfig } from '@candlefish/kit/http';
import { createIdempotency } from '@candlefish/kit/idempotency';
import { type Authenticator, createAuthenticator, createKeySource } from '@candlefish/kit/identity';
import { createJobWriter } from '@candlefish/kit/jobs';
import { Host } from '@candlefish/kit/lifecycle';
import { createInProcessRateLimiter } from '@candlefish/kit/limits';
import { createInProcessPubSub } from '@candlefish/kit/pubsub';
import { createPostgresRevocationLog, createRevocations, type Revocations } from '@candlefish/kit/revocation';
import { createLog, createMetrics, noTracing } from '@candlefish/kit/telemetry';
import { type ApiClient, apiClient } from '@candlefish/testkit/api-client';
import { testPostgres } from '@candlefish/testkit/postgres';
import { superuserSql } from '@candlefish/testkit/superuser-sql';
import type { TestDatabase } from '@candlefish/testkit/test-databases';
import { publicKeysCall, verifiedApiKeyOf, verifyApiKeyCall } from '../contract.ts';
import { auth } from '../service.ts';

/** This service alone behind the platform's own HTTP edge, on a database of its own. */
export interface AuthNetwork {
  readonly url: string;
  readonly api: ApiClient;
  readonly database: TestDatabase;
  readonly authenticator: Authenticator;
  readonly revocations: Revocations;
  system(tenantId: string | null): Ctx;
  /** Signs up a new tenant with its owner. */
  signUp(tenantName?: string): Promise<Person>;
  /** Adds a member to a tenant and signs them in. */
  addMember(owner: Person, role: string): Promise<Person>;
  logIn(email: string, password?: string): Promise<Person>;
  /** Runs SQL as a superuser, to look or to turn time back. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Somebody signed in. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly tenantId: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly api: ApiClient;
}

export const PASSWORD = 'violet tractor sonnet';

const ENVIRONMENT = {
  PORT: '0',
  RATE_ADDRESS_PER_MINUTE: '1000000',
  RATE_USER_PER_MINUTE: '1000000',
  RATE_TENANT_PER_MINUTE: '1000000',
  AUTH_SIGNUPS_PER_ADDRESS_PER_HOUR: '1000000',
  AUTH_LOGIN_TRIES_PER_MINUTE: '100000',
  AUTH_LOGIN_TRIES_PER_ADDRESS_PER_MINUTE: '1000000',
} as const;

/** The code of a problem. */
export const codeOf = (answer: { readonly body: unknown }): unknown =>
  (answer.body as { readonly code?: unknown }).code;

/** Waits until something holds, at most `withinMs`; says how long it took. @throws Error when it never did. */
export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - startedAt;
}

let people = 0;

/** A made-up address nobody has used yet. */
export function newEmail(): string {
  people += 1;
  return `person${people}.${process.pid}.${Date.now()}@example.test`;
}

/** Starts a node; a second one on the same database shares nothing but the database. */
export async function authNetwork(
  options: { readonly environment?: Readonly<Record<string, string>>; readonly database?: TestDatabase } = {},
): Promise<AuthNetwork> {
  const onDatabase = options.database ?? (await testPostgres().createDatabase());
  const environment = { ...ENVIRONMENT, ...options.environment };
  const log = createLog({ level: 'silent' });
  const database = new Database({
    url: onDatabase.appUrl,
    connectionsMax: 16,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    prepared: true,
    applicationName: 'test',
    onIdleError: () => undefined,
  });
  const pubsub = createInProcessPubSub();
  const cache = await createInProcessCache();
  const limits = createInProcessRateLimiter();
  const fail = (error: unknown): void => {
    throw error;
  };
  const revocations = createRevocations({
    log: createPostgresRevocationLog(pooled(database)),
    pubsub,
    onDegraded: (_use, error) => fail(error),
    onListenerError: fail,
  });
  await revocations.start();
  const draining = new AbortController();
  const ids = systemIds(systemClock);
  const dispatcher = createDispatcher({ host: () => host, remote: null, jsonRoundTrip: true });
  const host: Host = new Host([auth], {
    environment,
    log,
    clock: systemClock,
    ids,
    executor: pooled(database),
    writeEvents: createEventWriter(pubsub),
    writeJob: createJobWriter(),
    dispatch: (ctx, call, input) => dispatcher.dispatch(ctx, call, input),
    shared: {
      cache,
      pubsub,
      limits,
      revocations,
      events: createEventFeed(pubsub, draining.signal),
      deriveKey: (purpose) => new Uint8Array(32).fill(purpose.length),
    },
  });
  await host.start();
  const config = readConfig(auth.config, environment) as { readonly issuer: string; readonly audience: string };
  const system = (tenantId: string | null): Ctx => host.system('auth', tenantId);
  const authenticator = createAuthenticator({
    issuer: config.issuer,
    audience: config.audience,
    keys: createKeySource({
      load: () => system(null).call(publicKeysCall, {}),
      clock: systemClock,
      onRefreshError: fail,
    }),
    verifyApiKey: async (sha256) =>
      verifiedApiKeyOf(await system(null).call(verifyApiKeyCall, { sha256: Buffer.from(sha256).toString('hex') })),
    revocations,
    clock: systemClock,
  });
  const claims = createInProcessClaims();
  const httpSettings = readConfig(httpConfig, environment);
  const server = createHttpServer({
    host,
    executor: pooled(database),
    authenticator,
    limiter: limits,
    idempotency: createIdempotency({ database, claims, deadlineMs: httpSettings.deadlineMs }),
    log,
    metrics: createMetrics({ process: false }),
    tracing: noTracing,
    ids,
    config: httpSettings,
    checkAnswers: true,
  });
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const api = apiClient(url);
  const superuser = await superuserSql(onDatabase);

  const personOf = (body: unknown): Person => {
    const { token, refreshToken, user } = body as {
      token: string;
      refreshToken: string;
      user: { id: string; email: string; tenantId: string };
    };
    return { ...user, token, refreshToken, api: api.as(token) };
  };
  const expectStatus = (answer: { status: number; text: string; body: unknown }, status: number): unknown => {
    if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const logIn = async (email: string, password = PASSWORD): Promise<Person> =>
    personOf(expectStatus(await api.post('/api/v1/auth/login', { email, password }), 200));

  return {
    url,
    api,
    database: onDatabase,
    authenticator,
    revocations,
    system,
    logIn,
    async signUp(tenantName = 'Example Tenant') {
      const body = { email: newEmail(), password: PASSWORD, tenantName };
      return personOf(expectStatus(await api.post('/api/v1/auth/signup', body), 201));
    },
    async addMember(owner, role) {
      const email = newEmail();
      expectStatus(await owner.api.post('/api/v1/users', { email, role, password: PASSWORD }), 201);
      return logIn(email);
    },
    sql: superuser.run,
    async close() {
      await superuser.close();
      host.beginDrain();
      draining.abort(new Error('the test is over'));
      await server.close();
      await host.stop();
      await revocations.close();
      await cache.close();
      await pubsub.close();
      await database.close();
      if (options.database === undefined) await onDatabase.drop();
    },
  };
}
