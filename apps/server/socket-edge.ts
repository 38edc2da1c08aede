import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { pooled } from '@candlefish/kit/context';
import { ClientAddresses, type HttpServer } from '@candlefish/kit/http';
import type { Authenticator } from '@candlefish/kit/identity';
import { refuseUpgrade, SocketServer } from '@candlefish/kit/sockets';
import type { EdgeParts } from './edge-parts.ts';
import type { GraphqlEdge } from './graphql-edge.ts';

/** What the sockets of a process are mounted on. */
export interface SocketEdgeParts extends EdgeParts {
  readonly server: HttpServer;
  readonly authenticator: Authenticator;
}

/** Sends each upgrade to whom its path belongs: the declared sockets of services, or `/graphql`. */
export function mountSockets(parts: SocketEdgeParts, graphql: GraphqlEdge): SocketServer {
  const { host, process, server, authenticator, ids, clock } = parts;
  const { config, database, shared, revocations, log, metrics } = process;
  const sockets = new SocketServer({
    services: host.services,
    ctx: (service, scope) => host.ctx(service, scope),
    system: (service, tenantId, signal) => host.system(service, tenantId, signal),
    executor: pooled(database),
    authenticator,
    revocations,
    limiter: shared.limits,
    addresses: new ClientAddresses(config.trustedProxies),
    origins: config.corsOrigins,
    publicUrl: config.publicUrl,
    draining: host.draining,
    drainMs: config.drainMs,
    log,
    metrics,
    ids,
    clock,
  });
  const broke = (error: Error): void => log.debug({ err: error }, 'a socket broke');
  server.fastify.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client may break the connection at any moment.
    socket.on('error', broke);
    if (sockets.upgrade(request, socket, head)) {
      // Whoever has taken the socket listens by now.
      socket.off('error', broke);
      return;
    }
    if (graphql.upgrade !== null && (request.url ?? '').split('?', 1)[0] === '/graphql') {
      graphql.upgrade(request, socket, head);
    } else refuseUpgrade(socket, 404);
  });
  return sockets;
}
