import { execFile } from 'node:child_process';
import { chmod, chown, lchown, lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, systemCode } from './errors.ts';

/** Unprivileged accounts to run the server as, best first: PostgreSQL refuses to run as root. */
const ACCOUNT_NAMES = ['postgres', '_postgres', 'nobody'] as const;
/** `id` answers from local files or a name service; a hung name service must not hang the start. */
const ID_TIMEOUT_MS = 5_000;

const run = promisify(execFile);

/** A user to run the server as in place of this process's own. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account to run the server as: undefined (this process's own) unless it is root, then the owner of an existing cluster,
 * so that its owner can start it again without root, else `postgres`, else `nobody`.
 * @throws EmbeddedPostgresError NOT_PERMITTED when root has no account to step down to.
 */
export async function chooseAccount(clusterDir: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOf(clusterDir);
  if (owner !== undefined && owner.uid !== 0) return owner;
  for (const name of ACCOUNT_NAMES) {
    const account = await lookUp(name);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    'NOT_PERMITTED',
    `PostgreSQL does not run as root, and this machine has no account named ${ACCOUNT_NAMES.join(' or ')}: create one (useradd --system postgres), or start as an ordinary user.`,
  );
}

/** Whether the account may search every folder from the root down to `target`, and `target` itself when it is a folder. */
export async function isReachable(target: string, account: ServerAccount): Promise<boolean> {
  const steps: string[] = [];
  for (let at = target; ; at = path.dirname(at)) {
    steps.push(at);
    if (at === path.dirname(at)) break;
  }
  for (const step of steps) {
    const { uid, gid, mode } = await stat(step);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
  }
  return true;
}

/** Gives a file or a whole folder to the account; no change when it owns the top already. */
export async function giveTo(target: string, account: ServerAccount | undefined): Promise<void> {
  if (account === undefined) return;
  const top = await lstat(target);
  if (top.uid === account.uid) return;
  if (top.isDirectory()) {
    for (const entry of await readdir(target, { withFileTypes: true, recursive: true })) {
      await lchown(path.join(entry.parentPath, entry.name), account.uid, account.gid);
    }
    await chmod(target, 0o700);
  }
  // The top comes last: its owner tells the next start whether the change was finished.
  await chown(target, account.uid, account.gid);
}

async function ownerOf(dir: string): Promise<ServerAccount | undefined> {
  try {
    const { uid, gid } = await stat(dir);
    return { uid, gid };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function lookUp(name: string): Promise<ServerAccount | undefined> {
  try {
    const uid = await run('id', ['-u', name], { timeout: ID_TIMEOUT_MS });
    const gid = await run('id', ['-g', name], { timeout: ID_TIMEOUT_MS });
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch (error) {
    // id exits 1 when the account does not exist; a missing or hung id must be seen.
    if (error instanceof Error && 'code' in error && error.code === 1) return undefined;
    throw error;
  }
}
