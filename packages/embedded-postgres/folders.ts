import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from './errors.ts';

/**
 * Creates a folder and its missing parents; answers whether it was missing. (The recursive mkdir of Node reports a
 * read-only file system as ENOENT.)
 * @param mode Permissions of the folder; its parents get 0755.
 */
export async function makeFolder(dir: string, mode = 0o755): Promise<boolean> {
  try {
    await mkdir(dir, { mode });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (systemCode(error) !== 'ENOENT' || dir === path.dirname(dir)) throw error;
  }
  await makeFolder(path.dirname(dir));
  return makeFolder(dir, mode);
}
