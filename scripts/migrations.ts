/**
 * Checks the migrations: their names and order, and with squawk whether each can run beside live traffic.
 *
 * Usage: node scripts/migrations.ts
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { listFiles } from './lib/files.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';

/** A migration is `0001-what-it-does.sql`, numbered from 1 without gaps in its folder. */
const MIGRATION_NAME = /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.sql$/;

/** Squawk reads a file in milliseconds; longer means that it hangs. */
const SQUAWK_TIMEOUT_MS = 20_000;

/** Names and numbers that break the order of migrations; `paths` are relative to the root and sorted. */
export function checkMigrationNames(paths: readonly string[]): readonly Problem[] {
  const problems: Problem[] = [];
  const numbers = new Map<string, number>();
  for (const path of paths) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const expected = (numbers.get(folder) ?? 0) + 1;
    const match = MIGRATION_NAME.exec(path.slice(folder.length + 1));
    if (match === null) problems.push({ where: path, what: 'is not named like 0001-what-it-does.sql' });
    else if (Number(match[1]) !== expected) problems.push({ where: path, what: `should be number ${expected}` });
    numbers.set(folder, expected);
  }
  return problems;
}

/** Migrations below `root`: SQL files in a folder called `migrations` or below one, less the dumped schema. */
export async function listMigrations(root: string): Promise<readonly string[]> {
  const paths = (await Promise.all(['packages', 'services'].map((folder) => listFiles(root, folder)))).flat();
  return paths.filter((path) => /\/migrations\/(.+\/)?[^/]+\.sql$/.test(path) && !path.endsWith('/schema.sql'));
}

/** What squawk says of the files, by the `.squawk.toml` at `root`. */
function squawk(root: string, paths: readonly string[]): readonly Problem[] {
  if (paths.length === 0) return [];
  const command = join(import.meta.dirname, '../node_modules/squawk-cli/js/bin/squawk');
  const run = spawnSync(process.execPath, [command, '--reporter', 'gcc', ...paths], {
    cwd: root,
    encoding: 'utf8',
    timeout: SQUAWK_TIMEOUT_MS,
  });
  if (run.error !== undefined) throw new Error('running squawk', { cause: run.error });
  if (run.status === 0) return [];
  return [{ where: 'squawk', what: `\n${stripVTControlCharacters(run.stdout + run.stderr)}` }];
}

if (import.meta.main) {
  const root = resolve('.');
  const paths = await listMigrations(root);
  report([...checkMigrationNames(paths), ...squawk(root, paths)], `${paths.length} migrations`);
}
