import { randomBytes } from 'node:crypto';
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataLockedError, explaining, systemCode } from './errors.ts';
import { makeFolder } from './folders.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Two starts at once settle within a few polls; a claimant that neither holds nor leaves for this long is stuck. */
const SETTLE_MAX_MS = 10_000;
/** A claim is decided by one directory listing, so looking again this soon is enough. */
const POLL_MS = 5;
const LOCK_FOLDER = 'lock';
const CLAIM = /^(\d+)\.([0-9a-f-]*)\.[0-9a-f]+$/;

/** A held lock of a data folder. */
export interface DataLock {
  /** Gives the folder free; harmless when called again. */
  release(): Promise<void>;
}

interface Claim {
  readonly file: string;
  readonly owner: ProcessIdentity;
  readonly isHeld: boolean;
}

/**
 * Takes the lock of a data folder for this process; the folder is created when missing. Locks left by processes that are
 * gone, or whose process id is another program's by now, are cleared away. Holds between processes of one machine that see
 * each other's process ids; containers that share a volume do not.
 *
 * A claimant creates its own file, named after its process and start time, and holds when it then finds itself alone: of
 * two claimants at least the later one sees the other, so both can never hold. A file is named uniquely and deleted only when
 * its owner is gone, so clearing stale ones cannot hit a fresh one.
 * @throws DataLockedError when a running process holds it.
 */
export async function acquireDataLock(dir: string): Promise<DataLock> {
  const folder = path.join(path.resolve(dir), LOCK_FOLDER);
  return explaining(`Locking ${dir}`, async () => {
    await makeFolder(folder);
    return claimUntilSettled(dir, folder);
  });
}

async function claimUntilSettled(dir: string, folder: string): Promise<DataLock> {
  const owner = await ownIdentity();
  const file = path.join(folder, `${owner.pid}.${owner.startId}.${randomBytes(8).toString('hex')}`);
  const deadline = Date.now() + SETTLE_MAX_MS;
  let isClaimed = false;
  try {
    for (;;) {
      const others = await otherClaims(folder, path.basename(file));
      const holder = others.find((claim) => claim.isHeld);
      const rival = holder ?? others.at(0);
      if (holder !== undefined) throw new DataLockedError(dir, holder.owner.pid);
      if (rival !== undefined && Date.now() > deadline) throw new DataLockedError(dir, rival.owner.pid);
      if (rival === undefined && isClaimed) break;
      // The first by name stays and decides; the others step back and watch, so that it comes to be alone.
      const isFirst = others.every((claim) => path.basename(file) < claim.file);
      if (isFirst && !isClaimed) await writeFile(file, '', { flag: 'wx' });
      if (!isFirst && isClaimed) await unlink(file);
      isClaimed = isFirst;
      if (rival !== undefined) await sleep(POLL_MS);
    }
    await writeFile(file, 'held\n');
  } catch (error) {
    await removeIfThere(file);
    throw error;
  }
  return { release: () => removeIfThere(file) };
}

async function otherClaims(folder: string, ownFile: string): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const file of await readdir(folder)) {
    const match = CLAIM.exec(file);
    if (match === null || file === ownFile) continue;
    const owner = { pid: Number(match[1]), startId: match[2] ?? '' };
    const at = path.join(folder, file);
    if (await isRunning(owner)) {
      const text = await readIfThere(at);
      if (text !== undefined) claims.push({ file, owner, isHeld: text !== '' });
    } else {
      await removeIfThere(at);
    }
  }
  return claims;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeIfThere(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
