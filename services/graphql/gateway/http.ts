import type { RequestScope } from '@candlefish/kit/context';
import { type AppError, platformErrors } from '@candlefish/kit/errors';
import { type EventStreamBody, graphqlErrorOf } from '@candlefish/kit/graphql';
import { toAppError } from '@candlefish/kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { errors } from '../contract.ts';
import type { GraphAnswer } from './graph.ts';
import { addGraphiqlFiles, sendGraphiql, wantsPage } from './graphiql.ts';
import type { GatewayHost } from './host.ts';
import {
  isJson,
  MEDIA_TYPES,
  negotiate,
  operationRequest,
  queryStringRequest,
  type Representation,
} from './http-request.ts';
import type { OperationRequest, Runner } from './run.ts';
import { eventStreamBody, single } from './sse.ts';

/** What the HTTP side of the endpoint works with. */
export interface HttpParts {
  readonly host: GatewayHost;
  readonly runner: Runner;
  readonly path: string;
  readonly batchMax: number;
  /** Event streams of this process at the most. */
  readonly streamsMax: number;
  /** Whether browsers get GraphiQL. */
  readonly page: boolean;
}

/** Body of a request; batches and long variables fit in. */
const BODY_BYTES_MAX = 1_048_576;
const OK = 200;
const SERVER_ERROR = 500;
const SECOND_MS = 1_000;

/** Refusals that `application/json` clients, as the specification tells them, read from the body of a 200. */
const WELL_FORMED: ReadonlySet<string> = new Set([
  errors.parseFailed.definition.code,
  errors.documentInvalid.definition.code,
  errors.operationUnknown.definition.code,
  errors.persistedQueryNotFound.definition.code,
  platformErrors.validationFailed.definition.code,
]);

/** GraphQL over HTTP and event streams: `POST` and `GET` on the endpoint's path. */
export function httpPlugin(parts: HttpParts) {
  const streams = new Set<EventStreamBody>();
  const endpoint = new Endpoint(parts, streams);
  return async (app: FastifyInstance): Promise<void> => {
    const config = { service: 'graphql' };
    app.setErrorHandler((error, request, reply) => endpoint.refuse(toAppError(error), request, reply));
    app.post(parts.path, { config, bodyLimit: BODY_BYTES_MAX }, (request, reply) => endpoint.post(request, reply));
    if (parts.page) addGraphiqlFiles(app, parts.path);
    app.get(parts.path, { config }, (request, reply) => endpoint.get(request, reply));
  };
}

class Endpoint {
  readonly #parts: HttpParts;
  readonly #streams: Set<EventStreamBody>;

  constructor(parts: HttpParts, streams: Set<EventStreamBody>) {
    this.#parts = parts;
    this.#streams = streams;
  }

  async post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const representation = negotiate(request.headers.accept);
    if (!isJson(request.headers['content-type'])) throw platformErrors.unsupportedMediaType();
    if (Array.isArray(request.body)) return this.#batch(request.body, representation, request, reply);
    return this.#one(operationRequest(request.body), representation, request, reply);
  }

  async get(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = new URL(request.url, 'http://localhost').searchParams;
    if (this.#parts.page && wantsPage(request.headers.accept, query)) return sendGraphiql(this.#parts.path, reply);
    const representation = negotiate(request.headers.accept);
    return this.#one(queryStringRequest(query), representation, request, reply);
  }

  /** Answers a refusal of the whole request in the form of a GraphQL response. */
  refuse(refused: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (reply.sent) return reply;
    if (refused.status >= SERVER_ERROR)
      request.scope.log.error({ err: refused.cause ?? refused }, 'a GraphQL request failed');
    return answerRefusal(reply, refused, [graphqlErrorOf(refused, request.id)], representationOf(request));
  }

  async #one(
    asked: OperationRequest,
    representation: Representation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { runner } = this.#parts;
    const { scope } = request;
    const ready = await runner.prepare(asked, scope);
    if ('refused' in ready) return answerRefusal(reply, ready.refused, ready.errors, representation);
    const { type } = ready.operation;
    // A link or an image of another site can make a browser send a GET, so a GET changes nothing.
    if (request.method === 'GET' && type === 'mutation') {
      reply.header('allow', 'POST');
      throw platformErrors.methodNotAllowed({ detail: 'Mutations are sent by POST.' });
    }
    if (representation === 'event-stream') {
      this.#admitStream();
      scope.liftDeadline();
      return this.#stream(await runner.run(ready, scope), scope, reply);
    }
    if (type === 'subscription') {
      throw platformErrors.notAcceptable({ detail: 'Subscriptions are given as text/event-stream or on a socket.' });
    }
    return answer(reply, asResult(await runner.run(ready, scope)), representation);
  }

  async #batch(
    items: readonly unknown[],
    representation: Representation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { batchMax, host } = this.#parts;
    if (items.length === 0 || items.length > batchMax) {
      throw errors.batchTooLarge({ detail: `A batch has 1 to ${batchMax} operations.` });
    }
    if (representation === 'event-stream') throw platformErrors.notAcceptable();
    if (items.length > 1) await host.admit(request.scope, items.length - 1);
    const results = await Promise.all(items.map((item) => this.#ofBatch(item, request.scope)));
    return reply.header('content-type', MEDIA_TYPES[representation]).send(JSON.stringify(results));
  }

  async #ofBatch(item: unknown, scope: RequestScope): Promise<ExecutionResult> {
    const { runner } = this.#parts;
    try {
      const ready = await runner.prepare(operationRequest(item), scope);
      if ('refused' in ready) return { errors: ready.errors };
      if (ready.operation.type === 'subscription')
        throw platformErrors.notAcceptable({ detail: 'A batch holds no subscription.' });
      return asResult(await runner.run(ready, scope));
    } catch (error) {
      return { errors: [graphqlErrorOf(toAppError(error), scope.requestId)] };
    }
  }

  #admitStream(): void {
    const { host, streamsMax } = this.#parts;
    if (host.draining.aborted || this.#streams.size >= streamsMax) {
      throw platformErrors.unavailable({ retryAfterMs: SECOND_MS });
    }
  }

  #stream(given: GraphAnswer, scope: RequestScope, reply: FastifyReply): FastifyReply {
    const body = eventStreamBody(Symbol.asyncIterator in given ? given : single(given), scope, this.#parts.host);
    this.#streams.add(body);
    body.once('close', () => this.#streams.delete(body));
    return reply
      .header('content-type', MEDIA_TYPES['event-stream'])
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(body);
  }
}

/** A result is not a stream here: only subscriptions give streams, and they were refused before. */
function asResult(given: GraphAnswer): ExecutionResult {
  if (!(Symbol.asyncIterator in given)) return given;
  void given.return();
  throw platformErrors.internal({ detail: 'A stream came where one result was expected.' });
}

function representationOf(request: FastifyRequest): Representation {
  try {
    return negotiate(request.headers.accept);
  } catch {
    // Nothing of ours is accepted, and a refusal has to have some form.
    return 'json';
  }
}

function answer(reply: FastifyReply, result: ExecutionResult, representation: Representation): FastifyReply {
  // Without data nothing ran, which a status can tell.
  const status = result.data === undefined ? statusOf(result.errors?.[0]) : OK;
  return reply.code(status).header('content-type', MEDIA_TYPES[representation]).send(JSON.stringify(result));
}

const statusOf = (error: GraphQLError | undefined): number => {
  const status = error?.extensions['status'];
  return typeof status === 'number' ? status : SERVER_ERROR;
};

function answerRefusal(
  reply: FastifyReply,
  refused: AppError,
  told: readonly GraphQLError[],
  representation: Representation,
): FastifyReply {
  const form = representation === 'event-stream' ? 'json' : representation;
  const status = representation === 'json' && WELL_FORMED.has(refused.code) ? OK : refused.status;
  if (refused.retryAfterMs !== undefined)
    reply.header('retry-after', String(Math.ceil(refused.retryAfterMs / SECOND_MS)));
  if (refused.status === 401) reply.header('www-authenticate', 'Bearer realm="candlefish"');
  return reply
    .code(status)
    .header('content-type', MEDIA_TYPES[form])
    .send(JSON.stringify({ errors: told }));
}
