import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** Stands at the edges of an open menu and hands the focus on at once: nobody's focus ever rests on it. */
const FOCUS_GUARD = '[data-base-ui-focus-guard]';
/** What keeps somebody from using a page. */
const GRAVE: ReadonlySet<string> = new Set(['serious', 'critical']);

/** Serious and critical findings of axe on a page as it stands, a line each. */
export async function graveFindings(page: Page): Promise<readonly string[]> {
  // Evaluated through the debugger, which the page's policy does not concern; once for each page that is loaded.
  if (!(await page.evaluate(`typeof axe === 'object'`))) await page.evaluate(AXE);
  const { violations }: Pick<AxeResults, 'violations'> = await page.evaluate(
    `axe.run({ exclude: ['${FOCUS_GUARD}'] }, { resultTypes: ['violations'], preload: false })
      .then(({ violations }) => ({ violations }))`,
  );
  return violations
    .filter(({ impact }) => GRAVE.has(impact ?? ''))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}
