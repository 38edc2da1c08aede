import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Sight } from './visitor.ts';

/** Left by each run for people to look at; not kept in the repository. */
const FOLDER = fileURLToPath(new URL('../screenshots/', import.meta.url));

/** Keeps a picture of a page as `name-theme-width.png`. */
export async function keepScreenshot(page: Page, name: string, { theme, width }: Sight): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Two frames: the first one takes a change of theme in, the second shows it.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${width}.png`) });
}
