import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { QueryPlanner } from '@graphql-hive/router-query-planner';
import type { FastifyInstance } from 'fastify';
import { Documents } from './documents.ts';
import { clientSchema } from './graph.ts';
import type { GatewayHost } from './host.ts';
import { httpPlugin } from './http.ts';
import { PersistedDocuments, readManifest } from './persisted.ts';
import { routerRuntimeExecutor } from './router-runtime.ts';
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
  const schema = clientSchema(new QueryPlanner(sdl).consumerSchema);
  const manifest =
    config.persistedManifest === '' ? new Map<string, string>() : await readManifest(config.persistedManifest);
  const closed = config.environment === 'production' ? 'authenticated' : 'on';
  const runner = new Runner({
    schema,
    documents: new Documents(schema, config),
    persisted: new PersistedDocuments(host.cache, manifest, config.persistedOnly),
    execute: await routerRuntimeExecutor(sdl, host.subgraphs),
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
