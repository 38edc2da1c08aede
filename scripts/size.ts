/**
 * Checks that files and the concerns of the kit stay readable, and prints the figures.
 *
 * Usage: node scripts/size.ts
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isHandWrittenSource, isTest, listFiles, SOURCE_FOLDERS } from './lib/files.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';

/** One concern of the kit (a folder with its own index): what one person can read in an hour (docs/adr/0018). */
const CONCERN_LINES_MAX = 2_500;

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
  const concerns = new Map<string, number>();
  for (const { path, lines } of sources) {
    if (!path.startsWith(KIT)) continue;
    const concern = path.split('/').slice(0, 3).join('/');
    concerns.set(concern, (concerns.get(concern) ?? 0) + lines);
  }
  const problems: Problem[] = sources
    .filter(({ lines }) => lines > FILE_LINES_MAX)
    .map(({ path, lines }) => ({ where: path, what: `has ${lines} lines, at most ${FILE_LINES_MAX}` }));
  for (const [concern, lines] of concerns) {
    if (lines > CONCERN_LINES_MAX)
      problems.push({ where: concern, what: `has ${lines} lines, at most ${CONCERN_LINES_MAX}` });
  }
  const kitLines = [...concerns.values()].reduce((sum, lines) => sum + lines, 0);
  const longest = sources.reduce((one, other) => (other.lines > one.lines ? other : one), { path: '–', lines: 0 });
  return { files: sources.length, kitLines, concerns, longest, problems };
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

if (import.meta.main) {
  const { files, kitLines, concerns, longest, problems } = await checkSizes(resolve('.'));
  const [largest, lines] = [...concerns].reduce((one, other) => (other[1] > one[1] ? other : one), ['–', 0]);
  const summary = `kit ${kitLines} lines, largest concern ${lines} (${largest}); ${files} files, the longest ${longest.lines} (${longest.path})`;
  report(problems, summary);
}
