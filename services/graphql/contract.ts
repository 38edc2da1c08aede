import { defineErrors } from '@candlefish/kit/errors';

/** Refusals of the GraphQL endpoint itself, before any service is asked. */
export const errors = defineErrors({
  parseFailed: { code: 'GRAPHQL_PARSE_FAILED', status: 400, title: 'The document is not GraphQL.' },
  documentInvalid: {
    code: 'GRAPHQL_VALIDATION_FAILED',
    status: 400,
    title: 'The document does not fit the schema.',
  },
  limitExceeded: {
    code: 'GRAPHQL_LIMIT_EXCEEDED',
    status: 400,
    title: 'The document asks for more than one request may.',
  },
  operationUnknown: {
    code: 'GRAPHQL_OPERATION_UNKNOWN',
    status: 400,
    title: 'The document has no such operation, or several and none was named.',
  },
  introspectionClosed: {
    code: 'GRAPHQL_INTROSPECTION_CLOSED',
    status: 403,
    title: 'The schema is not shown here.',
  },
  // The title is what clients of automatic persisted queries look for.
  persistedQueryNotFound: { code: 'PERSISTED_QUERY_NOT_FOUND', status: 404, title: 'PersistedQueryNotFound' },
  persistedQueryMismatch: {
    code: 'PERSISTED_QUERY_HASH_MISMATCH',
    status: 400,
    title: 'The query does not have the given SHA-256.',
  },
  persistedQueryOnly: {
    code: 'PERSISTED_QUERY_ONLY',
    status: 403,
    title: 'Only registered operations are run here.',
  },
  batchTooLarge: { code: 'GRAPHQL_BATCH_TOO_LARGE', status: 400, title: 'The batch has too many operations, or none.' },
  tooManySubscriptions: {
    code: 'GRAPHQL_TOO_MANY_SUBSCRIPTIONS',
    status: 429,
    title: 'This connection has as many subscriptions as one may have.',
  },
});
