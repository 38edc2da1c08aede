import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Sight } from './visitor.ts';

/** For people to look at; not kept in the repository. */
const FOLDER = fileURLToPath(new URL('../screenshots/', import.meta.url));
/** Nobody looks at the pictures of every run, and they are a fifth of what looking at the pages costs. */
const WANTED = process.env['SCREENSHOTS'] === 'true';

/** Waits until a page is drawn as it now is. */
export async function isDrawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Two frames: the first one takes a change of theme in, the second shows it.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Keeps a picture of a page as `name-theme-width.png`, when the setting `SCREENSHOTS` is `true`. */
export async function keepScreenshot(page: Page, name: string, { theme, width }: Sight): Promise<void> {
  if (!WANTED) return;
  mkdirSync(FOLDER, { recursive: true });
  // The browser's own protocol: Playwright's pictures wait for more frames and are packed for size, at three times the cost.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
  await session.detach();
  writeFileSync(join(FOLDER, `${name}-${theme}-${width}.png`), Buffer.from(data, 'base64'));
}
