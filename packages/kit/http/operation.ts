import { createHash } from 'node:crypto';
import fastJsonStringify from 'fast-json-stringify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ctx, RequestScope } from '../context/index.ts';
import { type AppError, platformErrors } from '../errors/index.ts';
import type { Idempotency, StoredAnswer } from '../idempotency/index.ts';
import type { Tracing } from '../telemetry/index.ts';
import { acceptsJson, etagOf, expectedVersion, idempotencyKeyFrom, noneMatchNames } from './headers.ts';
import { isStorable } from './json-body.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';
import type { Route, RouteInput, RouteReply } from './route.ts';
import { bodySchemaOf, querySchemaOf } from './route-schemas.ts';
import { type PartValidator, partValidator } from './validation.ts';

/** What an operation needs of the server around it. */
export interface OperationParts {
  readonly idempotency: Idempotency;
  readonly tracing: Tracing;
  /** The service's context for a request. */
  readonly ctx: (scope: RequestScope) => Ctx;
  /** Validates each answer against its schema before it is sent; for tests and development. */
  readonly checkAnswers: boolean;
}

/** An answer ready to send. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

type Input = RouteInput<unknown, unknown, unknown>;

const JSON_TYPE = 'application/json; charset=utf-8';
const NO_BODY: Answer['body'] = '';
const NOT_MODIFIED = 304;

type Writer = (body: unknown) => string;

/** One for each schema of the process. */
const writers = new WeakMap<object, Writer>();

function writerOf(schema: object): Writer {
  const found = writers.get(schema);
  if (found !== undefined) return found;
  const made = fastJsonStringify(schema);
  writers.set(schema, made);
  return made;
}

/** Serves one declared route: reads and validates the input, runs the handler, writes the answer. */
export class Operation {
  readonly #route: Route;
  readonly #parts: OperationParts;
  readonly #params: PartValidator | null;
  readonly #query: PartValidator;
  readonly #body: PartValidator | null;
  readonly #checkAnswer: PartValidator | null;
  readonly #isSafe: boolean;
  readonly #storesAnswers: boolean;
  #stringify: Writer | undefined;

  constructor(route: Route, parts: OperationParts) {
    this.#route = route;
    this.#parts = parts;
    this.#params = route.params === undefined ? null : partValidator('params', route.params);
    this.#query = partValidator('query', querySchemaOf(route));
    this.#body = route.body === undefined ? null : partValidator('body', bodySchemaOf(route));
    const { schema } = route.response;
    this.#checkAnswer = parts.checkAnswers && schema !== undefined ? partValidator('body', schema) : null;
    this.#isSafe = route.method === 'GET';
    this.#storesAnswers = !this.#isSafe && route.idempotency !== false;
  }

  /** The Fastify handler. */
  readonly handle = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { span } = request;
    if (span === null) return this.#serve(request, reply);
    const { operationId } = this.#route;
    return span.within(() => this.#parts.tracing.run(operationId, {}, () => this.#serve(request, reply)));
  };

  async #serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { mediaTypes } = this.#route.response;
    // What is no JSON was asked for by name; `Accept` has no part in it.
    if (mediaTypes === undefined && !acceptsJson(request.headers.accept)) throw platformErrors.notAcceptable();
    const input = this.#read(request);
    const key = this.#storesAnswers ? request.headers['idempotency-key'] : undefined;
    if (key === undefined) return send(request, reply, await this.#run(request.scope, input));
    const validKey = idempotencyKeyFrom(String(key));
    // Without a tenant there is nobody to keep an answer for: the header has no effect (documented in the OpenAPI).
    if (request.scope.actor.tenantId === null) return send(request, reply, await this.#run(request.scope, input));
    return this.#once(validKey, request, reply, input);
  }

  async #once(key: string, request: FastifyRequest, reply: FastifyReply, input: Input): Promise<FastifyReply> {
    const { scope } = request;
    const { answer, replayed } = await this.#parts.idempotency.once(
      { actor: scope.actor, key, requestHash: requestHash(request) },
      {
        run: async (executor) => stored(await this.#run({ ...scope, executor }, input)),
        refused: (error) => storedProblem(error, request),
      },
    );
    if (reply.sent) return reply;
    if (replayed) reply.header('idempotency-replayed', 'true');
    reply.code(answer.status).headers(answer.headers);
    return reply.send(answer.body.length === 0 ? undefined : Buffer.from(answer.body));
  }

  async #run(scope: RequestScope, input: Input): Promise<Answer> {
    const result: RouteReply<unknown> = await this.#route.handle(this.#parts.ctx(scope), input);
    const headers: Record<string, string> = { ...result.headers };
    if (result.version !== undefined) headers['etag'] = etagOf(result.version, result.variant);
    if (result.location !== undefined) headers['location'] = result.location;
    const { status, mediaTypes } = this.#route.response;
    if (mediaTypes !== undefined) return { status, headers, body: result.raw ?? NO_BODY };
    if (this.#route.response.schema === undefined) return { status, headers, body: NO_BODY };
    headers['content-type'] ??= JSON_TYPE;
    return { status, headers, body: this.#text(result.body) };
  }

  #text(body: unknown): string {
    this.#stringify ??= writerOf(this.#route.response.schema);
    const text = this.#stringify(body);
    if (this.#checkAnswer !== null) this.#check(text, this.#checkAnswer);
    return text;
  }

  #check(text: string, validate: PartValidator): void {
    try {
      validate(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${this.#route.operationId}: the answer does not fit its schema`, { cause });
    }
  }

  #read(request: FastifyRequest): Input {
    const { params, query, body } = request;
    if (this.#params !== null) {
      refuseUnstorable(params as Record<string, unknown>);
      this.#params(params);
    }
    refuseUnstorable(query as Record<string, unknown>);
    this.#query(query);
    if (this.#body !== null) this.#body(body);
    else if (body !== undefined && body !== null && !isEmptyObject(body)) {
      throw platformErrors.validationFailed({ detail: 'This operation takes no body.' });
    }
    const headers = request.headers as Input['headers'];
    return {
      params: params as never,
      query: query as never,
      body: (this.#body === null ? undefined : body) as never,
      headers,
      ifMatch: this.#isSafe ? undefined : expectedVersion(headers['if-match']),
    };
  }
}

const isEmptyObject = (value: unknown): boolean => JSON.stringify(value) === '{}';

/** Text from the address line that the database could not keep. */
function refuseUnstorable(values: Readonly<Record<string, unknown>>): void {
  for (const name in values) {
    const value = values[name];
    for (const text of Array.isArray(value) ? value : [value]) {
      if (typeof text === 'string' && !isStorable(text)) {
        throw platformErrors.badRequest({ detail: 'The address holds NUL or half a surrogate pair.' });
      }
    }
  }
}

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  // The deadline has answered already.
  if (reply.sent) return reply;
  const { etag } = answer.headers;
  if (etag !== undefined && request.method !== 'POST' && isFresh(request, etag)) {
    return reply.code(NOT_MODIFIED).header('etag', etag).send();
  }
  reply.code(answer.status).headers(answer.headers);
  const { body } = answer;
  if (body === NO_BODY) return reply.send(undefined);
  return reply.send(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

const isFresh = (request: FastifyRequest, etag: string): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') && noneMatchNames(request.headers['if-none-match'], etag);

const stored = (answer: Answer): StoredAnswer => {
  const { body } = answer;
  return { ...answer, body: typeof body === 'string' ? Buffer.from(body) : body };
};

const storedProblem = (error: AppError, request: FastifyRequest): StoredAnswer => ({
  status: error.status,
  headers: { 'content-type': PROBLEM_TYPE },
  body: Buffer.from(JSON.stringify(problemOf(error, request.id, pathOf(request.url)))),
});

/** The address without its query, which may hold what does not belong into answers. */
export const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

/** What makes two requests the same: method, address, precondition and the bytes of the body. */
function requestHash(request: FastifyRequest): Uint8Array {
  const head = `${request.method} ${request.url}\n${request.headers['if-match'] ?? ''}\n`;
  return createHash('sha256')
    .update(head)
    .update(request.rawBody ?? '')
    .digest();
}
