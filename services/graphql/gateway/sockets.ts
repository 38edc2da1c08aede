import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Credential, RequestScope } from '@candlefish/kit/context';
import { isAppError, platformErrors } from '@candlefish/kit/errors';
import { graphqlErrorOf, publicError } from '@candlefish/kit/graphql';
import type { GraphQLSchema } from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer, type Server } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { errors } from '../contract.ts';
import { endOfCredential } from './credential-end.ts';
import type { GatewayHost } from './host.ts';
import { operationRequest } from './http-request.ts';
import type { ReadyOperation, Runner } from './run.ts';

/** Largest message of a client: an operation with its variables. */
const MESSAGE_BYTES_MAX = 1_048_576;
/** Time between pings; a client that has not answered the last one by then is gone. */
const HEARTBEAT_MS = 12_000;
/** Time for `connection_init` after the upgrade. */
const INIT_TIMEOUT_MS = 3_000;
const GOING_AWAY = 1_001;

/** What the sockets of one endpoint work with. */
export interface SocketParts {
  readonly host: GatewayHost;
  readonly runner: Runner;
  readonly schema: GraphQLSchema;
  readonly origins: readonly string[];
  readonly timeoutMs: number;
  readonly subscriptionsMax: number;
  readonly socketsMax: number;
}

interface Connection {
  readonly upgrade: IncomingMessage;
  readonly gone: AbortController;
  close(code: number, reason: string): void;
  scope: RequestScope | undefined;
  stopWatching: (() => void) | undefined;
}

type ConnectionContext = Context<Record<string, unknown>, Connection>;

interface Execution {
  readonly ready: ReadyOperation;
  readonly scope: RequestScope;
}

/** The WebSocket side of the endpoint, speaking `graphql-transport-ws`. */
export class Sockets {
  readonly #parts: SocketParts;
  readonly #server: Server<Connection>;
  readonly #acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols,
  });

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.#server = this.#makeServer();
    parts.host.draining.addEventListener('abort', () => this.#drain(), { once: true });
  }

  /** Sockets that are open. */
  get size(): number {
    return this.#acceptor.clients.size;
  }

  /** Takes the upgrade of a request for the endpoint's path, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { host, origins, socketsMax } = this.#parts;
    if (!isAllowedOrigin(request, origins)) refuse(socket, 403);
    else if (host.draining.aborted || this.size >= socketsMax) refuse(socket, 503);
    else this.#acceptor.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request));
  }

  #open(socket: WebSocket, upgrade: IncomingMessage): void {
    const { log } = this.#parts.host;
    const connection: Connection = {
      upgrade,
      gone: new AbortController(),
      close: (code, reason) => socket.close(code, reason),
      scope: undefined,
      stopWatching: undefined,
    };
    const stopHeartbeat = heartbeat(socket);
    const closed = this.#server.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => socket.on('message', (data: RawData) => void take(String(data)).catch(fail)),
      },
      connection,
    );
    function fail(error: unknown): void {
      log.error({ err: error }, 'a message of a socket could not be handled');
      socket.close(CloseCode.InternalServerError, 'Something failed on our side');
    }
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    socket.once('close', (code, reason) => {
      stopHeartbeat();
      connection.stopWatching?.();
      connection.gone.abort(new DOMException('the socket has closed', 'AbortError'));
      closed(code, String(reason)).catch(fail);
    });
  }

  #makeServer(): Server<Connection> {
    return makeServer<Record<string, unknown>, Connection>({
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: (context) => this.#connect(context),
      onSubscribe: (context, id, payload) => this.#prepare(context, id, payload),
      execute: (execution) => this.#run(execution.contextValue as Execution),
      subscribe: (execution) => this.#run(execution.contextValue as Execution),
    });
  }

  async #connect({ connectionParams, extra }: ConnectionContext): Promise<boolean> {
    const { host } = this.#parts;
    try {
      const scope = await host.socketScope(extra.upgrade, credentialIn(connectionParams), extra.gone.signal);
      if (extra.gone.signal.aborted) return false;
      extra.scope = scope;
      // A client may come back with a fresh token after 4403, and must sign in anew after 4401.
      extra.stopWatching = endOfCredential(scope.actor, host, (_why, how) =>
        how === 'expired'
          ? extra.close(CloseCode.Forbidden, 'The credential has expired')
          : extra.close(CloseCode.Unauthorized, 'The credential was revoked'),
      );
      return true;
    } catch (error) {
      if (isAppError(error) && error.status === 401) extra.close(CloseCode.Unauthorized, 'Unauthorized');
      else if (isAppError(error)) extra.close(CloseCode.Forbidden, error.definition.title);
      else throw error;
      return false;
    }
  }

  async #prepare(context: ConnectionContext, id: string, payload: unknown) {
    const { runner, host, schema, subscriptionsMax } = this.#parts;
    const { scope: connectionScope } = context.extra;
    if (connectionScope === undefined) throw new Error('a socket subscribed before it was accepted');
    const scope = {
      ...connectionScope,
      requestId: `${connectionScope.requestId}.${id.slice(0, OPERATION_ID_CHARS_MAX)}`,
    };
    try {
      if (Object.keys(context.subscriptions).length > subscriptionsMax) throw errors.tooManySubscriptions();
      await host.admit(scope, 1);
      const ready = await runner.prepare(operationRequest(payload), scope);
      if ('refused' in ready) return ready.errors;
      return {
        schema,
        document: ready.operation.document,
        operationName: ready.operationName,
        contextValue: { ready, scope } satisfies Execution,
      };
    } catch (error) {
      return [isAppError(error) ? graphqlErrorOf(error, scope.requestId) : publicError(error, scope)];
    }
  }

  async #run({ ready, scope }: Execution) {
    if (ready.operation.type === 'subscription') return this.#parts.runner.run(ready, scope);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(platformErrors.timeout()), this.#parts.timeoutMs);
    try {
      const signal = AbortSignal.any([scope.signal, late.signal]);
      return await this.#parts.runner.run(ready, { ...scope, signal });
    } finally {
      clearTimeout(timer);
    }
  }

  #drain(): void {
    for (const socket of this.#acceptor.clients) socket.close(GOING_AWAY, 'Going away');
  }
}

/** Part of the client's operation id that goes into the request id. */
const OPERATION_ID_CHARS_MAX = 36;

/** The next frame waits until this one is written, so a slow reader slows its source. */
const send = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(data, (error) => (error ? reject(error) : resolve()));
  });

function heartbeat(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, HEARTBEAT_MS);
  return () => clearInterval(timer);
}

/** Browsers always say where a page comes from; other clients have no ambient credentials to misuse. */
function isAllowedOrigin({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const BEARER = /^Bearer +(\S+) *$/i;

/** `{ authorization: "Bearer …" }` or `{ token }`, `{ apiKey }`; names as headers write them are taken too. */
function credentialIn(params: Readonly<Record<string, unknown>> | undefined): Credential | null {
  const textOf = (...names: readonly string[]): string | undefined => {
    const value = names.map((name) => params?.[name]).find((found) => typeof found === 'string' && found !== '');
    return typeof value === 'string' ? value : undefined;
  };
  const authorization = textOf('authorization', 'Authorization');
  const bearer = (authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]) ?? textOf('token');
  if (bearer !== undefined) return { kind: 'bearer', value: bearer };
  const apiKey = textOf('apiKey', 'x-api-key', 'X-API-Key');
  return apiKey === undefined ? null : { kind: 'api_key', value: apiKey };
}
