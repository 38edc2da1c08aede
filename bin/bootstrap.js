import { ensureInstalled } from './lib/install.js';
import { inRoot, Refusal } from './lib/layout.js';
import { runPinned } from './lib/pinned.js';
import { ensureSite } from './lib/site.js';

/** Commands that serve pages. */
const SERVING = new Set(['serve', 'up']);
/** The oldest Node that can run these scripts; what they start runs on the pinned one. */
const HOST_MAJOR_MIN = 18;

/** Makes the checkout ready to run: dependencies and runtime. Says on stderr what it does. */
export async function bootstrap() {
  if (Number(process.versions.node.split('.')[0]) < HOST_MAJOR_MIN) {
    throw new Refusal(`Node.js ${HOST_MAJOR_MIN} or newer is needed; this is ${process.version}.`);
  }
  await ensureInstalled();
}

/**
 * Makes the checkout ready and runs the server program; answers its exit code.
 * @param {readonly string[]} args
 */
export async function runServer(args) {
  await bootstrap();
  if (SERVING.has(args[0]) && !args.includes('--help')) await ensureSite();
  return runPinned(inRoot('apps', 'server', 'main.ts'), args);
}
