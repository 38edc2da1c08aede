import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GatewayHost, type GraphqlService, openGateway } from '@candlefish/graphql';
import { outgoingHeaders } from '@candlefish/kit/calls';
import { type Actor, pooled, type RequestScope } from '@candlefish/kit/context';
import { type AppError, platformErrors } from '@candlefish/kit/errors';
import {
  createSubgraph,
  idempotentExecutor,
  type RemoteSubgraphs,
  remoteSubgraphs,
  type Subgraph,
  type SubgraphExecutor,
  subgraphsPlugin,
} from '@candlefish/kit/graphql';
import { ClientAddresses, type HttpServer } from '@candlefish/kit/http';
import type { Authenticated, Authenticator } from '@candlefish/kit/identity';
import { revocationSubjects } from '@candlefish/kit/identity';
import { serviceAddresses } from './check-config.ts';
import type { EdgeParts } from './edge-parts.ts';
import type { InternalScopes } from './internal-scope.ts';
import { services } from './registry.ts';

/** What the GraphQL endpoint is mounted on. */
export interface GraphqlEdgeParts extends EdgeParts {
  readonly server: HttpServer;
  readonly authenticator: Authenticator;
  readonly scopeOf: InternalScopes;
}

/** The subgraphs of the services that run in this process. */
async function localSubgraphs({
  host,
  idempotency,
}: Pick<EdgeParts, 'host' | 'idempotency'>): Promise<ReadonlyMap<string, Subgraph>> {
  const subgraphs = new Map<string, Subgraph>();
  for (const { name, graphql } of host.services) {
    if (graphql === undefined) continue;
    const sdl = await readFile(graphql.schema, 'utf8');
    const contextOf = (scope: RequestScope) => host.ctx(name, scope);
    const subgraph = createSubgraph({ name, sdl, resolvers: graphql.resolvers, contextOf });
    const { unstored = [] } = graphql;
    subgraphs.set(name, { ...subgraph, execute: idempotentExecutor({ ...subgraph, unstored }, idempotency) });
  }
  return subgraphs;
}

/** Executors of the subgraphs that run elsewhere. @throws Error when SERVICE_URLS does not say where one is. */
function elsewhere(parts: EdgeParts, local: ReadonlyMap<string, Subgraph>): RemoteSubgraphs {
  const { identity, self, clock } = parts;
  const known = serviceAddresses(parts.process.config);
  const addresses = new Map<string, URL>();
  for (const { name, graphql } of services) {
    if (graphql === undefined || local.has(name)) continue;
    const address = known.get(name);
    if (address === undefined) throw new Error(`the graphql service needs the address of ${name} in SERVICE_URLS`);
    addresses.set(name, address);
  }
  return remoteSubgraphs({ addresses, headersOf: (scope) => outgoingHeaders(scope, clock.now(), { identity, self }) });
}

/** The GraphQL endpoint of a process. */
export interface GraphqlEdge {
  /** Takes upgrades of `/graphql`; null where the service is not hosted. */
  readonly upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
  close(): Promise<void>;
}

/**
 * Serves `/graphql` over HTTP, event streams and sockets, where this process hosts the graphql service; and the subgraphs
 * of this process to gateways elsewhere, where it is a part of the platform.
 */
export async function mountGraphql(parts: GraphqlEdgeParts): Promise<GraphqlEdge> {
  const { host, server } = parts;
  const local = await localSubgraphs(parts);
  if (!parts.alone) {
    const { scopeOf } = parts;
    await server.fastify.register(subgraphsPlugin, { subgraphs: local, draining: host.draining, scopeOf });
  }
  if (!host.services.some((service) => service.name === 'graphql')) {
    return { upgrade: null, close: async () => undefined };
  }
  const remote = elsewhere(parts, local);
  const { config } = host.system('graphql', null).service as GraphqlService;
  const gateway = await openGateway({
    config,
    host: gatewayHost(parts, new Map([...executorsOf(local), ...remote.executors])),
  });
  await server.fastify.register(gateway.plugin);
  return {
    upgrade: (request, socket, head) => gateway.upgrade(request, socket, head),
    close: () => remote.close(),
  };
}

const executorsOf = (subgraphs: ReadonlyMap<string, Subgraph>): ReadonlyMap<string, SubgraphExecutor> =>
  new Map([...subgraphs].map(([name, subgraph]) => [name, subgraph.execute]));

function gatewayHost(parts: GraphqlEdgeParts, subgraphs: ReadonlyMap<string, SubgraphExecutor>): GatewayHost {
  const { host, process, server, authenticator, ids } = parts;
  const addresses = new ClientAddresses(process.config.trustedProxies);
  const hourly = new WeakMap<Actor, number>();
  return {
    subgraphs,
    cache: process.shared.cache,
    log: process.log,
    draining: host.draining,
    async socketScope(upgrade, credential, signal) {
      const { headers } = upgrade;
      const caller: Authenticated = await authenticator.authenticate(
        credential === null
          ? { authorization: headers.authorization, apiKey: headers['x-api-key'] as string | undefined }
          : credential.kind === 'api_key'
            ? { apiKey: credential.value }
            : { authorization: `Bearer ${credential.value}` },
      );
      if (caller.requestsPerHourMax !== null) hourly.set(caller.actor, caller.requestsPerHourMax);
      const requestId = ids.next();
      return {
        executor: pooled(process.database),
        actor: caller.actor,
        credential: caller.credential,
        log: process.log.child({ requestId, tenantId: caller.actor.tenantId }),
        signal,
        requestId,
        clientAddress: addresses.of(upgrade.socket.remoteAddress, headers['x-forwarded-for'] as string | undefined),
        http: null,
      };
    },
    admit: (scope, operations) => server.count(scope, hourly.get(scope.actor) ?? null, operations),
    watch(actor: Actor, end: (why: AppError) => void) {
      const mine = new Set(revocationSubjects(actor));
      const off = process.revocations.onRevoked((mark) => {
        if (mine.has(mark.subject) && actor.issuedAt <= mark.revokedAt) {
          end(platformErrors.unauthenticated({ detail: 'The credential was revoked.' }));
        }
      });
      return () => void off();
    },
  };
}
