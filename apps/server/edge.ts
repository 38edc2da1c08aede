import { publicKeysCall, verifiedApiKeyOf, verifyApiKeyCall } from '@candlefish/auth/contract';
import { callsPlugin } from '@candlefish/kit/calls';
import { pooled } from '@candlefish/kit/context';
import { createAdminServer, createHttpServer, type HttpServer } from '@candlefish/kit/http';
import { type Authenticator, createAuthenticator, createKeySource } from '@candlefish/kit/identity';
import type { SocketServer } from '@candlefish/kit/sockets';
import type { EdgeParts } from './edge-parts.ts';
import { mountGraphql } from './graphql-edge.ts';
import { internalScopes } from './internal-scope.ts';
import { mountPages } from './pages.ts';
import { listening, portsOf } from './ports.ts';
import { mountSockets } from './socket-edge.ts';
import { VERSION } from './version.ts';

/** The listeners of a process. */
export interface Edge {
  /** Public address without a slash at the end. */
  readonly url: string;
  readonly adminUrl: string;
  /** Lets requests at work finish, then closes both listeners. Followers must have been told to end before. */
  close(): Promise<void>;
}

/** Longest wait for the database when `/ready` asks whether it answers. */
const READY_TIMEOUT_MS = 1_000;

/** Opens the public and the admin port. @throws Error that names the port when it is taken. */
export async function openEdge(parts: EdgeParts): Promise<Edge> {
  const { config } = parts.process;
  const ports = portsOf(config);
  const authenticator = authenticatorOf(parts);
  const { server, sockets, closeGraphql } = await publicServer(parts, authenticator);
  let isOpen = false;
  const admin = createAdminServer({
    host: config.adminHost,
    port: config.adminPort,
    statuses: () => parts.host.statuses(),
    obstacles: () => obstacles(parts, isOpen),
    metrics: parts.process.metrics,
    log: parts.process.log,
    version: VERSION,
  });
  const { port: adminPort } = await listening(ports.admin, () => admin.listen());
  try {
    const { port } = await listening(ports.public, () => server.listen());
    isOpen = true;
    return {
      url: config.publicUrl?.href.replace(/\/$/, '') ?? `http://${shownHost(config.host)}:${port}`,
      adminUrl: `http://${shownHost(config.adminHost)}:${adminPort}`,
      async close() {
        await Promise.all([sockets.close(), server.close()]);
        await closeGraphql();
        await admin.close();
      },
    };
  } catch (error) {
    await admin.close();
    throw error;
  }
}

/** Tokens and keys are verified here; what is needed for it comes from the identity service, wherever it runs. */
function authenticatorOf({ process, host, clock }: EdgeParts): Authenticator {
  const [first] = host.services;
  if (first === undefined) throw new Error('a process hosts at least one service');
  // Not the drain's signal: requests that came before it are still to be let in.
  const ask = () => host.system(first.name, null, AbortSignal.timeout(process.config.deadlineMs));
  return createAuthenticator({
    issuer: process.config.issuer,
    audience: process.config.audience,
    keys: createKeySource({
      load: () => ask().call(publicKeysCall, {}),
      clock,
      onRefreshError: (error) => process.log.warn({ err: error }, 'the published keys could not be renewed'),
    }),
    verifyApiKey: async (sha256) =>
      verifiedApiKeyOf(await ask().call(verifyApiKeyCall, { sha256: Buffer.from(sha256).toString('hex') })),
    revocations: process.revocations,
    clock,
  });
}

async function publicServer(
  parts: EdgeParts,
  authenticator: Authenticator,
): Promise<{
  readonly server: HttpServer;
  readonly sockets: SocketServer;
  readonly closeGraphql: () => Promise<void>;
}> {
  const { process, host, dispatcher, identity, idempotency, clock, ids } = parts;
  const { config, database, shared, log, metrics, tracing } = process;
  const server = createHttpServer({
    host,
    executor: pooled(database),
    authenticator,
    limiter: shared.limits,
    idempotency,
    log,
    metrics,
    tracing,
    ids,
    config,
    checkAnswers: config.environment === 'test',
  });
  const scopeOf = internalScopes(identity, authenticator, clock);
  if (!parts.alone) {
    await server.fastify.register(callsPlugin, {
      dispatcher,
      scopeOf,
      ctx: (service, scope) => host.ctx(service, scope),
    });
  }
  const graphql = await mountGraphql({ ...parts, server, authenticator, scopeOf });
  mountPages(server, host);
  const sockets = mountSockets({ ...parts, server, authenticator }, graphql);
  return { server, sockets, closeGraphql: () => graphql.close() };
}

/** Why this process should get no traffic, beyond services that do not run. */
async function obstacles({ process, host }: EdgeParts, isOpen: boolean): Promise<readonly string[]> {
  const found: string[] = host.isLeaving ? ['the process stops'] : [];
  if (!isOpen) found.push('the public port is not open yet');
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, READY_TIMEOUT_MS, 'late').unref());
  const answers = process.database.ping().then(
    () => 'well' as const,
    () => 'failed' as const,
  );
  if ((await Promise.race([answers, late])) !== 'well') found.push('the database does not answer');
  if (process.revocations.status() === 'stale') found.push('revocations are not up to date');
  return found;
}

/** How a person reaches the address. */
const shownHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::' || host === '127.0.0.1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};
