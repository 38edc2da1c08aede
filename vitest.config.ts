import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Starts what the service tests share (servers, template database) once per run, when the file exists. */
const SERVICE_SETUP = 'packages/testkit/global-setup.ts';

/** Tests without any server: pure code and the repository's own tools. */
const UNIT_TESTS = [
  'packages/base/test/**/*.test.ts',
  'services/*/test/domain/**/*.test.ts',
  'services/*/domain/test/**/*.test.ts',
  'scripts/test/**/*.test.ts',
  'web/*/test/**/*.test.ts',
];

/** A unit test that runs longer waits for something it should not wait for; the tool tests start processes. */
const UNIT_TIMEOUT_MS = 20_000;

/** Start of a server, a template database and a drill's recovery, on a machine that does other work beside it. */
const SERVICE_TIMEOUT_MS = 60_000;

/** A poll that a busy machine keeps waiting is no failure; Vitest's own second is soon over. */
const POLL_TIMEOUT_MS = 10_000;

/** Two cores carry the tests and the servers under test. Tests wait a third of their time, which the third worker uses. */
const WORKERS_MAX = 3;

/** A worker makes much that it soon lets go: young objects get 64 MiB, so they are collected a quarter as often. */
const NODE_OPTIONS_OF_WORKERS = ['--max-semi-space-size=64'];

/**
 * What takes longest begins first: begun late, one of them would keep a single worker busy at the end. Of three workers one is
 * meant to be at a file that mostly waits (for a server that ends, for each word of a conversation) as long as there are any:
 * the two others then have a processor each.
 */
const LONGEST = [
  'services/websocket/test/editing-traces.test.ts',
  'e2e/browser/test/pages.test.ts',
  'packages/embedded-postgres/test/embedded-postgres.test.ts',
  'services/websocket/test/document-sockets.test.ts',
  'e2e/test/start-and-stop.test.ts',
  'packages/kit/test/limits.test.ts',
  'e2e/test/placement.test.ts',
  'packages/kit/test/pubsub.test.ts',
  'e2e/test/tenancy-by-every-way.test.ts',
  'e2e/browser/test/live-editing.test.ts',
  'packages/kit/test/db-failures.test.ts',
  'packages/kit/test/events.test.ts',
  'e2e/browser/test/past-and-branches.test.ts',
  'packages/kit/test/tenancy.test.ts',
  'services/websocket/test/hocuspocus-sockets.test.ts',
  'packages/kit/test/pubsub-postgres.test.ts',
  'packages/client-realtime/test/browser.test.ts',
  'services/websocket/test/live-documents.test.ts',
  'packages/kit/test/revocation.test.ts',
  'packages/kit/test/cache.test.ts',
  'packages/kit/test/roles.test.ts',
  'services/document/test/converter.test.ts',
  'services/websocket/test/admission.test.ts',
  'apps/server/test/open-database.test.ts',
  'e2e/test/commands.test.ts',
  'e2e/browser/test/sign-in.test.ts',
  'packages/kit/test/cache-redis.test.ts',
  'packages/client-realtime/test/document-provider.test.ts',
  'services/document/test/convert-properties.test.ts',
  'e2e/test/readme.test.ts',
  'packages/client-realtime/test/chaos.test.ts',
  'services/document/test/log-properties.test.ts',
  'services/document/test/collaborate.test.ts',
  'services/graphql/test/plan.test.ts',
  'packages/kit/test/migrate.test.ts',
  'services/graphql/test/limits.test.ts',
  'services/document/test/erasure.test.ts',
  'services/graphql/test/graphiql.test.ts',
  'packages/kit/test/graphql-idempotency.test.ts',
  'e2e/test/newcomers-tour.test.ts',
  'services/document/test/live.test.ts',
  'scripts/test/import-rules.test.ts',
];

/**
 * A clean clone has no record of how long files take, and their size says little. A worker runs files of one project: one of the
 * other between them would end it, and the next would load the platform once more.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projectOf = ({ project }: TestSpecification): number => (project.name === 'service' ? 0 : 1);
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return rank < 0 ? LONGEST.length : rank;
    };
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => projectOf(one) - projectOf(other) || rankOf(one) - rankOf(other));
  }
}

/** The file that Node gives for `graphql`; Vite would take its other build, and two copies refuse each other's types. */
const GRAPHQL = fileURLToPath(import.meta.resolve('graphql'));

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: GRAPHQL }] },
  test: {
    pool: 'forks',
    // Importing a module does nothing (STYLE.md), so the files of a worker can share what they import: a quarter of the time.
    isolate: false,
    maxWorkers: WORKERS_MAX,
    execArgv: NODE_OPTIONS_OF_WORKERS,
    sequence: { sequencer: LongestFirst },
    expect: { poll: { timeout: POLL_TIMEOUT_MS } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: UNIT_TESTS, testTimeout: UNIT_TIMEOUT_MS, hookTimeout: UNIT_TIMEOUT_MS },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['{packages,services,apps,scripts,e2e}/**/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...UNIT_TESTS],
          testTimeout: SERVICE_TIMEOUT_MS,
          hookTimeout: SERVICE_TIMEOUT_MS,
          globalSetup: existsSync(SERVICE_SETUP) ? [SERVICE_SETUP] : [],
        },
      },
    ],
  },
});
