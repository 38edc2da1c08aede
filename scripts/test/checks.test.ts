import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StepResult } from '../lib/steps.ts';
import { runStep, runSteps } from '../lib/steps.ts';
import { checkMigrationNames } from '../migrations.ts';
import { checkSizes } from '../size.ts';

const repository = resolve(import.meta.dirname, '../..');

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checks '));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const lines = (count: number) => 'x;\n'.repeat(count);

test('a file over its limit is found; tests, generated files and dependencies do not count', async () => {
  await write('services/shop/store/a.ts', lines(401));
  await write('services/shop/store/b.ts', lines(400));
  await write('services/shop/store/rows.generated.ts', lines(900));
  await write('services/shop/test/a.test.ts', lines(900));
  await write('services/shop/node_modules/x/index.ts', lines(900));
  const { files, longest, problems } = await checkSizes(root);
  expect(files).toBe(2);
  expect(longest).toEqual({ path: 'services/shop/store/a.ts', lines: 401 });
  expect(problems).toEqual([{ where: 'services/shop/store/a.ts', what: 'has 401 lines, at most 400' }]);
});

test('a concern of the kit over its limit is found', async () => {
  for (let n = 0; n < 7; n++) await write(`packages/kit/cache/part-${n}.ts`, lines(390));
  await write('packages/kit/db/index.ts', lines(390));
  const { kitLines, problems } = await checkSizes(root);
  expect(kitLines).toBe(8 * 390);
  expect(problems).toEqual([{ where: 'packages/kit/cache', what: 'has 2730 lines, at most 2500' }]);
});

test('migrations are named and numbered without gaps, per folder', () => {
  const shop = 'services/shop/migrations';
  expect(checkMigrationNames([`${shop}/0001-prices.sql`, `${shop}/0002-sales.sql`, 'a/migrations/0001-b.sql'])).toEqual(
    [],
  );
  expect(checkMigrationNames([`${shop}/0001-prices.sql`, `${shop}/0003-sales.sql`])).toEqual([
    { where: `${shop}/0003-sales.sql`, what: 'should be number 2' },
  ]);
  expect(checkMigrationNames([`${shop}/1_Prices.sql`])).toHaveLength(1);
});

test('a migration that would break or block live traffic is found, a harmless one passes', async () => {
  await copyFile(join(repository, '.squawk.toml'), join(root, '.squawk.toml'));
  const step = { name: 'migrations', command: [join(repository, 'scripts/migrations.ts')] };
  await write(
    'services/shop/migrations/0001-prices.sql',
    'create table shop.prices (id uuid primary key, cents int);\n',
  );
  await write('services/shop/migrations/schema.sql', 'drop table shop.dumped;\n');
  expect(await runStep(root, step)).toMatchObject({ isOk: true, output: '1 migrations\n' });
  await write('packages/kit/migrations/log/0001-tax.sql', 'alter table shop.prices add column tax int not null;\n');
  const { isOk, output } = await runStep(root, step);
  expect(isOk).toBe(false);
  expect(output).toContain('adding-required-field');
});

test('every step runs and reports, whatever the others do', async () => {
  const seen: StepResult[] = [];
  const steps = [
    { name: 'bad', command: ['-e', 'console.error("reason"); process.exit(3)'] },
    { name: 'absent', command: ['no-such-script.ts'] },
    { name: 'good', command: ['-e', 'console.log("figure")'] },
  ];
  await runSteps(root, steps, (result) => seen.push(result));
  const byName = Object.fromEntries(seen.map((result) => [result.name, result]));
  expect(byName['bad']).toMatchObject({ isOk: false, output: 'reason\n' });
  expect(byName['absent']?.isOk).toBe(false);
  expect(byName['good']).toMatchObject({ isOk: true, output: 'figure\n' });
});

test('a step that hangs is ended and has failed', async () => {
  const step = { name: 'hangs', command: ['-e', 'setInterval(() => {}, 1_000)'] };
  const result = await runStep(root, step, 300);
  expect(result.isOk).toBe(false);
  expect(result.output).toContain('ended by SIGKILL');
});
