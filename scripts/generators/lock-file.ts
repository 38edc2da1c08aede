import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generator } from '../lib/generation.ts';
import type { LockFile } from '../lib/lock-file.ts';
import { completeLock } from '../lib/lock-file.ts';

/** package-lock.json with an entry for the packages of every platform, so that `npm ci` accepts it everywhere. */
export const lockFile: Generator = {
  name: 'lock-file',
  outputs: ['package-lock.json'],
  async run(root) {
    const text = await readFile(join(root, 'package-lock.json'), 'utf8');
    const lock: LockFile = JSON.parse(text);
    return [{ path: 'package-lock.json', content: `${JSON.stringify(completeLock(lock), null, 2)}\n` }];
  },
};
