import { existsSync, readdirSync } from 'node:fs';
import { type MigrationSet, platformBase, platformLog } from '@candlefish/kit/migrate';

const SERVICES = new URL('../../services/', import.meta.url);

/** The migrations of the repository in the order the server applies them. */
export function migrationSets(): readonly MigrationSet[] {
  const own = readdirSync(SERVICES)
    .map((name) => ({ name, folder: new URL(`${name}/migrations/`, SERVICES) }))
    .filter(({ folder }) => existsSync(folder));
  const auth = own.filter(({ name }) => name === 'auth');
  if (auth.length === 0) return [platformBase];
  return [platformBase, ...auth, platformLog, ...own.filter(({ name }) => name !== 'auth')];
}
