import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const PINNED = new URL('../../bin/lib/pinned.js', import.meta.url).href;
/** Says when it runs, and by which signals it was told to end. */
const SERVER = `
import { appendFileSync } from 'node:fs';
const say = (text) => appendFileSync(process.argv[2], text + '\\n');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
  say(signal);
  setTimeout(() => { say('ended'); process.exit(0); }, 600);
});
setTimeout(() => undefined, 15_000);
say('ready');
`;

let folder = '';
let said = '';
let shell: ChildProcess;

/** Starts the server as npm runs a script: in a shell that does not become the script. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cf-pinned-'));
  said = path.join(folder, 'said');
  const [server, runner] = ['server.mjs', 'runner.mjs'].map((name) => path.join(folder, name)) as [string, string];
  await writeFile(server, SERVER);
  await writeFile(
    runner,
    `import { runPinned } from '${PINNED}';\nprocess.exitCode = await runPinned(${JSON.stringify(server)}, [${JSON.stringify(said)}]);\n`,
  );
  shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${runner}"; true`], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, npm_lifecycle_event: 'start' },
  });
  await expect.poll(lines).toEqual(['ready']);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const lines = async (): Promise<readonly string[]> =>
  (await readFile(said, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

test('a SIGTERM that reaches npm and its shell alone ends the server in order', async () => {
  shell.kill('SIGTERM');
  await expect.poll(lines).toEqual(['ready', 'SIGTERM', 'ended']);
});

test('Ctrl-C, which reaches all of them, is told once', async () => {
  process.kill(-(shell.pid ?? 0), 'SIGINT');
  await expect.poll(lines).toEqual(['ready', 'SIGINT', 'ended']);
});
