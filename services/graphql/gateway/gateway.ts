import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Documents } from './documents.ts';
import type { GraphExecutor } from './graph.ts';
import type { GatewayHost } from './host.ts';
import { httpPlugin } from './http.ts';
import { PersistedDocuments, readManifest } from './persisted.ts';
import { openPlannedGraph } from './plan-executor.ts';
import { Runner } from './run.ts';
import type { GatewayConfig } from './settings.ts';
import { Sockets } from './sockets.ts';

/** What the endpoint is made of. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly host: GatewayHost;
  /** Default: the supergraph of this repository. */
  readonly supergraph?: string;
}

/** The GraphQL endpoint of a process. */
export interface Gateway {
  /** Serves `POST` and `GET /graphql`; register it on the public listener. */
  readonly plugin: (app: FastifyInstance) => Promise<void>;
  /** Takes upgrades of `/graphql` to sockets. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const PATH = '/graphql';
const SUPERGRAPH = new URL('../supergraph.graphql', import.meta.url);

/**
 * Opens the endpoint.
 * @throws Error when the supergraph names a subgraph without an executor, or the manifest cannot be used.
 */
export async function openGateway({ config, host, supergraph }: GatewayParts): Promise<Gateway> {
  const sdl = supergraph ?? (await readFile(SUPERGRAPH, 'utf8'));
  const { schema, execute } = openPlannedGraph(sdl, host.subgraphs);
  const manifest =
    config.persistedManifest === '' ? new Map<string, string>() : await readManifest(config.persistedManifest);
  const closed = config.environment === 'production' ? 'authenticated' : 'on';
  const runner = new Runner({
    schema,
    documents: new Documents(schema, config),
    persisted: new PersistedDocuments(host.cache, manifest, config.persistedOnly),
    execute: config.executor === 'plan' ? execute : await routerRuntime(sdl, host),
    costMax: config.costMax,
    introspection: config.introspection === 'auto' ? closed : config.introspection,
  });
  const sockets = new Sockets({ ...config, host, runner, schema });
  return {
    plugin: httpPlugin({
      host,
      runner,
      path: PATH,
      batchMax: config.batchMax,
      streamsMax: config.socketsMax,
      page: config.introspection !== 'off',
    }),
    upgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
  };
}

/** Loaded only when it is chosen: it takes half a second and 70 MB. */
async function routerRuntime(sdl: string, host: GatewayHost): Promise<GraphExecutor> {
  const { routerRuntimeExecutor } = await import('./router-runtime.ts');
  return routerRuntimeExecutor(sdl, host.subgraphs);
}
