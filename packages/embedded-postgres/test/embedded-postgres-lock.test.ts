import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireDataLock, DataLockedError } from '../index.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cf-lock-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

test('a second taker is refused and told who owns the folder, until the first lets go', async () => {
  const lock = await acquireDataLock(dir);
  const refusal = await acquireDataLock(dir).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DataLockedError);
  expect(refusal).toMatchObject({ ownerPid: process.pid, code: 'DATA_LOCKED' });
  expect(String(refusal)).toContain(`process ${process.pid}`);

  await lock.release();
  await lock.release();
  const next = await acquireDataLock(dir);
  await next.release();
});

test('of many takers at once exactly one gets the lock, round after round', async () => {
  for (let round = 0; round < 5; round++) {
    const takers = await Promise.allSettled(Array.from({ length: 12 }, () => acquireDataLock(dir)));
    const held = takers.filter((taker) => taker.status === 'fulfilled');
    const refused = takers.filter((taker) => taker.status === 'rejected');
    expect(held).toHaveLength(1);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(DataLockedError);
    for (const { value } of held) await value.release();
  }
});

test('the lock of a process that is gone is taken over, by one of many takers', async () => {
  const child = spawn('/bin/sh', ['-c', 'exit 0']);
  await once(child, 'exit');
  await leaveClaim(`${child.pid}.1-aaaaaaaa.0011`);

  const takers = await Promise.allSettled(Array.from({ length: 12 }, () => acquireDataLock(dir)));
  expect(takers.filter((taker) => taker.status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(path.join(dir, 'lock'))).toHaveLength(1);
});

test('a lock whose process id belongs to another program by now is taken over', async () => {
  await leaveClaim(`${process.pid}.1-aaaaaaaa.0011`);
  const lock = await acquireDataLock(dir);
  expect(await readdir(path.join(dir, 'lock'))).toHaveLength(1);
  await lock.release();
});

test('a running process that is still claiming is waited for, not trampled on', async () => {
  const lock = await acquireDataLock(dir);
  const [own] = await readdir(path.join(dir, 'lock'));
  await lock.release();
  // Sorts before any claim of this process, and never decides.
  const rival = `${own?.replace(/[0-9a-f]+$/, '0')}`;
  await leaveClaim(rival, '');

  const taking = acquireDataLock(dir);
  const early = await Promise.race([taking.then(() => 'taken'), new Promise((resolve) => setTimeout(resolve, 200))]);
  expect(early).toBeUndefined();
  await rm(path.join(dir, 'lock', rival));
  await (await taking).release();
});

async function leaveClaim(name: string, content = 'held\n'): Promise<void> {
  await mkdir(path.join(dir, 'lock'), { recursive: true });
  await writeFile(path.join(dir, 'lock', name), content);
}
