import { GraphQLError } from 'graphql';
import type { RequestScope } from '../context/index.ts';
import { type AppError, isAppError, platformErrors } from '../errors/index.ts';

/** What a translation needs of the request it belongs to. */
export type ErrorScope = Pick<RequestScope, 'log' | 'requestId' | 'signal'>;

const SECOND_MS = 1_000;

/** The public members of an error, as clients of GraphQL read them in `extensions`. */
export function extensionsOf(error: AppError, requestId: string): Record<string, unknown> {
  return {
    ...error.extensions,
    code: error.code,
    status: error.status,
    type: error.type,
    requestId,
    ...(error.fields.length === 0 ? {} : { fields: error.fields }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(error.retryAfterMs / SECOND_MS) }),
  };
}

/** One of our errors as a GraphQL error. */
export const graphqlErrorOf = (error: AppError, requestId: string, path?: GraphQLError['path']): GraphQLError =>
  new GraphQLError(error.detail ?? error.definition.title, {
    ...(path === undefined ? {} : { path }),
    originalError: error,
    extensions: extensionsOf(error, requestId),
  });

/**
 * The error that a client may see in place of one that execution gave: ours with its code, an ended request as what
 * ended it, and everything else logged with its stack and shown as INTERNAL. Places of the subgraph's own document are
 * dropped, since the client did not write it.
 */
export function publicError(error: unknown, scope: ErrorScope): GraphQLError {
  const path = error instanceof GraphQLError ? error.path : undefined;
  const cause = causeOf(error);
  if (isAppError(cause)) {
    if (cause.status >= 500) scope.log.warn({ requestId: scope.requestId, path, err: cause }, 'a field failed');
    return graphqlErrorOf(cause, scope.requestId, path);
  }
  if (isEndOf(scope.signal, cause)) return graphqlErrorOf(endOf(cause), scope.requestId, path);
  scope.log.error({ requestId: scope.requestId, path, err: cause }, 'a field failed unexpectedly');
  return graphqlErrorOf(platformErrors.internal(), scope.requestId, path);
}

/** The input did not have the form that the schema asks for; the message says where, and may be shown. */
export const inputError = (error: GraphQLError, requestId: string): GraphQLError =>
  new GraphQLError(error.message, {
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: extensionsOf(platformErrors.validationFailed(), requestId),
  });

/** What was thrown first, below the errors that execution put around it. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  // graphql-jit keeps the thrown value in a class of its own that shares only the property.
  const inner = (cause as { readonly originalError?: unknown } | null | undefined)?.originalError;
  return inner === undefined || inner === null ? cause : inner;
}

const isEndOf = (signal: AbortSignal, cause: unknown): boolean =>
  signal.aborted && (cause === signal.reason || isAbort(cause));

const isAbort = (cause: unknown): boolean =>
  cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'TimeoutError');

/** A request that ran out of time is told so; one whose caller has gone is told that trying again is safe. */
const endOf = (cause: unknown): AppError =>
  cause instanceof Error && cause.name === 'TimeoutError'
    ? platformErrors.timeout({ cause })
    : platformErrors.unavailable({ cause });
