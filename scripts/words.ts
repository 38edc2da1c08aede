/**
 * Checks the repository's text for words that do not belong in it: paths of one machine, unfinished work, forced types,
 * service names in the kit.
 *
 * Usage: node scripts/words.ts
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isTest, listFiles } from './lib/files.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';

/** A pattern that must not occur in the files it concerns. */
interface Ban {
  /** Global pattern without line breaks. */
  readonly pattern: RegExp;
  readonly what: string;
  readonly concerns: (path: string) => boolean;
}

const isTypeScript = (path: string) => path.endsWith('.ts') || path.endsWith('.tsx');
const isKit = (path: string) => path.startsWith('packages/kit/') && isTypeScript(path) && !isTest(path);

const BANS: readonly Ban[] = [
  {
    pattern: /(?<![\w.$}/-])\/(work|root|home\/\w+|Users\/\w+)\//g,
    what: 'is a path of one machine',
    concerns: () => true,
  },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/g,
    what: 'marks unfinished work: finish it or file an issue',
    concerns: () => true,
  },
  {
    pattern: /\bas any\b(?=\s*([)\]},;.]|$))|@ts-(ignore|nocheck)\b/g,
    what: 'switches the type check off',
    concerns: isTypeScript,
  },
  {
    pattern: /\bas (unknown as )?Grant\b/g,
    what: 'forges a grant: only authorize gives one',
    concerns: (path) => isTypeScript(path) && !path.startsWith('packages/kit/context/'),
  },
  {
    pattern: /\b(nanda|paintbox|promoteros|crown|rtpm)\b/gi,
    what: 'is a service: the kit knows none',
    concerns: isKit,
  },
];

/** Files whose text is not ours to choose, and those that have to spell the words out to look for them. */
const EXEMPT = /(^|\/)(package-lock\.json|words\.ts|words\.test\.ts)$|\.generated\.\w+$|^bench\/results\//;

/** Read as text; other files (images, fonts, archives) hold no words. */
const TEXT = /\.(cjs|css|graphql|html|js|json|jsonc|md|mjs|mts|sh|sql|toml|ts|tsx|txt|ya?ml)$|(^|\/)\.?[a-zA-Z-]+$/;

/** Findings in one file's text; `where` carries the line number. */
export function findWords(path: string, text: string): readonly Problem[] {
  const bans = BANS.filter((ban) => ban.concerns(path));
  return text.split('\n').flatMap((line, index) =>
    bans.flatMap((ban) =>
      [...line.matchAll(ban.pattern)].map(([word]) => ({
        where: `${path}:${index + 1}`,
        what: `"${word}" ${ban.what}`,
      })),
    ),
  );
}

if (import.meta.main) {
  const root = resolve('.');
  const paths = (await listFiles(root)).filter((path) => TEXT.test(path) && !EXEMPT.test(path));
  const found = await Promise.all(paths.map(async (path) => findWords(path, await readFile(join(root, path), 'utf8'))));
  report(found.flat(), `${paths.length} files`);
}
