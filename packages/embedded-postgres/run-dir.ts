import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isReachable, type ServerAccount } from './account.ts';
import { explaining } from './errors.ts';

/** A unix socket's path holds 103 bytes on macOS (107 on Linux), 28 of them for our folder's and the socket's name. */
const PARENT_BYTES_MAX = 103 - 28;
const PREFIX = 'cf-pg-';

/** Creates a private folder with a short path, for sockets; the account owns it. */
export async function createRunDir(account: ServerAccount | undefined): Promise<string> {
  const parent = await chooseParent(account);
  return explaining(`Creating a folder for sockets in ${parent}`, async () => {
    const dir = await mkdtemp(path.join(parent, PREFIX));
    if (account !== undefined) await chown(dir, account.uid, account.gid);
    return dir;
  });
}

/** Whether a path is a folder that `createRunDir` made. */
export function isRunDir(dir: string): boolean {
  return path.isAbsolute(dir) && /^cf-pg-[A-Za-z0-9]{6}$/.test(path.basename(dir));
}

async function chooseParent(account: ServerAccount | undefined): Promise<string> {
  const own = tmpdir();
  const isShort = Buffer.byteLength(own) <= PARENT_BYTES_MAX;
  const isUsable = account === undefined || (await isReachable(own, account));
  return isShort && isUsable ? own : '/tmp';
}
