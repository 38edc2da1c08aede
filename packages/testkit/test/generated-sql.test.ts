import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { rowFiles, rows } from '../../../scripts/generators/rows.ts';
import { schema, schemaFiles } from '../../../scripts/generators/schema.ts';
import { runGenerators } from '../../../scripts/lib/generation.ts';
import { testPostgres } from '../postgres.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test('every statement is understood by a migrated database, and its types and schema are written down', async () => {
  const { appUrl, superuserUrl, drop } = await testPostgres().createDatabase();
  try {
    const onThisServer = [
      { ...rows, run: (root: string) => rowFiles(root, appUrl) },
      { ...schema, run: (root: string) => schemaFiles(root, superuserUrl) },
    ];
    const { files, problems } = await runGenerators(ROOT, onThisServer, 'check');
    expect(problems).toEqual([]);
    expect(files).toBeGreaterThan(10);
  } finally {
    await drop();
  }
});
