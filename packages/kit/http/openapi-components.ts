/** Parts that every operation of the OpenAPI document refers to. */

const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example });

/** A header parameter of a request. */
const header = (name: string, description: string, schema: object, example: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
  example,
});

export const parameters = {
  IdempotencyKey: header(
    'Idempotency-Key',
    'Makes the request safe to repeat: the first answer is stored for 24 hours and repeated byte for byte. The key ' +
      'belongs to the caller and its tenant; without credentials it has no effect. Refusals (4xx) are stored too, ' +
      'except 401, 403, 408 and 429; faults (5xx) are not, and the next try runs.',
    { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    '7f0c6a1e-6f0d-4b8e-9a35-3f3d1c0a9c11',
  ),
  IfMatch: header(
    'If-Match',
    'The `ETag` that was read: the change happens only while it still holds, otherwise 412.',
    { type: 'string', pattern: '^(\\*|"v\\d{1,15}")$' },
    '"v3"',
  ),
  IfNoneMatch: header(
    'If-None-Match',
    'The `ETag` of a copy at hand: 304 while it still holds.',
    { type: 'string' },
    '"v3"',
  ),
  RequestId: header(
    'X-Request-Id',
    'A correlation id of your own, repeated in the answer and in the log.',
    { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
    'my-request-1',
  ),
} as const;

export const headers = {
  ETag: text('Strong tag of the version in the answer.', '"v3"'),
  IdempotencyReplayed: text('`true` on a stored answer, otherwise absent.', 'true'),
  Location: text('Path of what was made.', '/api/v1/things/0193e7a0-0000-7000-8000-000000000001'),
  RateLimit: text(
    'What is left (draft-ietf-httpapi-ratelimit-headers-10): remaining requests `r`, seconds `t` until all are back.',
    '"user";r=1199;t=60',
  ),
  RateLimitPolicy: text('The limits that apply: `q` requests in `w` seconds.', '"user";q=1200;w=60'),
  RequestId: text('Correlation id of this request; name it when you report a problem.', 'my-request-1'),
  RetryAfter: {
    description: 'Seconds to wait before trying again.',
    schema: { type: 'integer', minimum: 1 },
    example: 2,
  },
  WwwAuthenticate: text('How to authenticate.', 'Bearer realm="candlefish"'),
} as const;

export const problemSchema = {
  type: 'object',
  description: 'A refusal or a fault (RFC 9457). Further members depend on the error.',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: {
      type: 'string',
      description: 'Identifies the kind of error; stable.',
      example: 'urn:candlefish:error:not-found',
    },
    title: { type: 'string', description: 'The kind of error in words; the same for every occurrence.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What is particular to this occurrence.' },
    code: { type: 'string', description: 'Short name of the kind, to branch on; stable.', example: 'NOT_FOUND' },
    requestId: { type: 'string', description: 'Correlation id, as in `X-Request-Id`.' },
    instance: { type: 'string', description: 'Path of the request.' },
    errors: {
      type: 'array',
      description: 'What is wrong with the input, field by field.',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer (RFC 6901) into the part of the request.' },
          message: { type: 'string' },
        },
      },
    },
  },
} as const;

export const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token from `/api/v1/auth/login`.',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key, `cf_live_…`.' },
} as const;

/** Reference to a component. */
export const ref = (kind: 'examples' | 'headers' | 'parameters' | 'responses' | 'schemas', name: string) => ({
  $ref: `#/components/${kind}/${name}`,
});
