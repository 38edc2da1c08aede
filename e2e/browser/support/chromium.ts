import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Names under which systems install it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
/** Where macOS keeps it. */
const MAC = '/Applications/Chromium.app/Contents/MacOS/Chromium';

const chromiumPath = [
  ...(process.env['PATH'] ?? '').split(':').flatMap((folder) => NAMES.map((name) => join(folder, name))),
  MAC,
].find(existsSync);

/** Switches off what a browser does beside showing pages; the processors are for those. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

/** Why browser tests do not run here; undefined where they do. */
export const withoutChromium =
  chromiumPath === undefined ? 'no Chromium (Debian: apt-get install chromium)' : undefined;

/** Starts the system's Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(withoutChromium);
  // The sandbox needs rights that containers and the root account lack; only our own pages are opened.
  return chromium.launch({ executablePath: chromiumPath, args: [...QUIET, '--no-sandbox', '--disable-dev-shm-usage'] });
}
