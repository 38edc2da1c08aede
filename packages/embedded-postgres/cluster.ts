import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { giveTo, type ServerAccount } from './account.ts';
import { EmbeddedPostgresError, explaining, systemCode } from './errors.ts';
import type { Programs } from './locate.ts';
import { openFolder, runProgram } from './run-program.ts';

/** Name of the database superuser. */
export const SUPERUSER = 'postgres';
const PASSWORD_FILE = 'password';
const DRAFT_PREFIX = 'cluster.new-';

/** What preparing a cluster needs to know. */
export interface ClusterOptions {
  /** The launcher's folder, locked by this process. */
  readonly dataDir: string;
  readonly programs: Programs;
  readonly account: ServerAccount | undefined;
  /** A private folder that the account can reach. */
  readonly runDir: string;
  readonly signal: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/** Where the cluster of a launcher's folder lies. */
export function clusterDirOf(dataDir: string): string {
  return path.join(dataDir, 'cluster');
}

/**
 * Makes sure that a whole cluster exists and answers its superuser password. A new one is built beside its place and moved
 * there when complete, so a start that dies leaves none or a good one.
 * @throws EmbeddedPostgresError WRONG_VERSION when the cluster was made by another major version.
 */
export async function prepareCluster(options: ClusterOptions): Promise<string> {
  const clusterDir = clusterDirOf(options.dataDir);
  const found = await readText(path.join(clusterDir, 'PG_VERSION'));
  const knownPassword = await readText(path.join(options.dataDir, PASSWORD_FILE));
  const password = knownPassword ?? (await createPassword(options.dataDir));
  if (found === undefined) {
    await createCluster(options, clusterDir, password);
    return password;
  }
  const major = options.programs.version.split('.')[0];
  if (found !== major) {
    throw new EmbeddedPostgresError(
      'WRONG_VERSION',
      `${clusterDir} was made by PostgreSQL ${found}, this is ${options.programs.version}: export its data with the old release, or choose another data folder.`,
    );
  }
  await explaining(`Giving ${clusterDir} to the database's account`, () => giveTo(clusterDir, options.account));
  return password;
}

/** Whether the cluster's password was lost and made anew, so that the server does not know it yet. */
export async function isPasswordLost(dataDir: string): Promise<boolean> {
  const version = await readText(path.join(clusterDirOf(dataDir), 'PG_VERSION'));
  return version !== undefined && (await readText(path.join(dataDir, PASSWORD_FILE))) === undefined;
}

/** Tells the cluster its password while no server runs on it. */
export async function resetPassword(options: ClusterOptions, password: string): Promise<void> {
  const access = await openFolder(clusterDirOf(options.dataDir), options.account);
  try {
    await explaining('Setting a new superuser password', () =>
      runProgram(options.programs.postgres, ['--single', '-D', access.argument, SUPERUSER], {
        account: options.account,
        descriptors: access.descriptors,
        input: `alter role ${SUPERUSER} password '${password}'\n`,
        signal: options.signal,
      }),
    );
  } finally {
    access.close();
  }
}

async function createCluster(options: ClusterOptions, clusterDir: string, password: string): Promise<void> {
  const { account, dataDir } = options;
  await removeDrafts(dataDir);
  const draft = path.join(dataDir, `${DRAFT_PREFIX}${randomBytes(6).toString('hex')}`);
  const passwordFile = path.join(options.runDir, 'initial-password');
  options.log(`creating a database in ${clusterDir}`);
  try {
    await explaining(`Creating a database in ${dataDir}`, async () => {
      await mkdir(draft, { mode: 0o700 });
      await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
      if (account !== undefined) {
        await chown(draft, account.uid, account.gid);
        await chown(passwordFile, account.uid, account.gid);
      }
      const access = await openFolder(draft, account);
      try {
        await runProgram(options.programs.initdb, [...initdbArguments(passwordFile), `--pgdata=${access.argument}`], {
          account,
          descriptors: access.descriptors,
          signal: options.signal,
        });
      } finally {
        access.close();
      }
      await rename(draft, clusterDir);
      await syncFolder(dataDir);
    });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function initdbArguments(passwordFile: string): readonly string[] {
  return [
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own collation sorts alike on every system and never changes under an index; libc only classifies.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
    // The clients are programs: dates and messages do not follow the country of the machine.
    '--lc-messages=C',
    '--lc-time=C',
    '--lc-numeric=C',
    '--lc-monetary=C',
  ];
}

async function createPassword(dataDir: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const file = path.join(dataDir, PASSWORD_FILE);
  await explaining(`Writing ${file}`, async () => {
    // Whole or absent: a cut password would lock its owner out.
    await rm(`${file}.new`, { force: true });
    await writeFile(`${file}.new`, password, { mode: 0o600, flag: 'wx', flush: true });
    await rename(`${file}.new`, file);
  });
  return password;
}

/** Drafts of starts that died: the lock on the folder says that nobody works on them. */
async function removeDrafts(dataDir: string): Promise<void> {
  for (const entry of await readdir(dataDir)) {
    if (entry.startsWith(DRAFT_PREFIX)) await rm(path.join(dataDir, entry), { recursive: true });
  }
}

/** Makes the move into place outlive a power cut. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
