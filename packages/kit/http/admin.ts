import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ServiceStatus } from '../lifecycle/state.ts';
import type { Logger, Metrics } from '../telemetry/index.ts';

/** What the admin listener tells. */
export interface AdminServerOptions {
  /** Address to bind; loopback unless an operator asked for another one. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly statuses: () => readonly ServiceStatus[];
  /** Further reasons why the process should get no traffic, such as a database that does not answer; none when well. */
  readonly obstacles: () => Promise<readonly string[]>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly version: string;
}

/** The listener for operators: health, readiness, metrics. */
export interface AdminServer {
  /** @returns the port. @throws Error when it is taken. */
  listen(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const OK = 200;
const UNAVAILABLE = 503;
/** A scrape is small and comes every few seconds. */
const REQUEST_TIMEOUT_MS = 5_000;

/** `/health`, `/ready`, `/metrics` and `/services`, apart from the public port. */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const startedAt = performance.now();
  const paths: Readonly<Record<string, () => Promise<Answer>>> = {
    '/health': async () => json(OK, health(options.version, startedAt)),
    '/ready': () => readiness(options),
    '/services': async () => json(OK, { services: options.statuses() }),
    '/metrics': async () => ({ status: OK, type: options.metrics.contentType, body: await options.metrics.text() }),
  };
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      void respond(request, response, paths, options.log);
    },
  );
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve({ port: typeof address === 'object' && address !== null ? address.port : options.port });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What `/health` says, here and on the public port: the process is alive, whatever else is not. */
export const health = (version: string, startedAtMs: number): object => ({
  status: 'ok',
  version,
  uptimeS: Math.floor((performance.now() - startedAtMs) / 1_000),
});

/** 503 names what is not running. */
async function readiness(options: AdminServerOptions): Promise<Answer> {
  const services = options.statuses().map(({ name, state, reason }) => ({ name, state, reason }));
  const idle = services.filter(({ state }) => state !== 'running').map(({ name, state }) => `${name} is ${state}`);
  const notReady = [...idle, ...(await options.obstacles())];
  return json(notReady.length === 0 ? OK : UNAVAILABLE, { ready: notReady.length === 0, notReady, services });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  paths: Readonly<Record<string, () => Promise<Answer>>>,
  log: Logger,
): Promise<void> {
  const answer = await answerTo(request, paths).catch((err: unknown) => {
    log.error({ err }, 'an admin request failed');
    return json(UNAVAILABLE, { error: 'This could not be found out.' });
  });
  const allow = answer.status === 405 ? { allow: 'GET, HEAD' } : {};
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store', ...allow });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo(
  request: IncomingMessage,
  paths: Readonly<Record<string, () => Promise<Answer>>>,
): Promise<Answer> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const answer = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (answer === undefined) return json(404, { paths: Object.keys(paths) });
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { error: 'Only GET and HEAD.' });
  return answer();
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});
