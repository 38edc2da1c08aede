/**
 * Checks that files stay readable and the kit stays small, and prints the figures.
 *
 * Usage: node scripts/size.ts
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isHandWrittenSource, isTest, listFiles, SOURCE_FOLDERS } from './lib/files.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';

/** All of the kit that is not a test: what one person can read in a day and keep in mind. */
const KIT_LINES_MAX = 5_000;

/** One source file; a longer one holds two ideas. Tests may be longer, because a table of cases is. */
const FILE_LINES_MAX = 400;

const KIT = 'packages/kit/';

/** Line counts of the hand-written sources below `root`, tests left out, and the limits they break. */
export async function checkSizes(root: string) {
  const paths = (await Promise.all(SOURCE_FOLDERS.map((folder) => listFiles(root, folder)))).flat();
  const sources = await Promise.all(
    paths
      .filter((path) => isHandWrittenSource(path) && !isTest(path))
      .map(async (path) => ({ path, lines: countLines(await readFile(join(root, path), 'utf8')) })),
  );
  const kitLines = sources.filter(({ path }) => path.startsWith(KIT)).reduce((sum, { lines }) => sum + lines, 0);
  const problems: Problem[] = sources
    .filter(({ lines }) => lines > FILE_LINES_MAX)
    .map(({ path, lines }) => ({ where: path, what: `has ${lines} lines, at most ${FILE_LINES_MAX}` }));
  if (kitLines > KIT_LINES_MAX) {
    problems.push({ where: 'packages/kit', what: `has ${kitLines} lines, at most ${KIT_LINES_MAX}` });
  }
  const longest = sources.reduce((one, other) => (other.lines > one.lines ? other : one), { path: '–', lines: 0 });
  return { files: sources.length, kitLines, longest, problems };
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

if (import.meta.main) {
  const { files, kitLines, longest, problems } = await checkSizes(resolve('.'));
  const summary = `kit ${kitLines} of ${KIT_LINES_MAX} lines; ${files} files, the longest ${longest.lines} (${longest.path})`;
  report(problems, summary);
}
