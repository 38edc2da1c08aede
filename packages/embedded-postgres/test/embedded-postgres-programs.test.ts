import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completeLinks, locatePrograms } from '../locate.ts';
import { runProgram } from '../run-program.ts';

const LINKS = [
  { source: 'native/lib/libone.so.1.2', target: 'native/lib/libone.so' },
  { source: 'native/lib/libone.so.1.2', target: 'native/lib/libone.so.1' },
  { source: 'native/lib/libtwo.so.3', target: 'native/lib/libtwo.so' },
];

let root = '';
beforeEach(async () => {
  root = await mkdtemp('/tmp/cf-programs-');
  await chmod(root, 0o755);
  await mkdir(path.join(root, 'native/lib'), { recursive: true });
  await writeFile(path.join(root, 'native/pg-symlinks.json'), JSON.stringify(LINKS));
  await writeFile(path.join(root, 'native/lib/libone.so.1.2'), 'one');
  await writeFile(path.join(root, 'native/lib/libtwo.so.3'), 'two');
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

test('missing and wrong library links are put right, by many at once, leaving nothing else', async () => {
  await symlink('elsewhere', path.join(root, 'native/lib/libtwo.so'));
  const answers = await Promise.all(Array.from({ length: 20 }, () => completeLinks(root)));
  expect(new Set(answers)).toEqual(new Set([true]));
  expect(await readFile(path.join(root, 'native/lib/libone.so'), 'utf8')).toBe('one');
  expect(await readFile(path.join(root, 'native/lib/libone.so.1'), 'utf8')).toBe('one');
  expect(await readFile(path.join(root, 'native/lib/libtwo.so'), 'utf8')).toBe('two');
  expect(await readdir(path.join(root, 'native/lib'))).toHaveLength(5);
});

test('a library that is there as a file of its own is left alone', async () => {
  await cp(path.join(root, 'native/lib/libtwo.so.3'), path.join(root, 'native/lib/libtwo.so'));
  expect(await completeLinks(root)).toBe(true);
  expect((await lstat(path.join(root, 'native/lib/libtwo.so'))).isFile()).toBe(true);
});

test('the programs of this platform run', async () => {
  const programs = await locatePrograms(undefined, path.join(root, 'copy'), () => undefined);
  await runProgram(programs.postgres, ['--version'], { account: undefined, descriptors: [] });
  expect(programs.version).toMatch(/^18\.\d+$/);
});

test('a program that fails says what it printed', async () => {
  const { initdb } = await locatePrograms(undefined, path.join(root, 'copy'), () => undefined);
  const options = { account: undefined, descriptors: [] };
  await expect(runProgram(initdb, ['--nonsense'], options)).rejects.toThrow(/unrecognized option.*nonsense/);
  await expect(runProgram(`${initdb}-missing`, [], options)).rejects.toMatchObject({ code: 'UNSUPPORTED_PLATFORM' });
});
