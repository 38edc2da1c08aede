import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** Programs the tests start (servers and a browser), each in a Debian package of the same name. Of several one will do. */
const PROGRAMS = [['redis-server'], ['pgbouncer'], ['chromium-headless-shell', 'chromium']];
/** Where Debian keeps servers; an ordinary user's PATH leaves it out. */
const SERVER_DIRS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
/** A hundred megabytes at the most, nearly all of it the browser; a mirror that takes longer is down. */
const APT_MAX_MS = 10 * 60_000;
const APT_OPTIONS = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
const TAIL_LINES_MAX = 15;

/** PATH for the tests: also the folders where servers lie. */
export function serverPath() {
  const paths = (process.env.PATH ?? '').split(path.delimiter);
  return [...paths, ...SERVER_DIRS.filter((dir) => !paths.includes(dir))].join(path.delimiter);
}

/** Installs the servers that tests need where that can be done, and says what stays missing. */
export function ensureTestServers() {
  let missing = missingPrograms();
  if (missing.length > 0 && canInstall()) {
    installPackages(missing);
    missing = missingPrograms();
  }
  if (missing.length === 0) return;
  process.stderr.write(
    `Missing: ${missing.map((names) => names.join(' or ')).join(', ')}. The tests that need them are skipped and listed at the end. Install them with your system's packages (Debian: apt-get install ${missing.map(([name]) => name).join(' ')}; macOS: brew install ${missing.map((names) => names.at(-1).replace('-server', '')).join(' ')}).\n`,
  );
}

function missingPrograms() {
  const dirs = serverPath().split(path.delimiter);
  const isInstalled = (name) => dirs.some((dir) => isExecutable(path.join(dir, name)));
  return PROGRAMS.filter((names) => !names.some(isInstalled));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: the answer is the same.
    return false;
  }
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && isExecutable('/usr/bin/apt-get');
}

function installPackages(programs) {
  process.stderr.write(`installing ${programs.map(([name]) => name).join(' and ')} with apt-get, which tests need\n`);
  // An outdated package list may still do.
  aptGet('update');
  const packages = programs.map((names) => names.find(isInRelease) ?? names[0]);
  aptGet('install', '-y', '--no-install-recommends', ...packages);
}

function isInRelease(name) {
  return spawnSync('/usr/bin/apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;
}

function aptGet(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync('/usr/bin/apt-get', [...APT_OPTIONS, command, ...args], {
    encoding: 'utf8',
    timeout: APT_MAX_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  const output = `${stdout ?? ''}${stderr ?? ''}`.trimEnd().split('\n').slice(-TAIL_LINES_MAX).join('\n');
  process.stderr.write(`apt-get ${command} failed: ${error?.message ?? `exit code ${status}`}\n${output}\n`);
}
