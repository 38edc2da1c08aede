import { AppError, type ErrorConstructorOf, type ErrorDefinition, platformErrors } from '../errors/index.ts';
import type { ServiceDeclaration } from '../service/index.ts';
import { headers, parameters, problemSchema, ref, securitySchemes } from './openapi-components.ts';
import { problemOf } from './problem.ts';
import type { Route } from './route.ts';
import { bodySchemaOf, isVersioned, querySchemaOf } from './route-schemas.ts';

/** What the document says about the API as a whole. */
export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** A service as far as the document needs it. */
export type DocumentedService = Pick<ServiceDeclaration, 'name' | 'summary' | 'routes'>;

/** JSON Schemas that are objects, as the routes hold them. */
type Schema = Readonly<Record<string, unknown>>;

const EXAMPLE_REQUEST_ID = 'my-request-1';
const RETRY_AFTER_STATUSES = new Set([429, 503]);

/** The OpenAPI 3.1 document of the routes: made from the same objects that validate and serve them. */
export function openApiDocument(info: ApiInfo, services: readonly DocumentedService[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  const shapes = new Shapes();
  for (const service of services) {
    for (const route of service.routes) {
      const path = paths[route.path] ?? {};
      paths[route.path] = path;
      path[route.method.toLowerCase()] = operationOf(route, service.name, shapes);
    }
  }
  const shown = services.filter(({ routes }) => routes.length > 0);
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: shown.map(({ name, summary }) => ({ name, description: summary })),
    paths: sorted(paths),
    components: {
      schemas: sorted({ Problem: problemSchema, ...shapes.named }),
      responses: sorted(shapes.responses),
      parameters,
      headers,
      examples: sorted(problemExamples(services.flatMap(({ routes }) => routes))),
      securitySchemes,
    },
  };
}

/** Gathers under `components` what stands in many places: schemas with an `$id`, and answers to errors. */
class Shapes {
  readonly named: Record<string, unknown> = {};
  readonly responses: Record<string, Schema> = {};

  /** Reference to the answer that carries one of these errors, all of one status. */
  problem(status: number, errors: readonly ErrorDefinition[]): Schema {
    const name = errors.map(({ code }) => code).join('.');
    this.responses[name] ??= problemResponse(status, errors);
    return ref('responses', name);
  }

  /** The schema as the document holds it. */
  of(schema: unknown): Schema {
    return this.#walk(JSON.parse(JSON.stringify(schema))) as Schema;
  }

  #walk(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    if (typeof value !== 'object' || value === null) return value;
    const { $id, ...rest } = value as Record<string, unknown>;
    const walked = Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, this.#walk(member)]));
    if (typeof $id !== 'string') return walked;
    this.named[$id] = walked;
    return ref('schemas', $id);
  }
}

function operationOf(route: Route, service: string, shapes: Shapes): Schema {
  const body = route.body === undefined ? undefined : shapes.of(bodySchemaOf(route));
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [service],
    ...(route.access === 'public' ? { security: [{}, { bearer: [] }, { apiKey: [] }] } : {}),
    parameters: [
      ...parametersIn('path', route.params, route.example.params, shapes),
      ...parametersIn(
        'query',
        route.query === undefined ? undefined : querySchemaOf(route),
        route.example.query,
        shapes,
      ),
      ...headerParameters(route),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: body, example: route.example.body } },
          },
        }),
    responses: responsesOf(route, shapes),
  };
}

function parametersIn(
  place: 'path' | 'query',
  schema: unknown,
  examples: object | undefined,
  shapes: Shapes,
): readonly Schema[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = shapes.of(schema) as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
  const given = (examples ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof property['description'] === 'string' ? { description: property['description'] } : {}),
    schema: property,
    ...(name in given ? { example: given[name] } : {}),
  }));
}

const isSafe = (route: Route): boolean => route.method === 'GET';
const storesAnswers = (route: Route): boolean => !isSafe(route) && route.idempotency !== false;
const takesIfMatch = (route: Route): boolean => route.errors.includes(platformErrors.preconditionFailed);

function headerParameters(route: Route): readonly Schema[] {
  return [
    ...(storesAnswers(route) ? [ref('parameters', 'IdempotencyKey')] : []),
    ...(takesIfMatch(route) ? [ref('parameters', 'IfMatch')] : []),
    ...(isSafe(route) && isVersioned(route) ? [ref('parameters', 'IfNoneMatch')] : []),
    ref('parameters', 'RequestId'),
  ];
}

/** What is no JSON is text or bytes; OpenAPI 3.1 says nothing more about bytes. */
const rawSchema = (mediaType: string): Schema => (mediaType.startsWith('text/') ? { type: 'string' } : {});

const COMMON_HEADERS = {
  'X-Request-Id': ref('headers', 'RequestId'),
  RateLimit: ref('headers', 'RateLimit'),
  'RateLimit-Policy': ref('headers', 'RateLimitPolicy'),
};

function responsesOf(route: Route, shapes: Shapes): Schema {
  const { status, description, schema, mediaTypes } = route.response;
  const example = route.example.response;
  const success = {
    description,
    headers: {
      ...COMMON_HEADERS,
      ...(isVersioned(route) ? { ETag: ref('headers', 'ETag') } : {}),
      ...(status === 201 ? { Location: ref('headers', 'Location') } : {}),
      ...(storesAnswers(route) ? { 'Idempotency-Replayed': ref('headers', 'IdempotencyReplayed') } : {}),
    },
    ...(schema === undefined
      ? {}
      : {
          content: { 'application/json': { schema: shapes.of(schema), ...(example === undefined ? {} : { example }) } },
        }),
    ...(mediaTypes === undefined
      ? {}
      : { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: rawSchema(type) }])) }),
  };
  const notModified = {
    description: 'The copy that `If-None-Match` names still holds.',
    headers: { ...COMMON_HEADERS, ETag: ref('headers', 'ETag') },
  };
  return {
    [status]: success,
    ...(isSafe(route) && isVersioned(route) ? { 304: notModified } : {}),
    ...Object.fromEntries([...errorsByStatus(route)].map(([code, errors]) => [code, shapes.problem(code, errors)])),
  };
}

/** Every error an operation can answer with: its own and those of the layers around it. */
export function errorsOf(route: Route): readonly ErrorDefinition[] {
  const common = [
    platformErrors.badRequest,
    platformErrors.validationFailed,
    platformErrors.unauthenticated,
    ...(route.access === 'authenticated' ? [platformErrors.forbidden] : []),
    platformErrors.notAcceptable,
    platformErrors.uriTooLong,
    ...(isSafe(route) ? [] : [platformErrors.payloadTooLarge, platformErrors.unsupportedMediaType]),
    ...(isSafe(route) ? [] : [platformErrors.preconditionFailed]),
    ...(storesAnswers(route) ? [platformErrors.idempotencyInProgress, platformErrors.idempotencyKeyReused] : []),
    platformErrors.rateLimited,
    platformErrors.internal,
    platformErrors.unavailable,
    platformErrors.timeout,
  ];
  return [...new Set([...common, ...route.errors].map((error: ErrorConstructorOf) => error.definition))];
}

function errorsByStatus(route: Route): Map<number, readonly ErrorDefinition[]> {
  const byStatus = Map.groupBy(errorsOf(route), (error) => error.status);
  return new Map([...byStatus].toSorted(([one], [other]) => one - other));
}

function problemResponse(status: number, errors: readonly ErrorDefinition[]): Schema {
  return {
    description: errors.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    headers: {
      ...COMMON_HEADERS,
      ...(RETRY_AFTER_STATUSES.has(status) ? { 'Retry-After': ref('headers', 'RetryAfter') } : {}),
      ...(status === 401 ? { 'WWW-Authenticate': ref('headers', 'WwwAuthenticate') } : {}),
    },
    content: {
      'application/problem+json': {
        schema: ref('schemas', 'Problem'),
        examples: Object.fromEntries(errors.map(({ code }) => [code, ref('examples', code)])),
      },
    },
  };
}

/** One example for each error that any of the routes can answer with. */
function problemExamples(routes: readonly Route[]): Readonly<Record<string, Schema>> {
  const errors = new Map(routes.flatMap(errorsOf).map((error) => [error.code, error]));
  return Object.fromEntries(
    [...errors].map(([code, error]) => [code, { summary: error.title, value: exampleProblem(error) }]),
  );
}

function exampleProblem(definition: ErrorDefinition): Schema {
  const isValidation = definition === platformErrors.validationFailed.definition;
  const fields = isValidation ? [{ pointer: '/name', message: 'is missing' }] : [];
  return problemOf(new AppError(definition, { fields }), EXAMPLE_REQUEST_ID);
}

const sorted = <T>(members: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1)));
