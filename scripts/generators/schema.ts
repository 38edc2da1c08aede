import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dumpSchemas } from '@candlefish/testkit/dump-schema';
import { withMigratedDatabase } from '@candlefish/testkit/migrated-database';
import type { GeneratedFile, Generator } from '../lib/generation.ts';

const HEADER =
  '-- What the migrations of this folder add up to, written by `npm run generate`. Read it; never run it.\n\n';

/** The schema of every service and of the platform, as a migrated database has it. */
export const schema: Generator = {
  name: 'schema',
  outputs: ['services/*/migrations/schema.sql', 'packages/kit/migrations/schema.sql'],
  run: (root) => withMigratedDatabase(({ superuserUrl }) => schemaFiles(root, superuserUrl)),
};

/** The generated files of a database that has the present schema. */
export async function schemaFiles(root: string, superuserUrl: string): Promise<readonly GeneratedFile[]> {
  const services = (await readdir(join(root, 'services')))
    .filter((name) => existsSync(join(root, 'services', name, 'migrations')))
    .sort();
  const files: GeneratedFile[] = [];
  const write = async (path: string, name: string): Promise<void> => {
    files.push({ path, content: `${HEADER}${await dumpSchemas(superuserUrl, [name])}` });
  };
  await write('packages/kit/migrations/schema.sql', 'platform');
  for (const name of services) await write(`services/${name}/migrations/schema.sql`, name);
  return files;
}
