/**
 * Runs every check of the repository that needs no server: one line per step, the whole output of those that fail.
 *
 * Usage: node scripts/verify.ts [STEP …]
 */

import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { choose } from './lib/report.ts';
import type { Step, StepResult } from './lib/steps.ts';
import { runSteps } from './lib/steps.ts';

/** All steps, the long ones first so that two cores end together. */
const STEPS: readonly Step[] = [
  { name: 'generated', command: ['scripts/generate.ts', '--check'] },
  {
    name: 'types',
    command: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json', '--noEmit', '--pretty', 'false'],
  },
  {
    name: 'types-web',
    command: ['node_modules/typescript7/bin/tsc', '-p', 'web/tsconfig.json', '--noEmit', '--pretty', 'false'],
  },
  { name: 'unused', command: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
  { name: 'imports', command: ['scripts/import-rules.ts'] },
  { name: 'style', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'migrations', command: ['scripts/migrations.ts'] },
  { name: 'lock', command: ['scripts/lock.ts'] },
  { name: 'licences', command: ['scripts/licences.ts'] },
  { name: 'size', command: ['scripts/size.ts'] },
  { name: 'words', command: ['scripts/words.ts'] },
];

/** Steps whose one line of output is a figure worth seeing every time. */
const FIGURES: ReadonlySet<string> = new Set(['generated', 'imports', 'licences', 'migrations', 'size']);

function print({ name, isOk, durationMs, output }: StepResult): void {
  const figure = isOk && FIGURES.has(name) ? `  ${output.trim()}` : '';
  console.log(`${name} ${isOk ? 'ok' : 'FAILED'} ${(durationMs / 1_000).toFixed(1)} s${figure}`);
  if (!isOk) console.log(output.trimEnd().replace(/^/gm, '  '));
}

async function verify(steps: readonly Step[]): Promise<void> {
  const startedAt = performance.now();
  const results = await runSteps(resolve('.'), steps, print);
  const failed = results.filter((result) => !result.isOk).map((result) => result.name);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(failed.length === 0 ? `verify ok ${seconds} s` : `verify FAILED ${seconds} s: ${failed.join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

if (import.meta.main) {
  const chosen = choose(STEPS, process.argv.slice(2));
  if (chosen !== undefined) await verify(chosen);
}
