import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInProcessCache } from '@candlefish/kit/cache';
import { createDispatcher } from '@candlefish/kit/calls';
import { type Actor, ANONYMOUS, type Executor, systemClock, systemIds } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import { ClientAddresses } from '@candlefish/kit/http';
import type { Authenticator } from '@candlefish/kit/identity';
import { Host } from '@candlefish/kit/lifecycle';
import { createInProcessRateLimiter } from '@candlefish/kit/limits';
import { createInProcessBus, createInProcessPubSub, type InProcessBus, type PubSub } from '@candlefish/kit/pubsub';
import type { RevocationMark, Revocations } from '@candlefish/kit/revocation';
import { SocketServer } from '@candlefish/kit/sockets';
import { createLog, createMetrics, type Metrics } from '@candlefish/kit/telemetry';
import { websocket } from '../service.ts';
import type { MemoryDocuments } from './memory-documents.ts';

/** A node of the websocket service over documents in memory, listening on a free port. */
export interface SocketNode {
  /** `ws://127.0.0.1:…` without a slash at the end. */
  readonly url: string;
  readonly host: Host;
  readonly pubsub: PubSub;
  readonly metrics: Metrics;
  revoke(mark: RevocationMark): void;
  /** Stops as a process does: drain, close. */
  close(): Promise<void>;
}

/** What a test may choose. */
export interface SocketNodeOptions {
  readonly documents: MemoryDocuments;
  /** Joins nodes; default a bus of its own. */
  readonly bus?: InProcessBus;
  readonly environment?: Readonly<Record<string, string>>;
  readonly drainMs?: number;
  readonly origins?: readonly string[];
}

/** The token of a person in a tenant. @param expiresInMs default: it does not end. */
export const tokenOf = (tenantId: string, userId: string, expiresInMs?: number, role = 'owner'): string =>
  Buffer.from(
    JSON.stringify({ tenantId, userId, role, expiresAt: expiresInMs === undefined ? null : Date.now() + expiresInMs }),
  ).toString('base64url');

/** Believes what `tokenOf` has written. */
function believer(isRevoked: (userId: string, issuedAt: Date) => boolean): Authenticator {
  return {
    async authenticate({ authorization }) {
      if (authorization === undefined) return { actor: ANONYMOUS, credential: null, requestsPerHourMax: null };
      const value = authorization.replace(/^Bearer /, '');
      const actor = actorIn(value);
      if (actor === null || isRevoked(actor.id, actor.issuedAt)) throw platformErrors.unauthenticated();
      if (actor.expiresAt !== null && actor.expiresAt <= new Date()) throw platformErrors.unauthenticated();
      return { actor, credential: { kind: 'bearer', value }, requestsPerHourMax: null };
    },
  };
}

function actorIn(token: string): Actor | null {
  try {
    const { tenantId, userId, role, expiresAt } = JSON.parse(Buffer.from(token, 'base64url').toString());
    return {
      kind: 'user',
      id: userId,
      userId,
      tenantId,
      role,
      permissions: null,
      scopes: null,
      sessionId: null,
      issuedAt: new Date(0),
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    };
  } catch {
    return null;
  }
}

/** There is no database: what would need one fails. */
const NO_DATABASE: Executor = {
  query: () => Promise.reject(new Error('no database here')),
  transaction: () => Promise.reject(new Error('no database here')),
  groupTransaction: () => Promise.reject(new Error('no database here')),
};

/** Starts a node. */
export async function socketNode(options: SocketNodeOptions): Promise<SocketNode> {
  const log = createLog({ level: 'silent' });
  const metrics = createMetrics({ process: false });
  const pubsub = createInProcessPubSub({ bus: options.bus ?? createInProcessBus() });
  const cache = await createInProcessCache();
  const listeners = new Set<(mark: RevocationMark) => void>();
  const revoked = new Set<string>();
  const revocations: Pick<Revocations, 'onRevoked'> = {
    onRevoked(listener) {
      listeners.add(listener);
      return async () => void listeners.delete(listener);
    },
  };
  const services = [options.documents.service(), websocket];
  const dispatcher = createDispatcher({ host: () => host, remote: null, jsonRoundTrip: true });
  const limits = createInProcessRateLimiter();
  const host: Host = new Host(services, {
    environment: options.environment ?? {},
    log,
    clock: systemClock,
    ids: systemIds(systemClock),
    executor: NO_DATABASE,
    writeEvents: async () => undefined,
    writeJob: async () => undefined,
    dispatch: (ctx, call, input) => dispatcher.dispatch(ctx, call, input),
    shared: {
      cache,
      pubsub,
      limits,
      metrics,
      revocations: revocations as Revocations,
      events: {
        head: async () => 0,
        read: async () => [],
        follow: () => Promise.reject(new Error('no events here')) as never,
      },
      deriveKey: () => new Uint8Array(32),
    },
  });
  await host.start();
  const sockets = new SocketServer({
    services: host.services,
    ctx: (service, scope) => host.ctx(service, scope),
    system: (service, tenantId, signal) => host.system(service, tenantId, signal),
    executor: NO_DATABASE,
    authenticator: believer((userId) => revoked.has(userId)),
    revocations,
    limiter: limits,
    addresses: new ClientAddresses([]),
    origins: options.origins ?? [],
    publicUrl: undefined,
    draining: host.draining,
    drainMs: options.drainMs ?? 3_000,
    log,
    metrics,
    ids: systemIds(systemClock),
    clock: systemClock,
  });
  const server = await listening(sockets);
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    host,
    pubsub,
    metrics,
    revoke(mark) {
      revoked.add(mark.subject.replace('user:', ''));
      for (const listener of listeners) listener(mark);
    },
    async close() {
      host.beginDrain();
      await sockets.close();
      await new Promise((resolve) => server.close(resolve));
      await host.stop();
      await cache.close();
      await pubsub.close();
    },
  };
}

async function listening(sockets: SocketServer): Promise<Server> {
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (!sockets.upgrade(request, socket, head)) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
