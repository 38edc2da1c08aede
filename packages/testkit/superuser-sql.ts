import pg from 'pg';
import type { TestDatabase } from './test-databases.ts';

/** SQL behind row-level security, to look at what was stored or to turn time back. */
export interface SuperuserSql {
  run(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Opens a connection to a test's database as the superuser of its server. */
export async function superuserSql(database: TestDatabase): Promise<SuperuserSql> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  return {
    run: async (text, values = []) => (await client.query(text, [...values])).rows,
    close: () => client.end(),
  };
}
