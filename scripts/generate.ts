/**
 * Writes the generated files of the repository, or checks that they are what their generators give.
 *
 * Usage: node scripts/generate.ts [--check] [NAME …]
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generators } from './generators/registry.ts';
import { runGenerators } from './lib/generation.ts';
import { choose, report } from './lib/report.ts';

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
  const chosen = choose(generators, positionals);
  if (chosen !== undefined) {
    const outcome = await runGenerators(resolve('.'), chosen, values.check === true ? 'check' : 'write');
    report(outcome.problems, `${chosen.length} generators, ${outcome.files} files, ${outcome.written} written`);
  }
}
