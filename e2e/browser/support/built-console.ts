import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../../bin/build.js', import.meta.url));
/** The build takes some seconds on two idle cores. */
const BUILD_MAX_MS = 120_000;

let isBuilt = false;

/** Builds the console that the platform serves, unless it is built. @throws Error with the bundler's words. */
export function buildConsole(): void {
  // Looking whether it is takes half a second, and the files of a worker share this module.
  if (isBuilt) return;
  const { status, stderr, error } = spawnSync(process.execPath, [BUILD], { encoding: 'utf8', timeout: BUILD_MAX_MS });
  if (status !== 0) throw new Error(`the console cannot be built: ${error?.message ?? stderr}`);
  isBuilt = true;
}
