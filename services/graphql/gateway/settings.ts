import { bool, type ConfigOf, environmentConfig, int, list, oneOf, text } from '@candlefish/kit/config';

/** Settings of the GraphQL endpoint. */
export const config = {
  ...environmentConfig,
  introspection: oneOf('GRAPHQL_INTROSPECTION', ['auto', 'on', 'authenticated', 'off'], {
    default: 'auto',
    doc: 'Who may read the schema and gets suggestions: all (`on`), callers with a credential, or nobody. `auto`: `authenticated` in production, else `on`.',
  }),
  executor: oneOf('GRAPHQL_EXECUTOR', ['plan', 'router-runtime'], {
    default: 'plan',
    doc: 'What carries out query plans: the own executor, or the one of @graphql-hive/router-runtime.',
  }),
  depthMax: int('GRAPHQL_DEPTH_MAX', { default: 15, min: 1, max: 100, doc: 'Levels of fields in a document.' }),
  fieldsMax: int('GRAPHQL_FIELDS_MAX', {
    default: 500,
    min: 1,
    max: 10_000,
    doc: 'Fields in an operation, fragments put in.',
  }),
  aliasesMax: int('GRAPHQL_ALIASES_MAX', {
    default: 50,
    min: 0,
    max: 10_000,
    doc: 'Aliases in an operation, fragments put in.',
  }),
  repeatsMax: int('GRAPHQL_REPEATS_MAX', {
    default: 100,
    min: 0,
    max: 10_000,
    doc: 'Fields of an operation that repeat a name in the same place, fragments put in.',
  }),
  directivesMax: int('GRAPHQL_DIRECTIVES_MAX', {
    default: 50,
    min: 0,
    max: 10_000,
    doc: 'Directives in an operation, fragments put in.',
  }),
  tokensMax: int('GRAPHQL_TOKENS_MAX', { default: 4_000, min: 10, max: 100_000, doc: 'Tokens in a document.' }),
  charsMax: int('GRAPHQL_CHARS_MAX', { default: 64_000, min: 100, max: 1_000_000, doc: 'Characters in a document.' }),
  costMax: int('GRAPHQL_COST_MAX', {
    default: 10_000,
    min: 1,
    max: 10_000_000,
    doc: 'Objects that one operation may ask for, lists counted by their `first`.',
  }),
  batchMax: int('GRAPHQL_BATCH_MAX', {
    default: 10,
    min: 0,
    max: 100,
    doc: 'Operations in one HTTP request; 0 refuses batches.',
  }),
  timeoutMs: int('GRAPHQL_TIMEOUT_MS', {
    default: 15_000,
    min: 100,
    max: 120_000,
    doc: 'Longest time of a query or mutation on a socket, in ms; over HTTP the deadline of the request holds.',
  }),
  subscriptionsMax: int('GRAPHQL_SUBSCRIPTIONS_MAX', {
    default: 50,
    min: 1,
    max: 1_000,
    doc: 'Operations at work on one socket.',
  }),
  socketsMax: int('GRAPHQL_SOCKETS_MAX', {
    default: 10_000,
    min: 1,
    max: 200_000,
    doc: 'Sockets and event streams of one process.',
  }),
  persistedManifest: text('GRAPHQL_PERSISTED_MANIFEST', {
    default: '',
    doc: 'JSON file of registered operations: `{"<sha256>": "<document>"}`. Empty: none.',
  }),
  persistedOnly: bool('GRAPHQL_PERSISTED_ONLY', { default: false, doc: 'Run only operations of the manifest.' }),
  origins: list('CORS_ORIGINS', {
    default: [],
    doc: 'Origins of browsers that may open sockets, besides the one the page came from.',
  }),
} as const;

/** Values of the settings. */
export type GatewayConfig = ConfigOf<typeof config>;
