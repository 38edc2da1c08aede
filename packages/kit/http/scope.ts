import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Actor,
  ANONYMOUS,
  type Credential,
  type Executor,
  type HttpExchange,
  type RequestScope,
} from '../context/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import { cookieFrom, traceIdFrom } from './headers.ts';

/** What all requests of a server share, as far as their scopes need it. */
export interface ScopeParts {
  readonly executor: Executor;
  readonly log: Logger;
  /** Whether cookies are sent over TLS only. */
  readonly secureCookies: boolean;
}

/**
 * One HTTP request as the contexts of all services see it. Begins anonymous; the edge of the server sets who calls.
 * Its parts are plain properties, so a copy with spread is a scope too.
 */
export class HttpScope implements RequestScope {
  readonly executor: Executor;
  readonly requestId: string;
  readonly clientAddress: string | null;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly http: HttpExchange;
  actor: Actor = ANONYMOUS;
  credential: Credential | null = null;
  readonly #controller = new AbortController();
  #deadlineMs: number;

  /** @param deadlineMs when the request must have been answered, on the clock of `performance.now()`. */
  constructor(
    parts: ScopeParts,
    request: FastifyRequest,
    reply: FastifyReply,
    clientAddress: string | null,
    deadlineMs: number,
  ) {
    this.executor = parts.executor;
    this.requestId = request.id;
    this.clientAddress = clientAddress;
    this.signal = this.#controller.signal;
    this.log = new ScopeLog(parts.log, this, request);
    this.http = new Exchange(request.raw, reply.raw, parts.secureCookies);
    this.#deadlineMs = deadlineMs;
  }

  /** Tells everything that works for this request to stop. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** For an answer that goes on for as long as the client listens: no deadline, though the signal still aborts. */
  liftDeadline(): void {
    this.#deadlineMs = Number.POSITIVE_INFINITY;
  }

  /** Whether the time is up. */
  isLate(nowMs: number): boolean {
    return nowMs >= this.#deadlineMs;
  }
}

/** A log that makes its child, with the ids of the request, at the first line: most requests write none. */
class ScopeLog implements Logger {
  readonly #base: Logger;
  readonly #scope: HttpScope;
  readonly #request: FastifyRequest;
  #made: Logger | undefined;

  constructor(base: Logger, scope: HttpScope, request: FastifyRequest) {
    this.#base = base;
    this.#scope = scope;
    this.#request = request;
  }

  debug(fields: object, message: string): void {
    this.#child().debug(fields, message);
  }
  info(fields: object, message: string): void {
    this.#child().info(fields, message);
  }
  warn(fields: object, message: string): void {
    this.#child().warn(fields, message);
  }
  error(fields: object, message: string): void {
    this.#child().error(fields, message);
  }
  child(fields: object): Logger {
    return this.#child().child(fields);
  }

  #child(): Logger {
    this.#made ??= this.#base.child(requestFields(this.#scope, this.#request));
    return this.#made;
  }
}

/** The ids by which lines of one request are found together. */
export function requestFields(scope: RequestScope, request: FastifyRequest): Record<string, string> {
  const { actor, requestId } = scope;
  const fields: Record<string, string> = { requestId, actorKind: actor.kind, actorId: actor.id };
  if (actor.tenantId !== null) fields['tenantId'] = actor.tenantId;
  const traceId = request.span?.traceId ?? traceIdFrom(request.headers['traceparent'] as string | undefined);
  if (traceId !== undefined) fields['traceId'] = traceId;
  return fields;
}

/** Headers and cookies of one request, for the few operations that need them. */
class Exchange implements HttpExchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #secure: boolean;

  constructor(request: IncomingMessage, response: ServerResponse, secure: boolean) {
    this.#request = request;
    this.#response = response;
    this.#secure = secure;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  cookie(name: string): string | undefined {
    return cookieFrom(this.#request.headers.cookie, name);
  }

  setCookie(name: string, value: string, options: { readonly path: string; readonly maxAgeMs: number }): void {
    const maxAgeS = value === '' ? 0 : Math.floor(options.maxAgeMs / 1_000);
    const secure = this.#secure ? '; Secure' : '';
    const cookie = `${name}=${encodeURIComponent(value)}; Path=${options.path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
    this.#response.appendHeader('set-cookie', cookie);
  }
}
