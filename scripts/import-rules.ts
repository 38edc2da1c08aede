/**
 * Checks who imports whom by the rules of `.dependency-cruiser.cjs`.
 *
 * Usage: node scripts/import-rules.ts [ROOT]
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { IConfiguration, ICruiseResult } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import { listFiles, SOURCE_FOLDERS } from './lib/files.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';

/** What a run of the import rules saw. */
export interface ImportCheck {
  /** Number of our TypeScript files that were read. */
  readonly modules: number;
  /** Number of imports between all files that were judged. */
  readonly imports: number;
  readonly problems: readonly Problem[];
}

/**
 * Judges every import below `root` (the working directory of the process must be `root`: the rules speak of paths
 * relative to it). A TypeScript file on disk that was not read is a finding: without a TypeScript parser it
 * understands, dependency-cruiser reads no `.ts` file at all and reports success.
 */
export async function checkImports(root: string): Promise<ImportCheck> {
  const folders = SOURCE_FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const require = createRequire(import.meta.url);
  const { forbidden, options = {} }: IConfiguration = require('../.dependency-cruiser.cjs');
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const { output } = await cruise(
    folders,
    { ...cruiseOptions, ruleSet: { forbidden: forbidden ?? [] }, validate: true, baseDir: root },
    enhancedResolveOptions,
  );
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered text, not a result: ${output}`);
  const problems = [...violations(output), ...(await unread(root, folders, output))];
  const ours = output.modules.filter((module) => isOurSource(module.source));
  const imports = ours.reduce((count, module) => count + module.dependencies.length, 0);
  if (ours.length > 1 && imports === 0)
    problems.push({ where: 'import rules', what: 'no import was seen in any file' });
  return { modules: ours.length, imports, problems };
}

function isOurSource(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && !path.includes('node_modules/') && !path.endsWith('.d.ts');
}

function violations(result: ICruiseResult): readonly Problem[] {
  return result.summary.violations.map((violation) => {
    const round = violation.cycle?.map((step) => step.name).join(' → ');
    return { where: violation.from, what: `${violation.rule.name}: imports ${round ?? violation.to}` };
  });
}

async function unread(root: string, folders: readonly string[], result: ICruiseResult): Promise<readonly Problem[]> {
  const read = new Set(result.modules.map((module) => module.source));
  const onDisk = (await Promise.all(folders.map((folder) => listFiles(root, folder)))).flat().filter(isOurSource);
  return onDisk
    .filter((path) => !read.has(path))
    .map((path) => ({ where: path, what: 'was not read by the import check' }));
}

if (import.meta.main) {
  const root = resolve(process.argv[2] ?? '.');
  process.chdir(root);
  const { modules, imports, problems } = await checkImports(root);
  report(problems, `${modules} modules, ${imports} imports`);
}
