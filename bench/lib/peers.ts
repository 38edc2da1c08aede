import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const FOLDER = new URL('../', import.meta.url);
const LOCK = new URL('package-lock.json', FOLDER);
/** The lock file as it was when the folder was last installed. */
const INSTALLED = new URL('node_modules/.installed-lock.json', FOLDER);
const INSTALL_MAX_MS = 300_000;

/**
 * Installs what the platform is measured against, once per lock file. These packages live here alone: one of them has a
 * licence that the product's own must not have.
 */
export async function installPeers(log: (line: string) => void): Promise<void> {
  if (existsSync(INSTALLED) && (await readFile(INSTALLED, 'utf8')) === (await readFile(LOCK, 'utf8'))) return;
  log('installing the reference implementations (once)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--workspaces=false'];
  await run('npm', args, { cwd: FOLDER, timeout: INSTALL_MAX_MS });
  await copyFile(LOCK, INSTALLED);
}

/**
 * A package of the bench folder by its name. `Shape` says what is used of it: the compiler does not see these packages,
 * since a checkout is complete without them.
 */
export async function importPeer<Shape>(name: string): Promise<Shape> {
  return (await import(name)) as Shape;
}
