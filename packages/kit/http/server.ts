import type { Server } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Ctx, Executor, Ids, RequestScope } from '../context/index.ts';
import { platformErrors } from '../errors/index.ts';
import type { Idempotency } from '../idempotency/index.ts';
import type { Authenticator } from '../identity/index.ts';
import type { RateLimiter } from '../limits/index.ts';
import type { Logger, Metrics, RequestSpan, Tracing } from '../telemetry/index.ts';
import { ClientAddresses } from './client-address.ts';
import type { HttpConfig } from './config.ts';
import { Cors } from './cors.ts';
import { Edge, type Guard } from './edge.ts';
import { parseJson } from './json-body.ts';
import type { DocumentedService } from './openapi.ts';
import { Operation, pathOf } from './operation.ts';
import { PathTable } from './path-table.ts';
import { RateLimits } from './rate-limits.ts';
import { refuseConnection } from './raw-errors.ts';
import { RequestLog } from './request-log.ts';
import type { Route } from './route.ts';
import { routerPath } from './route-schemas.ts';
import type { HttpScope } from './scope.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request as the contexts of services see it; set before any handler runs. */
    scope: HttpScope;
    span: RequestSpan | null;
    /** The body as it came, where it was JSON. */
    rawBody: Buffer | null;
  }
  interface FastifyContextConfig {
    /** For routes that plugins add: the service they belong to; default `platform`. */
    service?: string;
    /** `page` for files of a site, default `api`: identity, limits and no-store. */
    kind?: Guard['kind'];
    /** Default `public`: the operation decides. */
    access?: Guard['access'];
    /** The path as OpenAPI writes it, where it differs from the router's. */
    path?: string;
  }
}

/** The services of this process, as the server needs them; `Host` is one. */
export interface RequestHost {
  readonly services: readonly DocumentedService[];
  ctx(service: string, scope: RequestScope): Ctx;
}

/** What a server is made of. */
export interface HttpServerOptions {
  readonly host: RequestHost;
  readonly executor: Executor;
  readonly authenticator: Authenticator;
  readonly limiter: RateLimiter;
  readonly idempotency: Idempotency;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly ids: Ids;
  readonly config: HttpConfig;
  /** Validates every answer against its schema before it is sent; for tests and development. */
  readonly checkAnswers?: boolean;
}

/** Sends a page for an address that nothing has. */
export type UnknownPage = (reply: FastifyReply) => Promise<FastifyReply>;

/** The public listener of a process. */
export interface HttpServer {
  /** For plugins (GraphQL, pages), before `listen`. Their routes pass the same edge; see `FastifyContextConfig`. */
  readonly fastify: FastifyInstance;
  /** Answers browsers that open an address which nothing has; without it they get the same document as programs. */
  showUnknown(page: UnknownPage): void;
  /**
   * Counts operations beyond the requests that the edge has counted: those of a batch or of a socket.
   * @param requestsPerHour limit of the API key behind the scope; null for everybody else.
   * @throws AppError RATE_LIMITED.
   */
  count(scope: RequestScope, requestsPerHour: number | null, operations: number): Promise<void>;
  /** Begins to listen. @returns the port. @throws Error when the port is taken. */
  listen(): Promise<{ readonly port: number }>;
  /**
   * Stops accepting, lets requests at work finish for `drainMs`, aborts the rest and closes every connection.
   * Streams must have been told to end before (`Host.beginDrain`).
   */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Node's default, spelled out: 64 kB headers are refused with 431. */
const HEADER_BYTES_MAX = 16_384;
/** How often connections are looked through for requests that do not arrive. */
const ARRIVAL_CHECK_MS = 5_000;
/** How often connections are looked through while the server stops. */
const DRAIN_CHECK_MS = 50;
/** Longer than the 60 s after which common balancers drop an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 72_000;
/** Time for aborted requests to answer before their connections are cut. */
const ABORT_GRACE_MS = 1_000;
/** Connections that may wait to be accepted: what Node asks of the system. */
const QUEUED_MAX = 511;
/** Ids are 36 characters; the rest is room for names and cursors. */
const PARAM_CHARS_MAX = 512;
const METHOD_NOT_ROUTED: Guard = { kind: 'api', access: 'public', service: 'platform', path: '(none)' };

/** Makes the public listener: every declared route, behind one edge. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { config } = options;
  const limits = createLimits(options);
  const edge = createEdge(options, limits);
  const paths = new PathTable();
  const app = createFastify(config, edge);
  app.decorateRequest('scope');
  app.decorateRequest('span', null);
  app.decorateRequest('rawBody', null);
  app.setErrorHandler(edge.answerError);
  acceptJson(app);
  const cors = new Cors(config.corsOrigins);
  let unknownPage: UnknownPage | null = null;
  // With a callback, because this runs before every route too and has nothing to wait for there.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const answered = edge.admit(METHOD_NOT_ROUTED, request, reply);
    const answer = async () => {
      const isPage = wantsPage(request) && paths.methodsOf(pathOf(request.url)).length === 0;
      if (unknownPage !== null && isPage) await unknownPage(reply);
      else answerUnrouted(request, reply, paths, cors);
    };
    answered.then(answer).catch(done);
  });
  app.addHook('onRoute', (route) => {
    paths.add(route.url, route.method);
    const { service = 'platform', kind = 'api', access = 'public', path = route.url } = route.config ?? {};
    const guard: Guard = { service, kind, access, path };
    const admit = (request: FastifyRequest, reply: FastifyReply) => edge.admit(guard, request, reply);
    route.onRequest = [admit, ...[route.onRequest ?? []].flat()];
  });
  addOperations(app, options);
  return {
    fastify: app,
    showUnknown(page) {
      unknownPage = page;
    },
    count: ({ actor, clientAddress }, requestsPerHour, operations) =>
      actor.kind === 'anonymous'
        ? limits.countAddress(clientAddress, unreported, operations)
        : limits.countActor(actor, requestsPerHour, unreported, operations),
    async listen() {
      await app.listen({ host: config.host, port: config.port });
      const address = app.server.address();
      return { port: typeof address === 'object' && address !== null ? address.port : config.port };
    },
    close: () => drain(app, edge, config.drainMs),
  };
}

/** Sockets and batches have no header of their own to tell of the count. */
const unreported = (): void => undefined;

const createLimits = ({ limiter, config }: HttpServerOptions): RateLimits =>
  new RateLimits(limiter, {
    key: { limit: config.keyPerHour, windowMs: HOUR_MS },
    user: { limit: config.userPerMinute, windowMs: MINUTE_MS },
    tenant: { limit: config.tenantPerMinute, windowMs: MINUTE_MS },
    address: { limit: config.addressPerMinute, windowMs: MINUTE_MS },
  });

function createEdge(options: HttpServerOptions, limits: RateLimits): Edge {
  const { config, executor, log, metrics, tracing, ids, authenticator } = options;
  const isHttps = config.publicUrl?.protocol === 'https:';
  return new Edge({
    executor,
    log,
    tracing,
    ids,
    authenticator,
    isHttps,
    secureCookies: isHttps,
    deadlineMs: config.deadlineMs,
    limits,
    addresses: new ClientAddresses(config.trustedProxies),
    cors: new Cors(config.corsOrigins),
    requestLog: new RequestLog(log, metrics),
  });
}

function createFastify(config: HttpConfig, edge: Edge): FastifyInstance {
  return fastify({
    logger: false,
    genReqId: edge.requestId,
    bodyLimit: config.bodyBytesMax,
    requestTimeout: config.arrivalMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    return503OnClosing: false,
    forceCloseConnections: false,
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: config.arrivalMs,
      connectionsCheckingInterval: Math.min(ARRIVAL_CHECK_MS, config.arrivalMs),
      // The edge refuses a missing Host itself, as a problem document.
      requireHostHeader: false,
      insecureHTTPParser: false,
    },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id).header('cache-control', 'no-store');
      edge.answerError(error, request, reply);
    },
  });
}

/** Bodies are JSON in UTF-8 and nothing else. */
function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
      done(platformErrors.unsupportedMediaType({ detail: 'Send the body in UTF-8.' }));
      return;
    }
    request.rawBody = body;
    try {
      done(null, body.length === 0 ? undefined : parseJson(body));
    } catch (error) {
      done(error as Error);
    }
  });
}

function addOperations(app: FastifyInstance, options: HttpServerOptions): void {
  const { host, idempotency, tracing } = options;
  for (const service of host.services) {
    const parts = {
      idempotency,
      tracing,
      ctx: (scope: RequestScope) => host.ctx(service.name, scope),
      checkAnswers: options.checkAnswers ?? false,
    };
    for (const route of service.routes) addOperation(app, service.name, route, new Operation(route, parts));
  }
}

function addOperation(app: FastifyInstance, service: string, route: Route, operation: Operation): void {
  app.route({
    method: route.method,
    url: routerPath(route.path),
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    config: { service, access: route.access, path: route.path },
    handler: operation.handle,
  });
}

/** Addresses below these are asked for by programs, whoever opens them. */
const FOR_PROGRAMS = /^\/(api|graphql|internal|ws|\.well-known)(\/|$)/;

/** Whether somebody opens the address in a browser. */
function wantsPage({ method, headers, url }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html') && !FOR_PROGRAMS.test(pathOf(url));
}

/** OPTIONS, 405 with `Allow`, or 404. */
function answerUnrouted(request: FastifyRequest, reply: FastifyReply, paths: PathTable, cors: Cors): void {
  const methods = paths.methodsOf(pathOf(request.url));
  if (methods.length === 0) throw platformErrors.notFound();
  reply.header('allow', methods.join(', '));
  if (request.method !== 'OPTIONS') throw platformErrors.methodNotAllowed();
  const { origin } = request.headers;
  if (origin !== undefined) reply.headers(cors.preflightFor(origin, methods));
  reply.code(204).send();
}

/**
 * Lets in the connections that wait to be accepted: closing the listener would reset them, and some have asked already.
 * Each turn of the event loop accepts at least one.
 */
async function takeQueued(): Promise<void> {
  for (let turn = 0; turn < QUEUED_MAX; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function drain(app: FastifyInstance, edge: Edge, drainMs: number): Promise<void> {
  const server = app.server as Server;
  edge.closeAfterAnswers();
  await takeQueued();
  const abort = setTimeout(() => edge.abortAll(platformErrors.unavailable({ detail: 'The server stops.' })), drainMs);
  const cut = setTimeout(() => server.closeAllConnections(), drainMs + ABORT_GRACE_MS);
  // Connections that fall idle would wait for their keep-alive time, and those that never asked anything for ever.
  const sweep = setInterval(() => {
    if (edge.isIdle) server.closeAllConnections();
    else server.closeIdleConnections();
  }, DRAIN_CHECK_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(abort);
    clearTimeout(cut);
    clearInterval(sweep);
    edge.close();
  }
}
