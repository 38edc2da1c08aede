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
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${width}.png`) });
}
