import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withInstallLock } from './install-lock.js';
import { inRoot, Refusal, root } from './layout.js';
import { showProgress } from './progress.js';

const STAMP = inRoot('node_modules', '.candlefish-install');
/** npm alone needs half a minute on two cores; beyond this it hangs. */
const NPM_MAX_MS = 15 * 60_000;
/** npm says what went wrong in its last lines. */
const TAIL_LINES_MAX = 20;
const TAIL_CHARS_MAX = 64_000;
const NPM_ARGS = [
  'ci',
  '--ignore-scripts',
  // Whatever NODE_ENV says: the tests, and the pinned runtime, which is an optional package.
  '--include=dev',
  '--include=optional',
  '--no-fund',
  '--no-audit',
  '--loglevel=error',
];

/** Installs the dependencies unless those of this package-lock.json are there already. */
export async function ensureInstalled() {
  const wanted = await wantedStamp();
  if ((await readText(STAMP)) === wanted) return;
  await withInstallLock(
    async () => {
      // Another process may have done it while this one waited.
      if ((await readText(STAMP)) === wanted) return;
      if (!(await isInstalledByHand())) {
        await rm(STAMP, { force: true });
        await runNpm();
      }
      await writeFile(STAMP, wanted);
    },
    (pid) => process.stderr.write(`waiting for process ${pid}, which is installing the dependencies\n`),
  );
}

async function wantedStamp() {
  const lock = await readFile(inRoot('package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/** Whether an `npm ci` or `npm install` of the user's own left exactly what the lock file asks for on this platform. */
async function isInstalledByHand() {
  const hidden = await readText(inRoot('node_modules', '.package-lock.json'));
  if (hidden === undefined) return false;
  const installed = JSON.parse(hidden).packages ?? {};
  const { packages } = JSON.parse(await readFile(inRoot('package-lock.json'), 'utf8'));
  return Object.entries(packages).every(([place, wanted]) => {
    if (!place.includes('node_modules/') || wanted.link === true) return true;
    const found = installed[place];
    if (found !== undefined) return found.version === wanted.version && found.integrity === wanted.integrity;
    return wanted.optional === true && !isForThisPlatform(wanted);
  });
}

function isForThisPlatform({ os, cpu, libc }) {
  if (os === undefined && cpu === undefined && libc === undefined) return false;
  return (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true) && libc === undefined;
}

async function runNpm() {
  const endProgress = showProgress('installing the dependencies (once, about half a minute)');
  const { command, args } = npmCommand();
  const { code, tail } = await run(command, [...args, ...NPM_ARGS]).finally(endProgress);
  if (code === 0) return;
  throw new Refusal(
    `npm ci failed (exit code ${code}). Its last lines:\n${tail}\n\nIt needs the npm registry once: check the network, a proxy, and "npm config get registry"; then start again.`,
  );
}

/** The npm that runs this script, else the one on the PATH, there with the machine's own Node. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && path.basename(running) === 'npm-cli.js') {
    return { command: process.execPath, args: [running] };
  }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: npmEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // The shell is how Windows runs npm.cmd; the arguments are constants.
      shell: process.platform === 'win32',
    });
    // Not the option of spawn: its timer outlives a program that could not be started, and keeps the process alive.
    const timer = setTimeout(() => child.kill('SIGKILL'), NPM_MAX_MS);
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-TAIL_CHARS_MAX);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const interrupt = (signal) => child.kill(signal);
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const settle = (act) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      act();
    };
    child.once('error', (error) => {
      const advice = 'npm is not installed or not on the PATH: install Node.js with npm, then start again.';
      settle(() => reject(error.code === 'ENOENT' ? new Refusal(advice) : error));
    });
    child.once('close', (code, signal) => {
      const isInterrupted = signal === 'SIGINT' || signal === 'SIGTERM' || code === 130;
      const tail = lastLines(output);
      settle(() =>
        isInterrupted ? reject(new Refusal('installation interrupted', 130)) : resolve({ code: code ?? signal, tail }),
      );
    });
  });
}

/** npm empties node_modules, the pinned Node in it included: it must not be run by that one. */
function npmEnv() {
  const paths = (process.env.PATH ?? '').split(path.delimiter);
  const own = paths.filter((entry) => !entry.startsWith(inRoot('node_modules')));
  return { ...process.env, PATH: own.join(path.delimiter) };
}

function lastLines(output) {
  return output.trimEnd().split('\n').slice(-TAIL_LINES_MAX).join('\n');
}

async function readText(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
