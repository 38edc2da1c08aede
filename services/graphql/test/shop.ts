import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createInProcessCache } from '@candlefish/kit/cache';
import { createInProcessClaims } from '@candlefish/kit/claims';
import { readConfig } from '@candlefish/kit/config';
import {
  type Actor,
  ANONYMOUS,
  type Credential,
  createCtx,
  type Executor,
  type RequestScope,
  type ServiceRuntime,
  systemClock,
  systemIds,
} from '@candlefish/kit/context';
import { type AppError, platformErrors } from '@candlefish/kit/errors';
import {
  createSubgraph,
  type RemoteSubgraphs,
  remoteSubgraphs,
  type Subgraph,
  type SubgraphExecutor,
  subgraphsPlugin,
} from '@candlefish/kit/graphql';
import { createHttpServer, type HttpServer, httpConfig } from '@candlefish/kit/http';
import { createIdempotency } from '@candlefish/kit/idempotency';
import type { Authenticator } from '@candlefish/kit/identity';
import { createInProcessRateLimiter } from '@candlefish/kit/limits';
import { createLog, createMetrics, type Logger, noTracing } from '@candlefish/kit/telemetry';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { openGateway } from '../gateway/gateway.ts';
import { type GatewayConfig, config as settings } from '../gateway/settings.ts';
import { PEOPLE_SDL, peopleResolvers, Shop, THINGS_SDL, thingsResolvers } from './shop-subgraphs.ts';

const NO_DATABASE: Executor = {
  query: () => Promise.reject(new Error('the shop has no database')),
  transaction: () => Promise.reject(new Error('the shop has no database')),
  groupTransaction: () => Promise.reject(new Error('the shop has no database')),
};

const unused = (): Promise<never> => Promise.reject(new Error('the shop emits, enqueues and calls nothing'));

/** A service of the shop, as contexts know it. */
export const shopRuntime = (name: string): ServiceRuntime => ({
  name,
  service: null,
  clock: systemClock,
  ids: systemIds(systemClock),
  policy: new Map([['nobody:may', []]]),
  writeEvents: unused,
  writeJob: unused,
  dispatch: unused,
});

/** The composed supergraph of the shop. @throws Error when composition fails. */
export function shopSupergraph(): string {
  const composed = composeServices([
    { name: 'people', url: 'http://people/', typeDefs: parse(PEOPLE_SDL) },
    { name: 'things', url: 'http://things/', typeDefs: parse(THINGS_SDL) },
  ]);
  if (composed.supergraphSdl === undefined) throw new Error(JSON.stringify(composed.errors));
  return composed.supergraphSdl;
}

/** The two subgraphs in this process. */
export function shopSubgraphs(shop: Shop): ReadonlyMap<string, Subgraph> {
  const make = (name: string, sdl: string, resolvers: object): [string, Subgraph] => [
    name,
    createSubgraph({ name, sdl, resolvers, contextOf: (scope) => createCtx(shopRuntime(name), scope) }),
  ];
  return new Map([make('people', PEOPLE_SDL, peopleResolvers), make('things', THINGS_SDL, thingsResolvers(shop))]);
}

/** A request of nobody that logs nothing. */
export const quietScope = (): RequestScope => ({
  executor: NO_DATABASE,
  actor: ANONYMOUS,
  log: createLog({ level: 'silent' }),
  signal: new AbortController().signal,
  requestId: 'request-1',
  clientAddress: null,
  credential: null,
  http: null,
});

/** A signed-in user of the shop. */
const UMA: Actor = {
  ...ANONYMOUS,
  kind: 'user',
  id: 'u7',
  userId: 'u7',
  tenantId: '0193e7a0-0000-7000-8000-00000000000a',
  role: 'owner',
};

/** How a shop is opened. */
export interface ShopOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly subgraphs?: (local: ReadonlyMap<string, Subgraph>) => ReadonlyMap<string, SubgraphExecutor>;
  /** When the credential `uma` ends. */
  readonly expiresAt?: () => Date;
  readonly deadlineMs?: number;
}

/** A running gateway over the shop's subgraphs, on a real listener. */
export interface OpenShop {
  readonly url: string;
  readonly shop: Shop;
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  readonly config: GatewayConfig;
  readonly logLines: () => readonly Record<string, unknown>[];
  /** Operations counted beyond requests. */
  readonly admitted: number[];
  revoke(): void;
  drain(): void;
  ask(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape they assert.
  readonly json: any;
}

/** Opens the shop behind the platform's own HTTP server. */
export async function openShop(options: ShopOptions = {}): Promise<OpenShop> {
  const shop = new Shop();
  const local = shopSubgraphs(shop);
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  const draining = new AbortController();
  const watchers = new Set<(why: AppError) => void>();
  const admitted: number[] = [];
  const actorOf = (): Actor => ({ ...UMA, expiresAt: options.expiresAt?.() ?? null });
  const authenticator = authenticatorOf(actorOf);
  const config = readConfig(settings, { CANDLEFISH_ENV: 'test', ...options.environment });
  const gateway = await openGateway({
    config,
    supergraph: shopSupergraph(),
    host: {
      subgraphs: options.subgraphs?.(local) ?? new Map([...local].map(([name, { execute }]) => [name, execute])),
      cache: await createInProcessCache(),
      log,
      draining: draining.signal,
      socketScope: (upgrade, credential, signal) => socketScope(upgrade, credential, signal, authenticator),
      admit: async (_scope, operations) => void admitted.push(operations),
      watch: (_actor, end) => {
        watchers.add(end);
        return () => void watchers.delete(end);
      },
    },
  });
  const server = httpServer(authenticator, log, options.deadlineMs);
  await server.fastify.register(gateway.plugin);
  server.fastify.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    gateway.upgrade(request, socket, head),
  );
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    url,
    shop,
    subgraphs: local,
    config,
    logLines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    admitted,
    revoke: () => {
      for (const end of [...watchers]) end(platformErrors.unauthenticated({ detail: 'The session has been ended.' }));
    },
    drain: () => draining.abort(new Error('the process drains')),
    ask: (body, headers = {}) => ask(url, body, headers),
    async close() {
      draining.abort(new Error('the test is over'));
      await server.close();
    },
  };
}

/** The platform's own HTTP server on a free port, without a database and with limits that tests do not reach. */
function httpServer(authenticator: Authenticator, log: Logger, deadlineMs?: number): HttpServer {
  return createHttpServer({
    host: { services: [], ctx: (name, scope) => createCtx(shopRuntime(name), scope) },
    executor: NO_DATABASE,
    authenticator,
    limiter: createInProcessRateLimiter(),
    idempotency: createIdempotency({ database: NO_DATABASE, claims: createInProcessClaims() }),
    log,
    metrics: createMetrics({ process: false }),
    tracing: noTracing,
    ids: systemIds(systemClock),
    config: {
      ...readConfig(httpConfig, {}),
      port: 0,
      addressPerMinute: 1_000_000,
      userPerMinute: 1_000_000,
      tenantPerMinute: 1_000_000,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    },
  });
}

/** Subgraphs behind a listener of their own. */
export interface SubgraphProcess {
  readonly shop: Shop;
  readonly executors: ReadonlyMap<string, SubgraphExecutor>;
  /** Executors that look for the subgraphs at another address. */
  executorsAt(address: URL): ReadonlyMap<string, SubgraphExecutor>;
  post(name: string, body: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** Serves the shop's subgraphs as another process would. */
export async function startSubgraphs(): Promise<SubgraphProcess> {
  const shop = new Shop();
  const subgraphs = shopSubgraphs(shop);
  const draining = new AbortController();
  const authenticator = authenticatorOf(() => UMA);
  const server = httpServer(authenticator, createLog({ level: 'silent' }));
  await server.fastify.register(subgraphsPlugin, {
    subgraphs,
    draining: draining.signal,
    scopeOf: async (request) => {
      const { authorization } = request.headers;
      const { actor, credential } = await authenticator.authenticate({ authorization });
      return { ...request.scope, actor, credential };
    },
  });
  const { port } = await server.listen();
  const base = new URL(`http://127.0.0.1:${port}/`);
  const opened: RemoteSubgraphs[] = [];
  const executorsAt = (address: URL): ReadonlyMap<string, SubgraphExecutor> => {
    const remote = remoteSubgraphs({
      addresses: new Map([...subgraphs.keys()].map((name) => [name, address])),
      headersOf: async ({ requestId, credential }) => ({
        'x-request-id': requestId,
        ...(credential === null ? {} : { authorization: `Bearer ${credential.value}` }),
      }),
    });
    opened.push(remote);
    return remote.executors;
  };
  return {
    shop,
    executors: executorsAt(base),
    executorsAt,
    post: (name, body) => ask(new URL(`/internal/subgraphs/${name}`, base).href, body, {}),
    async close() {
      draining.abort(new Error('the test is over'));
      await server.close();
      await Promise.all(opened.map((remote) => remote.close()));
    },
  };
}

async function ask(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

function authenticatorOf(actorOf: () => Actor): Authenticator {
  return {
    async authenticate({ authorization, apiKey }) {
      if (authorization === undefined && apiKey === undefined) {
        return { actor: ANONYMOUS, credential: null, requestsPerHourMax: null };
      }
      if (authorization !== 'Bearer uma') throw platformErrors.unauthenticated();
      return { actor: actorOf(), credential: { kind: 'bearer', value: 'uma' }, requestsPerHourMax: null };
    },
  };
}

async function socketScope(
  upgrade: IncomingMessage,
  credential: Credential | null,
  signal: AbortSignal,
  authenticator: Authenticator,
): Promise<RequestScope> {
  const { actor } = await authenticator.authenticate({
    authorization: credential === null ? upgrade.headers.authorization : `Bearer ${credential.value}`,
  });
  return {
    executor: NO_DATABASE,
    actor,
    log: createLog({ level: 'silent' }),
    signal,
    requestId: 'socket-1',
    clientAddress: null,
    credential,
    http: null,
  };
}
