import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of what we did not write; `.git` is a file in a second work tree. */
const FOREIGN_NAMES: ReadonlySet<string> = new Set([
  '.candlefish',
  '.git',
  'coverage',
  'dist',
  'node_modules',
  'vendor',
]);

/** Folders of TypeScript sources that import rules and size limits look at; absent ones are skipped. */
export const SOURCE_FOLDERS: readonly string[] = ['packages', 'services', 'apps', 'web', 'scripts', 'bench', 'e2e'];

/**
 * Paths of all our files below `folder`, sorted, relative to `root` and with `/` between the parts. Foreign folders
 * (dependencies, build output, data) are left out. An absent folder gives an empty list.
 */
export async function listFiles(root: string, folder = ''): Promise<readonly string[]> {
  const paths: string[] = [];
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of await readFolder(join(root, next))) {
      const path = next === '' ? entry.name : `${next}/${entry.name}`;
      if (FOREIGN_NAMES.has(entry.name)) continue;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) paths.push(path);
    }
  }
  return paths.sort();
}

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether the path is a TypeScript source a person wrote (not a declaration file, not generated). */
export function isHandWrittenSource(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.endsWith('.generated.ts');
}

/** Whether the path lies in a `test/` folder. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || path.includes('/test/');
}
