import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Sight } from './visitor.ts';

/** Pictures take a third of the time of the tests of pages, so they are taken when somebody wants to look at them. */
const ARE_WANTED = process.env['SCREENSHOTS'] === 'true';
/** For people to look at; not kept in the repository. */
const FOLDER = fileURLToPath(new URL('../screenshots/', import.meta.url));

/** Waits until a page is drawn as it now is. */
export async function isDrawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Two frames: the first one takes a change of theme in, the second shows it.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

/** Keeps a picture of a page as `name-theme-width.png` when `SCREENSHOTS=true`. */
export async function keepScreenshot(page: Page, name: string, { theme, width }: Sight): Promise<void> {
  if (!ARE_WANTED) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${width}.png`) });
}
