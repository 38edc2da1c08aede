import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StatementText } from '@candlefish/kit/db';
import { isHandWrittenSource, isTest, listFiles } from './files.ts';

/** A store file and the statements it exports. */
export interface StoreFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly statements: readonly StatementText[];
}

const STORE = /^(services\/[^/]+\/store\/[^/]+|packages\/kit\/[^/]+\/store[^/]*)\.ts$/;

/**
 * Every store file of the repository with its statements, by name.
 * @throws Error when two statements share a name.
 */
export async function findStatements(root: string): Promise<readonly StoreFile[]> {
  const paths = (await Promise.all(['services', 'packages/kit'].map((folder) => listFiles(root, folder))))
    .flat()
    .filter((path) => STORE.test(path) && isHandWrittenSource(path) && !isTest(path));
  const files: StoreFile[] = [];
  const pathByName = new Map<string, string>();
  for (const path of paths) {
    const exported: object = await import(pathToFileURL(join(root, path)).href);
    const statements = Object.values(exported)
      .flatMap(statementOf)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name } of statements) {
      const other = pathByName.get(name);
      if (other !== undefined) throw new Error(`${path}: ${name} is a statement of ${other} too`);
      pathByName.set(name, path);
    }
    if (statements.length > 0) files.push({ path, statements });
  }
  return files;
}

function statementOf(value: unknown): readonly StatementText[] {
  if (typeof value !== 'function' || !('statement' in value)) return [];
  return [value.statement as StatementText];
}
