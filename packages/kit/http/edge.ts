import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ids } from '../context/index.ts';
import { type AppError, isAppError, platformErrors } from '../errors/index.ts';
import type { Authenticated, Authenticator, Presented } from '../identity/index.ts';
import type { Tracing } from '../telemetry/index.ts';
import type { ClientAddresses } from './client-address.ts';
import type { Cors } from './cors.ts';
import { requestIdFrom, SECURITY_HEADERS, STRICT_TRANSPORT } from './headers.ts';
import { pathOf } from './operation.ts';
import { PROBLEM_TYPE, problemOf, retryAfterOf, toAppError } from './problem.ts';
import type { RateLimits, RateReport } from './rate-limits.ts';
import type { RequestLog, RouteLabels } from './request-log.ts';
import { HttpScope, type ScopeParts } from './scope.ts';

/** What the edge of a server works with. */
export interface EdgeParts extends ScopeParts {
  readonly ids: Ids;
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  readonly addresses: ClientAddresses;
  readonly cors: Cors;
  readonly requestLog: RequestLog;
  readonly tracing: Tracing;
  /** Longest time a request may take, ms. */
  readonly deadlineMs: number;
  /** Whether clients reach the platform over https, which browsers are then told to keep to. */
  readonly isHttps: boolean;
}

/** How a route is guarded. */
export interface Guard extends RouteLabels {
  /** `page`: files for browsers, which need no credential and count against no limit. */
  readonly kind: 'api' | 'page';
  readonly access: 'public' | 'authenticated';
}

/** A deadline is kept to within this time. */
const DEADLINE_CHECK_MS = 100;
/** After the deadline an operation that heeds its signal answers by itself within this time. */
const DEADLINE_GRACE_MS = 250;
/** Longer addresses are no addresses of ours; Node refuses 16 KiB of headers anyway. */
const URL_CHARS_MAX = 8_192;
const UNAUTHENTICATED = 401;
const SERVER_ERROR = 500;
const INTERNAL = 500;

/** What every request passes on its way in and out: identity, limits, headers, counts and one line in the log. */
export class Edge {
  readonly #parts: EdgeParts;
  readonly #open = new Map<HttpScope, FastifyReply>();
  #isClosing = false;
  readonly #clock: NodeJS.Timeout;

  constructor(parts: EdgeParts) {
    this.#parts = parts;
    const { deadlineMs } = parts;
    // One timer for all requests: one for each is a measurable part of a short request.
    this.#clock = setInterval(() => this.#endLate(), Math.min(DEADLINE_CHECK_MS, Math.ceil(deadlineMs / 4))).unref();
  }

  /** Stops looking for late requests; for the end of the server. */
  close(): void {
    clearInterval(this.#clock);
  }

  /** The correlation id of a request that has just come in. */
  readonly requestId = (raw: { readonly headers: Readonly<Record<string, unknown>> }): string =>
    requestIdFrom(raw.headers['x-request-id'] as string | undefined) ?? this.#parts.ids.next();

  /** Whether no request is at work. */
  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /** Makes every answer still to come the last one on its connection. */
  closeAfterAnswers(): void {
    this.#isClosing = true;
    for (const reply of this.#open.values()) if (!reply.raw.headersSent) reply.header('connection', 'close');
  }

  /** Tells every request at work to stop. */
  abortAll(reason: Error): void {
    for (const scope of this.#open.keys()) scope.abort(reason);
  }

  /** Lets a request in, or refuses it. @throws AppError. */
  async admit(guard: Guard, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const scope = this.#begin(guard, request, reply);
    this.#writeHeaders(guard, request, reply);
    refuseOddities(request);
    if (guard.kind === 'page') return;
    const { headers } = request;
    const report = (told: RateReport): void => {
      reply.header('ratelimit-policy', told.policy).header('ratelimit', told.state);
    };
    const presented = { authorization: headers.authorization, apiKey: headers['x-api-key'] as string | undefined };
    const caller = await this.#identify(presented, scope, report);
    scope.actor = caller.actor;
    scope.credential = caller.credential;
    if (caller.actor.kind === 'anonymous') await this.#parts.limits.countAddress(scope.clientAddress, report);
    else await this.#parts.limits.countActor(caller.actor, caller.requestsPerHourMax, report);
    if (guard.access === 'authenticated' && caller.actor.kind === 'anonymous') throw platformErrors.unauthenticated();
  }

  /** Answers an error as a problem document; faults are logged with their cause. */
  readonly answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    if (reply.sent) return;
    const appError = toAppError(error);
    if (appError.status >= SERVER_ERROR) this.#logFault(appError, request);
    const retryAfter = retryAfterOf(appError);
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    if (appError.status === UNAUTHENTICATED) reply.header('www-authenticate', 'Bearer realm="candlefish"');
    // An answer that could not be written must not leave its own headers behind.
    reply.removeHeader('etag').removeHeader('location');
    const problem = problemOf(appError, request.id, pathOf(request.url));
    reply.code(appError.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
  };

  #begin(guard: Guard, request: FastifyRequest, reply: FastifyReply): HttpScope {
    const { addresses, requestLog, tracing } = this.#parts;
    const startedAt = performance.now();
    const address = addresses.of(
      request.raw.socket.remoteAddress,
      request.headers['x-forwarded-for'] as string | undefined,
    );
    const scope = new HttpScope(this.#parts, request, reply, address, startedAt + this.#parts.deadlineMs);
    const span = tracing.request(request.headers['traceparent'] as string | undefined);
    request.scope = scope;
    request.span = span;
    this.#open.set(scope, reply);
    if (this.#isClosing) reply.header('connection', 'close');
    reply.raw.on('close', () => {
      this.#open.delete(scope);
      const isGone = !reply.raw.writableFinished;
      if (isGone) scope.abort(CLIENT_GONE);
      requestLog.record(guard, scope, request, reply, performance.now() - startedAt, isGone);
      span?.end(`${request.method} ${guard.path}`, reply.raw.statusCode, {
        'http.route': guard.path,
        service: guard.service,
      });
    });
    return scope;
  }

  #writeHeaders(guard: Guard, request: FastifyRequest, reply: FastifyReply): void {
    reply.header('x-request-id', request.id);
    if (guard.kind === 'api') reply.headers(SECURITY_HEADERS);
    if (this.#parts.isHttps) reply.header('strict-transport-security', STRICT_TRANSPORT);
    const { origin } = request.headers;
    if (origin !== undefined) reply.headers(this.#parts.cors.headersFor(origin));
  }

  /** A credential that does not hold counts against the address it came from, or guessing would be free. */
  async #identify(presented: Presented, scope: HttpScope, report: (told: RateReport) => void): Promise<Authenticated> {
    try {
      return await this.#parts.authenticator.authenticate(presented);
    } catch (error) {
      if (isAppError(error) && error.status === UNAUTHENTICATED) {
        await this.#parts.limits.countAddress(scope.clientAddress, report);
      }
      throw error;
    }
  }

  #endLate(): void {
    const nowMs = performance.now();
    for (const [scope, reply] of this.#open) {
      if (!scope.isLate(nowMs) || scope.signal.aborted) continue;
      scope.abort(platformErrors.timeout());
      setTimeout(() => this.answerError(platformErrors.timeout(), reply.request, reply), DEADLINE_GRACE_MS).unref();
    }
  }

  #logFault(error: AppError, request: FastifyRequest): void {
    // A request that failed before it was let in has no scope.
    const log = (request.scope as HttpScope | null)?.log ?? this.#parts.log.child({ requestId: request.id });
    if (error.status === INTERNAL) log.error({ err: error.cause ?? error }, 'a request failed');
    else log.warn({ err: error.cause ?? error, code: error.code }, 'a request could not be answered');
  }
}

const CLIENT_GONE = platformErrors.requestTimeout({ detail: 'The client has closed the connection.' });

/** Refuses what two programs on the way might read in two ways. */
function refuseOddities(request: FastifyRequest): void {
  const { rawHeaders, url } = request.raw;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 'host'.length && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts !== 1) throw platformErrors.badRequest({ detail: 'A request names one Host.' });
  if (url === undefined) return;
  if (url.length > URL_CHARS_MAX) throw platformErrors.uriTooLong();
  if (url.includes('%') && !isWellEncoded(url)) {
    throw platformErrors.badRequest({ detail: 'The address holds a malformed percent-encoding.' });
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw platformErrors.unsupportedMediaType({ detail: 'Send the body without a content encoding.' });
  }
}

function isWellEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}
