/**
 * Who may import whom. ARCHITECTURE.md draws the picture; `scripts/import-rules.ts` runs these rules and fails when a
 * source file was not read; `scripts/test/import-rules.test.ts` plants a violation of each rule and sees it found.
 *
 * `$1` in a `to` stands for the service that the `from` captured.
 */

/** Inner parts of the service that imports, as path patterns. */
const own = (parts) => `^services/$1/(${parts})(/|\\.ts$)`;

const part = (parts) => `^services/([^/]+)/(${parts})(/|\\.ts$)`;

/** An npm package by name, whether resolved into node_modules, through its types, or not at all. */
const npm = (names) => `(^|node_modules/)(@types/)?(${names})(/|$)`;

const ADAPTERS = 'resolvers|routes|handlers|sockets';
const ANY_CONTRACT = '^services/[^/]+/contract\\.ts$';
const BASE = '^packages/base/';
const CLIENT = '^packages/client-realtime/';
/** Domains that calculate with CRDTs or their encoding. */
const CRDT_DOMAIN = '^services/(document|websocket)/domain(/|\\.ts$)';
const GENERATED = '\\.generated\\.ts$';
const KIT = '^packages/kit/';
const TEST = '(^|/)test/';
const TESTKIT = '^packages/testkit/';

/** Places that measure or drive a whole platform from outside and so may speak to its servers directly. */
const OUTSIDE = ['^bench/', '^e2e/', TESTKIT, TEST];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one idea or miss a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that cannot be resolved is checked by no other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'base-imports-nothing',
      comment: 'base is pure and browser-safe.',
      severity: 'error',
      from: { path: BASE, pathNot: TEST },
      to: { pathNot: BASE },
    },
    {
      name: 'client-runs-in-browsers',
      comment: 'The client library is loaded by pages: base and the packages of Yjs, nothing of the server or of Node.',
      severity: 'error',
      from: { path: CLIENT, pathNot: TEST },
      to: { pathNot: [CLIENT, BASE, npm('yjs|lib0|y-protocols')] },
    },
    {
      name: 'domain-is-pure',
      comment: 'A domain is calculation: own domain and base only, so that it runs in the browser and in a table test.',
      severity: 'error',
      from: { path: part('domain'), pathNot: [TEST, CRDT_DOMAIN] },
      to: { pathNot: [own('domain'), BASE] },
    },
    {
      name: 'crdt-domain-is-pure',
      comment:
        'The domains of documents and sockets calculate with CRDTs: they may use yjs, lib0 and diff beside base.',
      severity: 'error',
      from: { path: CRDT_DOMAIN, pathNot: TEST },
      to: { pathNot: [own('domain'), BASE, npm('yjs|lib0|diff')] },
    },
    {
      name: 'store-is-sql-only',
      comment: 'A store holds statements as values: base, kit/db, own domain types and own generated rows.',
      severity: 'error',
      from: { path: part('store'), pathNot: TEST },
      to: { pathNot: [own('store|domain'), BASE, '^packages/kit/db/'] },
    },
    {
      name: 'store-takes-domain-types-only',
      comment: 'A calculation belongs in the operation that runs the statement, not in the statement.',
      severity: 'error',
      from: { path: part('store'), pathNot: TEST },
      to: { path: own('domain'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'operations-use-own-parts',
      comment: 'An operation uses its own domain, store, policy, telemetry and contract, and contracts of others.',
      severity: 'error',
      from: { path: part('operations'), pathNot: TEST },
      to: {
        path: '^(services|packages|apps|web|scripts|bench|e2e)/',
        pathNot: [own('operations|domain|store|policy|telemetry|contract|ctx'), ANY_CONTRACT, KIT, BASE],
      },
    },
    {
      name: 'operations-know-no-transport',
      comment: 'Operations answer to every transport alike; the kit holds the drivers and the network.',
      severity: 'error',
      from: { path: part('operations|policy|telemetry|contract'), pathNot: TEST },
      to: {
        path: [
          npm('fastify|@fastify|graphql|@graphql-[a-z]+|graphql-[a-z]+|ws|undici|graphile-worker'),
          npm('pg|ioredis'),
          '^(node:)?(http|https|http2|net|tls|dgram)$',
        ],
      },
    },
    {
      name: 'adapters-only-translate',
      comment: 'An adapter turns a transport into a call of an operation: never the store, never the domain.',
      severity: 'error',
      from: { path: part(ADAPTERS), pathNot: [TEST, GENERATED] },
      to: {
        path: '^(services|packages|apps|web|scripts|bench|e2e)/',
        pathNot: [
          own(`${ADAPTERS}|operations|contract|ctx|generated`),
          `^services/$1/.*${GENERATED}`,
          ANY_CONTRACT,
          KIT,
          BASE,
        ],
      },
    },
    {
      name: 'declaration-stays-on-top',
      comment: 'service.ts gathers the parts; a part that imports it back ties the knot.',
      severity: 'error',
      from: { path: '^services/[^/]+/', pathNot: [TEST, '^services/[^/]+/service\\.ts$'] },
      to: { path: '^services/[^/]+/service\\.ts$' },
    },
    {
      name: 'services-meet-at-contracts',
      comment: 'A service sees of another only its contract, so that each can move to its own process.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: ['^services/$1/', ANY_CONTRACT] },
    },
    {
      name: 'only-the-registry-knows-services',
      comment: 'The server lists all services and testkit starts them; nobody else depends on a whole service.',
      severity: 'error',
      from: { path: '^(packages|apps|web|scripts|bench|e2e)/', pathNot: ['^apps/server/', TESTKIT] },
      to: { path: '^services/[^/]+/service\\.ts$' },
    },
    {
      name: 'services-show-declaration-and-contract',
      comment:
        'From outside a service is its declaration and its contract (benchmarks and generators read statements too).',
      severity: 'error',
      from: { path: '^(packages|apps|e2e)/' },
      to: { path: '^services/', pathNot: ['^services/[^/]+/service\\.ts$', ANY_CONTRACT] },
    },
    {
      name: 'kit-knows-no-service',
      comment: 'The kit has no business noun and nothing above it.',
      severity: 'error',
      from: { path: KIT, pathNot: TEST },
      to: { path: ['^(services|apps|web|scripts|bench|e2e)/', TESTKIT] },
    },
    {
      name: 'nobody-imports-apps',
      comment: 'An app is the top: only testkit, the generators and the outside drivers start it.',
      severity: 'error',
      from: { path: '^(packages|services|web)/', pathNot: [TESTKIT, TEST] },
      to: { path: '^apps/' },
    },
    {
      name: 'product-knows-no-tools',
      comment: 'What runs in production imports no test kit, script, benchmark or drill.',
      severity: 'error',
      from: { path: '^(packages|services|apps|web)/', pathNot: [TESTKIT, TEST] },
      to: { path: ['^(scripts|bench|e2e)/', TESTKIT] },
    },
    {
      name: 'web-sees-base-and-domain',
      comment: 'A page shares pure code with the server, and has its client libraries.',
      severity: 'error',
      from: { path: '^web/', pathNot: TEST },
      to: {
        path: '^(services|packages|apps)/',
        pathNot: [BASE, CLIENT, '^services/[^/]+/domain(/|\\.ts$)'],
      },
    },
    {
      name: 'pg-only-in-kit-db',
      comment:
        'One place speaks to PostgreSQL, so that no statement runs without a grant and a tenant; beside it only what needs a connection of its own (server start, jobs, migrations, LISTEN).',
      severity: 'error',
      from: {
        pathNot: ['^packages/kit/(db|jobs|migrate|pubsub|tenancy)/', '^packages/embedded-postgres/', ...OUTSIDE],
      },
      to: { path: npm('pg|pg-[a-z-]+') },
    },
    {
      name: 'ioredis-only-in-kit-redis',
      comment: 'One place makes Redis clients, with time limits and an error listener; its neighbours drive them.',
      severity: 'error',
      from: { pathNot: ['^packages/kit/(redis|cache|pubsub|limits|claims|revocation|idempotency)/', ...OUTSIDE] },
      to: { path: npm('ioredis') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types count: a type import ties two parts together as much as a value import.
    tsPreCompilationDeps: true,
    detectJSDocImports: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
