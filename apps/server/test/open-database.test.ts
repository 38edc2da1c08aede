import { createLog } from '@candlefish/kit/telemetry';
import {
  type PostgresServer,
  startTestPostgres,
  type TestDatabase,
  type TestPostgres,
} from '@candlefish/testkit/postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkConfig } from '../check-config.ts';
import { type OpenDatabase, openDatabase } from '../open-database.ts';
import { migrationSets } from '../registry.ts';

const SECRET = 'a secret of tests, forty characters long';

/** A server of its own: opening a database sets the passwords of the server's roles. */
let server: TestPostgres & PostgresServer;
let database: TestDatabase;

beforeAll(async () => {
  server = await startTestPostgres(migrationSets());
  database = await server.createDatabase();
});

afterAll(() => server?.stop());

const open = (environment: Readonly<Record<string, string>>, migrate: boolean): Promise<OpenDatabase> =>
  openDatabase({
    config: checkConfig({ CANDLEFISH_SECRET: SECRET, ...environment }, []),
    secret: SECRET,
    log: createLog({ level: 'silent' }),
    migrate,
    onProgress: () => undefined,
  });

/** Who statements run as. */
async function roleOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string }>('select current_user as role');
    return rows[0]?.role ?? '';
  } finally {
    await client.end();
  }
}

test.each(['ownerUrl', 'superuserUrl'] as const)(
  'statements never run as the %s that DATABASE_URL names, migrating or not',
  async (which) => {
    for (const migrate of [false, true]) {
      const opened = await open({ DATABASE_URL: database[which] }, migrate);
      expect(await roleOf(opened.appUrl)).toBe('candlefish_app');
      expect(opened.ownerUrl).toBe(new URL(database[which]).href);
    }
  },
);

test('an application role alone is used as it is, and cannot migrate', async () => {
  const { appUrl } = await open({ DATABASE_URL: database.ownerUrl }, false);
  const opened = await open({ DATABASE_URL: appUrl }, false);
  expect(opened.ownerUrl).toBeNull();
  expect(await roleOf(opened.appUrl)).toBe('candlefish_app');
  await expect(open({ DATABASE_URL: appUrl }, true)).rejects.toThrow('DATABASE_OWNER_URL');
});

test('statements are named unless a pooler is said to stand before the database', async () => {
  const urls = { DATABASE_URL: database.ownerUrl };
  expect((await open(urls, false)).prepared).toBe(true);
  expect((await open({ ...urls, DATABASE_DIRECT_URL: database.ownerUrl }, false)).prepared).toBe(false);
  expect((await open({ ...urls, DATABASE_PREPARED: 'off' }, false)).prepared).toBe(false);
});
