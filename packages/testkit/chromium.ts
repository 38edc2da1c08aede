import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/**
 * Names under which systems install it, the best first: the headless shell has the same engine without what surrounds a window,
 * and needs two thirds of the time.
 */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
] as const;
/** Where macOS keeps it. */
const MAC = '/Applications/Chromium.app/Contents/MacOS/Chromium';

const chromiumPath = [
  ...NAMES.flatMap((name) => (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name))),
  MAC,
].find(existsSync);

/**
 * What a browser prepares beside the page that is asked for: a process for the page after it, and for each visitor the pages
 * behind its own address line. A process costs as much as loading the console.
 */
const PREPARED = [
  'SpareRendererForSitePerProcess',
  'PreloadTopChromeWebUI',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
] as const;

/** What Playwright switches off as well; of two lists Chromium takes the last one. */
const SWITCHED_OFF_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
] as const;

/** Switches off what a browser does beside showing pages; the processors are for those. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${[...SWITCHED_OFF_BY_PLAYWRIGHT, ...PREPARED].join(',')}`,
] as const;

/** Why browser tests do not run here; undefined where they do. */
export const withoutChromium =
  chromiumPath === undefined ? 'no Chromium (Debian: apt-get install chromium-headless-shell)' : undefined;

/** Starts the system's Chromium without a window. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(withoutChromium);
  // The sandbox needs rights that containers and the root account lack; only our own pages are opened.
  return chromium.launch({ executablePath: chromiumPath, args: [...QUIET, '--no-sandbox', '--disable-dev-shm-usage'] });
}
