import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { ANONYMOUS, type Clock, type Ctx, type Executor, type Ids, type RequestScope } from '../context/index.ts';
import { isAppError } from '../errors/index.ts';
import type { ClientAddresses } from '../http/index.ts';
import { type Authenticated, type Authenticator, type Presented, revocationSubjects } from '../identity/index.ts';
import type { RateLimiter } from '../limits/index.ts';
import type { RevocationMark, Revocations } from '../revocation/index.ts';
import type { ServiceDeclaration } from '../service/index.ts';
import type { Logger, Metrics } from '../telemetry/index.ts';
import { Admission, presentedOf } from './admission.ts';
import { CLOSE } from './close-codes.ts';
import { type ConnectionHost, LiveConnection } from './connection.ts';
import { ConnectionCounts } from './counts.ts';
import { hearStranger } from './greeting.ts';
import { PAUSE, type SocketRoute, type SocketsDeclaration } from './types.ts';
import { isAllowedOrigin, offeredProtocols, pathMatcher, presentedBy, refuseUpgrade, wordsOf } from './upgrade.ts';

/** What the sockets of a process work with. */
export interface SocketServerOptions {
  readonly services: readonly ServiceDeclaration[];
  ctx(service: string, scope: RequestScope): Ctx;
  system(service: string, tenantId: string | null, signal: AbortSignal): Ctx;
  readonly executor: Executor;
  readonly authenticator: Authenticator;
  readonly revocations: Pick<Revocations, 'onRevoked'>;
  readonly limiter: RateLimiter;
  readonly addresses: ClientAddresses;
  /** Other origins whose pages may open sockets. */
  readonly origins: readonly string[];
  readonly publicUrl: URL | undefined;
  /** Aborts when the process begins to drain: no connection is let in any more. */
  readonly draining: AbortSignal;
  readonly drainMs: number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly ids: Ids;
  readonly clock: Clock;
}

/** Largest message of a client. */
const MESSAGE_BYTES_MAX = 2 * 1024 * 1024;
/** Time for the first message of a client without a credential. */
const CREDENTIAL_MS = 5_000;
/** Time for another credential after one was refused: clients that come back at once do so twice a minute then. */
const REFUSED_MS = 30_000;
/** How often connections are looked through: the precision of expiry and heartbeats. */
const LOOK_MS = 1_000;
/** Longest verification of a credential or a ticket. */
const ADMISSION_MS = 5_000;
/** Time for the closing handshake before a connection is cut. */
const CLOSING_MS = 2_000;
/** Clients that come back in a second after the process has stopped. */
const RETURNS_PER_SECOND = 200;

const ACCEPTOR = {
  noServer: true,
  clientTracking: false,
  maxPayload: MESSAGE_BYTES_MAX,
  perMessageDeflate: false,
  closeTimeout: CLOSING_MS,
} as const;

interface Endpoint {
  readonly service: string;
  readonly declaration: SocketsDeclaration;
  readonly route: SocketRoute;
  readonly counts: ConnectionCounts;
  readonly acceptor: WebSocketServer;
  readonly match: (address: string) => Record<string, string> | undefined;
}

/** The declared sockets of the services of a process: takes upgrades, lets callers in, and sees connections to their end. */
export class SocketServer implements ConnectionHost {
  readonly #options: SocketServerOptions;
  readonly #endpoints: readonly Endpoint[];
  readonly #admission: Admission;
  readonly #connections = new Set<LiveConnection>();
  readonly #endpointOf = new WeakMap<LiveConnection, Endpoint>();
  readonly #ended = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #stopWatching: () => Promise<void>;
  readonly #frames: ReturnType<Metrics['counter']>;
  readonly #uncounted = { in: 0, out: 0 };
  #unsent: LiveConnection[] = [];

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#admission = new Admission(options.authenticator, options.limiter);
    this.#endpoints = options.services.flatMap((service) => this.#endpointsOf(service));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
    this.#stopWatching = options.revocations.onRevoked((mark) => this.#revoked(mark));
    this.#frames = options.metrics.counter('websocket_frames_total', 'Messages on sockets.', ['direction']);
    options.metrics.watch('websocket_connections', 'Open sockets by path.', () =>
      this.#endpoints.map(({ route, counts }) => ({ labels: { path: route.path }, value: counts.open })),
    );
  }

  /** Takes the upgrade of a request when its path is one of a service. @returns whether it is. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): boolean {
    const [address = ''] = (request.url ?? '').split('?', 1);
    for (const endpoint of this.#endpoints) {
      const params = endpoint.match(address);
      if (params === undefined) continue;
      this.#take(endpoint, params, request, stream, head);
      return true;
    }
    return false;
  }

  /**
   * Lets services finish what they promised, tells clients when to come back, closes. Connections that do not close in
   * time are cut.
   */
  async close(): Promise<void> {
    const { drainMs, log, system } = this.#options;
    const signal = AbortSignal.timeout(Math.max(drainMs - CLOSING_MS, 0));
    for (const { service, declaration } of new Map(this.#endpoints.map((it) => [it.service, it])).values()) {
      try {
        await declaration.drain(system(service, null, signal).service, signal);
      } catch (error) {
        log.error({ err: error, service }, 'sockets were closed with work left');
      }
    }
    const spanMs = (this.#connections.size / RETURNS_PER_SECOND) * 1_000;
    for (const connection of this.#connections) {
      connection.handler?.leaving(Math.round(Math.random() * spanMs));
      connection.end(CLOSE.restart, 'The server stops');
    }
    await this.#allClosed();
    this.#ended.abort(new Error('the sockets are closed'));
    clearInterval(this.#timer);
    await this.#stopWatching();
  }

  contextOf(connection: LiveConnection, signal: AbortSignal): Ctx {
    const { ctx, executor, log } = this.#options;
    const { actor, credential, clientAddress, id, service } = connection;
    const requestId = id;
    const scope = { executor, actor, credential, clientAddress, requestId, signal, http: null };
    return ctx(service, { ...scope, log: log.child({ service, requestId, tenantId: actor.tenantId }) });
  }

  async renew(connection: LiveConnection, token: string): Promise<void> {
    const renewed = await this.#admission.renew(connection, token);
    this.#assume(connection, renewed);
  }

  counted(direction: 'in' | 'out'): void {
    this.#uncounted[direction] += 1;
  }

  sendSoon(connection: LiveConnection): void {
    if (this.#unsent.push(connection) === 1) process.nextTick(this.#send);
  }

  failed(connection: LiveConnection, error: unknown): void {
    this.#options.log.error({ err: error, connectionId: connection.id }, 'a message of a socket could not be handled');
    connection.close(CLOSE.tryLater, 'Something failed on our side');
  }

  readonly #send = (): void => {
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const connection of unsent) connection.send();
  };

  #endpointsOf({ name, sockets }: ServiceDeclaration): readonly Endpoint[] {
    if (sockets === undefined) return [];
    const { service } = this.#options.system(name, null, this.#ended.signal);
    const counts = new ConnectionCounts(sockets.limits(service));
    return sockets.routes.map((route) => {
      const acceptor = new WebSocketServer({
        ...ACCEPTOR,
        handleProtocols: (offered) => route.protocols.find((protocol) => offered.has(protocol)) ?? false,
      });
      return { service: name, declaration: sockets, route, counts, acceptor, match: pathMatcher(route.path) };
    });
  }

  #take(endpoint: Endpoint, params: Record<string, string>, request: IncomingMessage, stream: Duplex, head: Buffer) {
    const { addresses, draining } = this.#options;
    const { headers, socket } = request;
    const address = addresses.of(socket.remoteAddress, headers['x-forwarded-for'] as string | undefined);
    const refusal = draining.aborted ? 503 : endpoint.counts.refusal(address);
    if (!isAllowedOrigin(request, this.#options)) refuseUpgrade(stream, 403);
    else if (refusal !== null) refuseUpgrade(stream, refusal);
    else {
      endpoint.acceptor.handleUpgrade(request, stream, head, (opened) =>
        this.#open(endpoint, params, address, request, opened, stream),
      );
    }
  }

  #open(
    endpoint: Endpoint,
    params: Record<string, string>,
    clientAddress: string | null,
    request: IncomingMessage,
    socket: WebSocket,
    stream: Duplex,
  ): void {
    const { service, route, counts } = endpoint;
    const words = wordsOf(offeredProtocols(request), route.protocols);
    const nowMs = performance.now() + CREDENTIAL_MS;
    const start = { id: this.#options.ids.next(), service, clientAddress, request: { params, words }, nowMs };
    const connection = new LiveConnection(socket, stream, this, start);
    this.#connections.add(connection);
    this.#endpointOf.set(connection, endpoint);
    counts.opened(connection);
    this.#watch(connection, counts);
    const ticket = words.get('ticket');
    const presented = presentedBy(request);
    if (presented !== null) this.#letIn(connection, endpoint, () => Promise.resolve(presented));
    else if (ticket !== undefined) this.#letIn(connection, endpoint, () => this.#redeemed(endpoint, ticket));
    else if (route.openWord !== undefined && words.has(route.openWord)) this.#letIn(connection, endpoint, nobody);
    else {
      this.#awaitCredential(connection, endpoint);
      return;
    }
    this.#listen(connection);
  }

  // Each with closures of their own: what these hold is held as long as the connection, and `#open` knows the credential.
  #watch(connection: LiveConnection, counts: ConnectionCounts): void {
    const { socket } = connection;
    socket.on('error', (error) => {
      this.#options.log.debug({ err: error, connectionId: connection.id }, 'a socket broke');
    });
    socket.on('pong', () => connection.heard());
    socket.on('close', () => this.#closed(connection, counts));
  }

  /** The listener holds nothing but the connection: it lives as long, and a token need not. @returns it. */
  #listen(connection: LiveConnection): (data: RawData, isBinary: boolean) => void {
    const receive = (data: RawData, isBinary: boolean): void => this.#received(connection, data, isBinary);
    connection.socket.on('message', receive);
    return receive;
  }

  /** A message must bring the credential. */
  #awaitCredential(connection: LiveConnection, endpoint: Endpoint, refusedToken: string | null = null): void {
    const { socket } = connection;
    const { greeting } = endpoint.route;
    hearStranger(connection, { greeting, refusedToken }, (message) => {
      if (message === null) return connection.close(CLOSE.unauthenticated, 'The first message is the credential');
      const { data, token } = message;
      const receive = this.#listen(connection);
      const present = token === null ? nobody : () => Promise.resolve({ authorization: `Bearer ${token}` });
      if (greeting !== undefined) this.#received(connection, data, true);
      this.#letIn(connection, endpoint, present, (error) => {
        if (greeting === undefined || !isAppError(error) || error.status !== 401) return false;
        socket.off('message', receive);
        connection.write(greeting.refusal(data));
        connection.dueAtMs = performance.now() + REFUSED_MS;
        const [, ...waiting] = connection.forget();
        this.#awaitCredential(connection, endpoint, token);
        for (const [next, isBinary] of waiting) socket.emit('message', next, isBinary);
        return true;
      });
    });
  }

  #received(connection: LiveConnection, data: RawData, isBinary: boolean): void {
    // `nodebuffer` is the type of all messages here.
    if (!connection.receive(data as Buffer, isBinary)) connection.close(CLOSE.malformed, 'Too much at once');
  }

  /** @param answers whether it has answered an error, so that the connection stays open. */
  #letIn(
    connection: LiveConnection,
    endpoint: Endpoint,
    present: () => Promise<Presented | null>,
    answers: (error: unknown) => boolean = () => false,
  ): void {
    connection.pause(PAUSE.admission);
    this.#admit(connection, endpoint, present).then(
      () => connection.resume(PAUSE.admission),
      (error: unknown) => {
        connection.resume(PAUSE.admission);
        if (!answers(error)) this.#turnAway(connection, error);
      },
    );
  }

  async #admit(connection: LiveConnection, endpoint: Endpoint, present: () => Promise<Presented | null>) {
    const { refusalsPerMinute } = endpoint.counts.limits;
    const presented = await present();
    const caller =
      presented === null
        ? { actor: ANONYMOUS, credential: null }
        : await this.#admission.verify(presented, connection.clientAddress, refusalsPerMinute);
    if (!connection.isOpen) return;
    if (!endpoint.counts.admitted(caller.actor)) return connection.close(CLOSE.quota, 'There are enough connections');
    connection.assume(caller.actor, caller.credential);
    const ctx = this.contextOf(connection, this.#ended.signal);
    connection.begin(endpoint.route.open(ctx, connection, connection.request), performance.now());
  }

  /** The credential that a ticket stands for; one that does not hold counts like any other. */
  async #redeemed({ service, declaration }: Endpoint, ticket: string): Promise<Presented> {
    const ctx = this.#options.system(service, null, AbortSignal.timeout(ADMISSION_MS));
    const credential = await declaration.redeem(ctx, ticket);
    // What is no ticket is refused, and counted, like a wrong token.
    return credential === null ? { authorization: 'Bearer -' } : presentedOf(credential);
  }

  #turnAway(connection: LiveConnection, error: unknown): void {
    if (isAppError(error) && error.status === 401)
      connection.close(CLOSE.unauthenticated, 'The credential does not hold');
    else if (isAppError(error) && error.status === 403)
      connection.close(CLOSE.forbidden, 'The caller may not open this');
    else if (isAppError(error) && error.status === 429)
      connection.close(CLOSE.quota, 'Too many credentials have failed');
    else {
      this.#options.log.warn({ err: error, connectionId: connection.id }, 'a socket could not be let in');
      connection.close(CLOSE.tryLater, 'The credential cannot be verified just now');
    }
  }

  #assume(connection: LiveConnection, { actor, credential }: Pick<Authenticated, 'actor' | 'credential'>): void {
    connection.assume(actor, credential);
    connection.handler?.renewed();
  }

  #closed(connection: LiveConnection, counts: ConnectionCounts): void {
    connection.isClosed = true;
    this.#connections.delete(connection);
    counts.closed(connection);
    connection.handler?.closed();
  }

  /** A mark may end a credential or say that what is known of it is out of date: it is verified again. */
  #revoked(mark: RevocationMark): void {
    const known = new Map<object, boolean>();
    for (const connection of this.#connections) {
      const actor = connection.knownActor;
      if (actor === null || actor.issuedAt > mark.revokedAt) continue;
      const isMeant = known.get(actor) ?? revocationSubjects(actor).includes(mark.subject);
      known.set(actor, isMeant);
      if (isMeant) void this.#verifyAgain(connection);
    }
  }

  async #verifyAgain(connection: LiveConnection): Promise<void> {
    try {
      this.#assume(connection, await this.#admission.again(connection));
    } catch (error) {
      if (isAppError(error) && error.status === 401) connection.close(CLOSE.forbidden, 'The credential was revoked');
      else connection.close(CLOSE.tryLater, 'The credential cannot be verified just now');
    }
  }

  #look(): void {
    this.#countFrames();
    const now = this.#options.clock.now().getTime();
    const nowMs = performance.now();
    for (const connection of this.#connections) {
      if (!connection.isOpen) continue;
      if (connection.knownActor === null) {
        if (nowMs > connection.dueAtMs) connection.close(CLOSE.unauthenticated, 'No credential has come');
      } else if (!connection.isCurrent(now)) connection.close(CLOSE.unauthenticated, 'The credential has ended');
      else if (!connection.beat(nowMs)) {
        connection.close(CLOSE.slow, 'No answer to pings');
        connection.socket.terminate();
      }
    }
  }

  /** Adds up once a second: a labelled counter costs as much as a frame. */
  #countFrames(): void {
    for (const direction of ['in', 'out'] as const) {
      this.#frames.inc({ direction }, this.#uncounted[direction]);
      this.#uncounted[direction] = 0;
    }
  }

  /** Waits for the closing handshakes, and cuts what has not closed by then. */
  async #allClosed(): Promise<void> {
    const untilMs = performance.now() + CLOSING_MS;
    while (this.#connections.size > 0 && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, CLOSED_CHECK_MS));
    }
    for (const connection of this.#connections) connection.socket.terminate();
  }
}

/** How often a closing server looks whether its connections are gone. */
const CLOSED_CHECK_MS = 20;

const nobody = (): Promise<null> => Promise.resolve(null);
