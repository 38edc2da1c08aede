import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** Stands at the edges of an open menu and hands the focus on at once: nobody's focus ever rests on it. */
const FOCUS_GUARD = '[data-base-ui-focus-guard]';
/** What keeps somebody from using a page. */
const GRAVE: ReadonlySet<string> = new Set(['serious', 'critical']);

/**
 * Rules that look at colours. A theme is `color-scheme` and `light-dark()` in the stylesheets and nothing else (no media query,
 * no script), so what every other rule finds in one theme it finds in the other one.
 */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] as const;

/** What a rule is, as axe itself keeps it: its public list has no weights. */
interface WeighedRule {
  readonly id: string;
  readonly enabled?: boolean;
  readonly tags: readonly string[];
  /** How grave all findings of the rule are. */
  readonly impact?: string;
}
const { rules } = (axe as unknown as { readonly _audit: { readonly rules: readonly WeighedRule[] } })._audit;

/** Rules whose findings are grave. The others take half of the time, and what they find is not looked at. */
const GRAVE_RULES = rules
  .filter(({ enabled, impact }) => enabled !== false && (impact === undefined || GRAVE.has(impact)))
  // Axe leaves these out as well, unless they are named.
  .filter(({ tags }) => !tags.includes('experimental') && !tags.includes('deprecated'))
  .map(({ id }) => id);

/**
 * Serious and critical findings of axe on a page as it stands, a line each.
 * @param scope `colours` where the same page with the same layout was looked at in another theme.
 */
export async function graveFindings(page: Page, scope: 'all' | 'colours' = 'all'): Promise<readonly string[]> {
  // Evaluated through the debugger, which the page's policy does not concern; once for each page that is loaded.
  if (!(await page.evaluate(`typeof axe === 'object'`))) await page.evaluate(AXE);
  const options: RunOptions = {
    reporter: 'no-passes',
    resultTypes: ['violations'],
    preload: false,
    runOnly: { type: 'rule', values: scope === 'colours' ? [...COLOUR_RULES] : GRAVE_RULES },
  };
  const { violations }: Pick<AxeResults, 'violations'> = await page.evaluate(
    `axe.run({ exclude: ['${FOCUS_GUARD}'] }, ${JSON.stringify(options)}).then(({ violations }) => ({ violations }))`,
  );
  return violations
    .filter(({ impact }) => GRAVE.has(impact ?? ''))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}
