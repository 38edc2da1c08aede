import { defineErrors } from './app-error.ts';

/** Failures that any route or field may answer with. What each status means is decided here, once (docs/errors.md). */
export const platformErrors = defineErrors({
  badRequest: { code: 'BAD_REQUEST', status: 400, title: 'The request is malformed.' },
  validationFailed: { code: 'VALIDATION_FAILED', status: 400, title: 'The input does not have the documented shape.' },
  unauthenticated: { code: 'UNAUTHENTICATED', status: 401, title: 'A valid token or API key is needed.' },
  forbidden: { code: 'FORBIDDEN', status: 403, title: 'The caller may not do this.' },
  notFound: { code: 'NOT_FOUND', status: 404, title: 'There is no such thing, or the caller may not know of it.' },
  methodNotAllowed: { code: 'METHOD_NOT_ALLOWED', status: 405, title: 'This path does not take this method.' },
  notAcceptable: { code: 'NOT_ACCEPTABLE', status: 406, title: 'No offered representation is accepted by the client.' },
  requestTimeout: { code: 'REQUEST_TIMEOUT', status: 408, title: 'The request did not arrive in time.' },
  conflict: { code: 'CONFLICT', status: 409, title: 'The request does not fit the present state.' },
  idempotencyInProgress: {
    code: 'IDEMPOTENCY_IN_PROGRESS',
    status: 409,
    title: 'A request with this Idempotency-Key is still being worked on.',
  },
  preconditionFailed: {
    code: 'PRECONDITION_FAILED',
    status: 412,
    title: 'The resource has changed since it was read.',
  },
  payloadTooLarge: { code: 'PAYLOAD_TOO_LARGE', status: 413, title: 'The request body is too large.' },
  uriTooLong: { code: 'URI_TOO_LONG', status: 414, title: 'The address is too long.' },
  unsupportedMediaType: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    title: 'The content type is not supported here.',
  },
  idempotencyKeyReused: {
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    title: 'This Idempotency-Key was used with another request.',
  },
  rateLimited: { code: 'RATE_LIMITED', status: 429, title: 'Too many requests.' },
  headersTooLarge: { code: 'HEADERS_TOO_LARGE', status: 431, title: 'The request headers are too large.' },
  internal: { code: 'INTERNAL', status: 500, title: 'Something failed on our side.' },
  unavailable: {
    code: 'UNAVAILABLE',
    status: 503,
    title: 'The service cannot answer just now; it is safe to try again.',
  },
  timeout: { code: 'TIMEOUT', status: 504, title: 'The answer did not come within the deadline.' },
});
