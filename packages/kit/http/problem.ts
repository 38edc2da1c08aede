import { type AppError, isAppError, platformErrors } from '../errors/index.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const SECOND_MS = 1_000;

/** What the HTTP framework refuses by itself, in our words. */
const FRAMEWORK_ERRORS: Readonly<Record<string, () => AppError>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    platformErrors.unsupportedMediaType({ detail: 'Send the body as application/json.' }),
  FST_ERR_CTP_BODY_TOO_LARGE: () => platformErrors.payloadTooLarge(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    platformErrors.badRequest({ detail: 'Content-Length does not agree with the body.' }),
  FST_ERR_BAD_URL: () => platformErrors.badRequest({ detail: 'The address holds a malformed percent-encoding.' }),
  FST_ERR_ASYNC_CONSTRAINT: () => platformErrors.badRequest(),
};

/** Whatever was thrown as an error that has a definition; what nobody planned for becomes INTERNAL and keeps its cause. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const { code, statusCode } = (error ?? {}) as { readonly code?: unknown; readonly statusCode?: unknown };
  const known = typeof code === 'string' ? FRAMEWORK_ERRORS[code] : undefined;
  if (known !== undefined) return known();
  // A body that ends early or a client that leaves in the middle of it.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return platformErrors.badRequest({ cause: error });
  if (statusCode === 400) return platformErrors.badRequest({ cause: error });
  return platformErrors.internal({ cause: error });
}

/** RFC 9457 problem document of an error. */
export const problemOf = (
  error: AppError,
  requestId: string,
  instance?: string,
): Readonly<Record<string, unknown>> => ({
  ...error.extensions,
  type: error.type,
  title: error.definition.title,
  status: error.status,
  ...(error.detail === undefined ? {} : { detail: error.detail }),
  code: error.code,
  requestId,
  ...(instance === undefined ? {} : { instance }),
  ...(error.fields.length === 0 ? {} : { errors: error.fields }),
});

/** `Retry-After` of an error in whole seconds, rounded up; undefined when it names none. */
export const retryAfterOf = (error: AppError): string | undefined =>
  error.retryAfterMs === undefined ? undefined : String(Math.max(1, Math.ceil(error.retryAfterMs / SECOND_MS)));
