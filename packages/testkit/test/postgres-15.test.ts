import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Database } from '@candlefish/kit/db';
import { proveTenancy } from '@candlefish/kit/tenancy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpSchemas } from '../dump-schema.ts';
import { migrationSets } from '../migration-sets.ts';
import { type PostgresServer, startTestPostgres, type TestDatabase, type TestPostgres } from '../postgres.ts';

/** The oldest version that the platform supports, as Debian installs it. */
const BIN_DIR = '/usr/lib/postgresql/15/bin';

const isMissing = !existsSync(BIN_DIR);
if (isMissing) {
  const reason = 'PostgreSQL 15 is not installed (Debian: apt-get install postgresql-15)';
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
}

describe.skipIf(isMissing)('on PostgreSQL 15', () => {
  let server: TestPostgres & PostgresServer;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await startTestPostgres(migrationSets(), { binDir: BIN_DIR });
    database = await server.createDatabase();
  });
  afterAll(async () => {
    await server.stop();
  });

  test('tenants are closed to each other', async () => {
    const { findings, checks } = await proveTenancy(database);
    expect(findings).toEqual([]);
    expect(checks).toBeGreaterThan(200);
  });

  test('the migrations give the schema that is written down', async () => {
    const file = await readFile(new URL('../../kit/migrations/schema.sql', import.meta.url), 'utf8');
    const dumped = await dumpSchemas(database.superuserUrl, ['platform']);
    expect(file.slice(file.indexOf('create schema'))).toBe(dumped);
  });

  test('statements run in their scope', async () => {
    const app = new Database({
      url: database.appUrl,
      connectionsMax: 2,
      acquireTimeoutMs: 2_000,
      statementTimeoutMs: 2_000,
      prepared: true,
      applicationName: 'test',
      onIdleError: () => undefined,
    });
    const statement = {
      name: 'test.scope',
      text: "select current_setting('app.tenant_id') as tenant, current_setting('server_version_num')::int / 10000 as major",
      actions: [],
      parameters: [],
      notNull: [],
      nullable: [],
      onlyReads: true,
    };
    const tenantId = '0199c0de-0000-7000-8000-000000000000';
    expect(await app.query({ tenantId }, { statement, values: [] })).toEqual([{ tenant: tenantId, major: 15 }]);
    await app.close();
  });
});
