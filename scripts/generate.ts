/**
 * Writes the generated files of the repository, or checks that they are what their generators give.
 *
 * Usage: node scripts/generate.ts [--check] [NAME …]
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generators } from './generators/registry.ts';
import { runGenerators } from './lib/generation.ts';
import { report } from './lib/report.ts';

if (import.meta.main) {
  const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !generators.some((generator) => generator.name === name));
  if (unknown.length > 0) {
    const known = generators.map((generator) => generator.name).join(', ');
    throw new Error(`no generator is called ${unknown.join(', ')}; there are: ${known}`);
  }
  const chosen = generators.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const outcome = await runGenerators(resolve('.'), chosen, values.check === true ? 'check' : 'write');
  report(outcome.problems, `${chosen.length} generators, ${outcome.files} files, ${outcome.written} written`);
}
