import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot, Refusal } from './layout.js';

/** Outside node_modules, which npm empties. */
const FOLDER = inRoot('.candlefish', 'install-lock');
const POLL_MS = 100;
/** A first install on a slow line takes minutes; a lock older than this is stuck. */
const WAIT_MAX_MS = 20 * 60_000;

/**
 * Runs `work` while no other process of this checkout does; waits for one that does. A claimant leaves a file named after
 * its process and goes ahead when it then finds itself alone; files of processes that are gone are cleared away.
 * @param {() => Promise<void>} work
 * @param {(pid: string) => void} onWait Called once when another process is at it.
 */
export async function withInstallLock(work, onWait) {
  await mkdir(FOLDER, { recursive: true });
  const name = `${process.pid}.${await startOf(process.pid)}.${randomBytes(6).toString('hex')}`;
  const file = path.join(FOLDER, name);
  const deadline = Date.now() + WAIT_MAX_MS;
  let isClaimed = false;
  let isTold = false;
  try {
    for (;;) {
      const others = await otherClaims(name);
      if (others.length === 0 && isClaimed) break;
      if (others.length > 0 && Date.now() > deadline) throw stuck(others[0]);
      const isFirst = others.every((other) => !other.isHeld && name < other.name);
      if (isFirst && !isClaimed) await writeFile(file, '', { flag: 'wx' });
      if (!isFirst && isClaimed) await rm(file);
      isClaimed = isFirst;
      const holder = others.find((other) => other.isHeld);
      if (holder !== undefined && !isTold) {
        isTold = true;
        onWait(holder.pid);
      }
      if (others.length > 0) await sleep(POLL_MS);
    }
    await writeFile(file, 'held\n');
    await work();
  } finally {
    await rm(file, { force: true });
  }
}

function stuck({ name, pid }) {
  return new Refusal(
    `Process ${pid} has been installing for ${WAIT_MAX_MS / 60_000} minutes. End it, or delete ${path.join(FOLDER, name)}, and try again.`,
  );
}

async function otherClaims(ownName) {
  const claims = [];
  for (const name of await readdir(FOLDER)) {
    if (name === ownName) continue;
    const [pid = '', start = ''] = name.split('.');
    if (await isRunning(Number(pid), start)) {
      const text = await textOf(path.join(FOLDER, name));
      if (text !== undefined) claims.push({ name, pid, isHeld: text !== '' });
    } else {
      await rm(path.join(FOLDER, name), { force: true });
    }
  }
  return claims;
}

async function isRunning(pid, start) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return start === (await startOf(pid));
}

/** Start time of a process, which tells it from a later one with the same id; '0' where /proc does not tell. */
async function startOf(pid) {
  const stat = await textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return '0';
  // The name in brackets may hold spaces; the start is field 22, the state after the name field 3.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3] ?? '0';
}

async function textOf(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}
