/**
 * Checks that package-lock.json installs everywhere: an entry for the packages of each platform, no registry address, one
 * copy of what cannot work twice.
 *
 * Usage: node scripts/lock.ts [--fix]
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lockFile } from './generators/lock-file.ts';
import { runGenerators } from './lib/generation.ts';
import type { LockFile } from './lib/lock-file.ts';
import { missingEntries, pinnedAddresses, secondCopies } from './lib/lock-file.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';

/** Packages whose values are compared by identity or registered globally: two copies in one process do not know each other. */
const SINGLE: readonly string[] = ['fastify', 'graphql', 'lib0', 'typebox', 'yjs'];

/** What would keep `npm ci` from accepting the lock file of the repository at `root`, here or on another platform. */
export async function checkLock(root: string): Promise<readonly Problem[]> {
  const lock: LockFile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const missing = missingEntries(lock).map(({ wantedBy, name, version }) => ({
    where: 'package-lock.json',
    what: `${wantedBy || 'the root'} wants ${name}@${version}, which has no entry: run \`npm run lock\``,
  }));
  const pinned = pinnedAddresses(lock).map((key) => ({
    where: 'package-lock.json',
    what: `${key} names the host it came from: keep omit-lockfile-registry-resolved in .npmrc`,
  }));
  const doubled = [...secondCopies(lock, SINGLE)].map(([name, keys]) => ({
    where: 'package-lock.json',
    what: `${name} is there more than once: ${keys.join(', ')}`,
  }));
  return [...missing, ...pinned, ...doubled];
}

if (import.meta.main) {
  const root = resolve('.');
  const { values } = parseArgs({ options: { fix: { type: 'boolean' } } });
  if (values.fix === true) await runGenerators(root, [lockFile], 'write');
  report(await checkLock(root), 'an entry for every platform package, no registry address');
}
