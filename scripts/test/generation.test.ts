import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Generator } from '../lib/generation.ts';
import { runGenerators } from '../lib/generation.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'generation '));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

/** Gives the named files below `out/`, each with its name as text. */
function naming(...names: readonly string[]): Generator {
  return {
    name: 'names',
    outputs: ['out/**/*.txt'],
    run: async () => names.map((name) => ({ path: `out/${name}.txt`, content: `${name}\n` })),
  };
}

test('writing brings files up to date and removes what nothing gives any more; a check then finds nothing', async () => {
  await runGenerators(root, [naming('a', 'deep/b')], 'write');
  expect(await readFile(join(root, 'out/deep/b.txt'), 'utf8')).toBe('deep/b\n');
  expect(await runGenerators(root, [naming('a', 'c')], 'write')).toMatchObject({ files: 2, written: 2 });
  await expect(readFile(join(root, 'out/deep/b.txt'), 'utf8')).rejects.toThrow('ENOENT');
  expect(await runGenerators(root, [naming('a', 'c')], 'check')).toEqual({ files: 2, written: 0, problems: [] });
});

test('a check names each missing, stale and left over file and writes nothing', async () => {
  await mkdir(join(root, 'out'));
  await writeFile(join(root, 'out/stale.txt'), 'edited by hand\n');
  await writeFile(join(root, 'out/old.txt'), 'old\n');
  await writeFile(join(root, 'out/kept.md'), 'not owned by the generator\n');
  const { problems, written } = await runGenerators(root, [naming('missing', 'stale')], 'check');
  const remedy = 'run `npm run generate -- names`';
  expect(problems).toEqual([
    { where: 'out/missing.txt', what: `is missing: ${remedy}` },
    { where: 'out/stale.txt', what: `is stale: ${remedy}` },
    { where: 'out/old.txt', what: `is left over: ${remedy}` },
  ]);
  expect(written).toBe(0);
  expect(await readFile(join(root, 'out/stale.txt'), 'utf8')).toBe('edited by hand\n');
});

test('a generator that fails is named, with its cause', async () => {
  const cause = new Error('no database');
  const failing: Generator = { name: 'rows', outputs: [], run: () => Promise.reject(cause) };
  await expect(runGenerators(root, [failing], 'check')).rejects.toMatchObject({
    message: 'generator rows failed',
    cause,
  });
});

test('a generator may not write outside its outputs', async () => {
  const roaming: Generator = { ...naming(), run: async () => [{ path: 'README.md', content: '' }] };
  await expect(runGenerators(root, [roaming], 'write')).rejects.toThrow('generator names does not own README.md');
});
