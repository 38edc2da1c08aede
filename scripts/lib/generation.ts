import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, matchesGlob } from 'node:path';
import { listFiles } from './files.ts';
import type { Problem } from './report.ts';

/** A file a generator made, not yet written. */
export interface GeneratedFile {
  /** Path relative to the repository's root, with `/` between the parts. */
  readonly path: string;
  /** Whole text of the file, ending with a line break. */
  readonly content: string;
}

/** Makes committed files from other files of the repository; the same input gives the same bytes on every machine. */
export interface Generator {
  /** Lower-case words joined by `-`; names the generator on the command line. */
  readonly name: string;
  /** Globs of all files it owns (relative to the root): an owned file that a run no longer gives is stale. */
  readonly outputs: readonly string[];
  /** Makes the files from the repository at `root` (absolute) without writing any of them. */
  run(root: string): Promise<readonly GeneratedFile[]>;
}

/** What a run of generators did or found. */
export interface Generation {
  /** Number of files the generators gave. */
  readonly files: number;
  /** Number of files written or removed; 0 in a check. */
  readonly written: number;
  /** In a check: each file that is missing, stale or left over. */
  readonly problems: readonly Problem[];
}

/**
 * Runs the generators one after the other. `write` brings the files of the repository up to date and removes owned
 * files that nothing gives any more; `check` writes nothing and reports each difference.
 * @throws Error when a generator gives a file outside its outputs, or fails; the message names the generator.
 */
export async function runGenerators(
  root: string,
  generators: readonly Generator[],
  mode: 'check' | 'write',
): Promise<Generation> {
  let files = 0;
  let written = 0;
  const problems: Problem[] = [];
  for (const generator of generators) {
    const made = await runOne(root, generator);
    files += made.length;
    const changes = await findChanges(root, generator, made);
    if (mode === 'check') {
      const remedy = `run \`npm run generate -- ${generator.name}\``;
      problems.push(...changes.map(({ path, state }) => ({ where: path, what: `is ${state}: ${remedy}` })));
    } else {
      for (const change of changes) await apply(root, change);
      written += changes.length;
    }
  }
  return { files, written, problems };
}

async function runOne(root: string, generator: Generator): Promise<readonly GeneratedFile[]> {
  let made: readonly GeneratedFile[];
  try {
    made = await generator.run(root);
  } catch (cause) {
    throw new Error(`generator ${generator.name} failed`, { cause });
  }
  const foreign = made.find(({ path }) => !owns(generator, path));
  if (foreign !== undefined) throw new Error(`generator ${generator.name} does not own ${foreign.path}`);
  return made;
}

interface Change {
  readonly path: string;
  readonly state: 'missing' | 'stale' | 'left over';
  /** New text, or nothing when the file goes. */
  readonly content: string | undefined;
}

async function findChanges(root: string, generator: Generator, made: readonly GeneratedFile[]): Promise<Change[]> {
  const changes: Change[] = [];
  const owned = (await listFiles(root)).filter((path) => owns(generator, path));
  for (const { path, content } of made) {
    if (!owned.includes(path)) changes.push({ path, state: 'missing', content });
    else if ((await readFile(join(root, path), 'utf8')) !== content) changes.push({ path, state: 'stale', content });
  }
  const given = new Set(made.map(({ path }) => path));
  for (const path of owned) if (!given.has(path)) changes.push({ path, state: 'left over', content: undefined });
  return changes;
}

async function apply(root: string, { path, content }: Change): Promise<void> {
  const target = join(root, path);
  if (content === undefined) {
    await rm(target);
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

function owns(generator: Generator, path: string): boolean {
  return generator.outputs.some((glob) => matchesGlob(path, glob));
}
