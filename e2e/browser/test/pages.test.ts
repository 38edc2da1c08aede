import { withoutChromium } from '@candlefish/testkit/chromium';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graveFindings } from '../support/axe.ts';
import { type Company, openCompany } from '../support/company.ts';
import { furnish } from '../support/furniture.ts';
import { isDrawn, keepScreenshot } from '../support/screenshots.ts';
import { type Visitor, visit, WAIT_MAX_MS } from '../support/visitor.ts';

/**
 * How pages are looked at: a small laptop in both themes, a tablet, a phone. Axe looks at everything where the layout is
 * another, and at colours where only the theme is. The order changes one thing from each to the next, and from the last to the
 * first the width alone.
 */
const SIGHTS = [
  { theme: 'dark', width: 1_280, axe: 'all' },
  { theme: 'light', width: 1_280, axe: 'colours' },
  { theme: 'light', width: 768, axe: undefined },
  { theme: 'dark', width: 360, axe: 'all' },
] as const;
const WINDOW_HEIGHT = 800;

/** A page of the console and how to get there, from wherever the stop before has led. */
interface Stop {
  readonly name: string;
  readonly go: (page: Page) => Promise<unknown>;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
const press = (page: Page, name: RegExp | string) => page.getByRole('button', { name }).first().click();
const choose = (page: Page, name: string) => page.getByRole('tab', { name }).click();

/** Closes what lies above the page, layer by layer. */
async function leave(page: Page): Promise<void> {
  const above = page.locator('.dialog, .popup').filter({ visible: true });
  // Each round takes a layer away, or fails.
  for (let layers = await above.count(); layers > 0; layers = await above.count()) {
    await page.keyboard.press('Escape');
    await expect.poll(() => above.count(), { timeout: WAIT_MAX_MS }).toBeLessThan(layers);
  }
}

const toDocuments = (page: Page) =>
  page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Documents' }).click();

/** Leads to a document by its row, and waits until it is live. */
async function open(page: Page, title: string): Promise<void> {
  await toDocuments(page);
  await page.getByRole('link', { name: title, exact: true }).click();
  await page.locator('[data-status="saved"]').waitFor();
  await page.locator('.document-main .skeleton').first().waitFor({ state: 'detached' });
}

/** Opens the newest change of the document that is open. */
async function compare(page: Page, shown: string): Promise<void> {
  await press(page, 'History');
  await page.locator('.entry-main').first().click();
  await page.locator('.changes').getByText(shown).first().waitFor();
}

const OUTSIDE: readonly Stop[] = [
  { name: 'sign-in', go: (page) => page.goto('/sign-in').then(() => heading(page, 'Sign in')) },
  {
    name: 'sign-in-refused',
    async go(page) {
      await press(page, 'Sign in');
      await page.getByText('Enter your password.').waitFor();
    },
  },
  {
    name: 'sign-up',
    go: (page) =>
      page
        .getByRole('link', { name: 'Create a company' })
        .click()
        .then(() => heading(page, 'Create a company')),
  },
];

const LISTS: readonly Stop[] = [
  { name: 'documents', go: (page) => page.getByText('Price list 2027').waitFor() },
  {
    name: 'documents-create',
    async go(page) {
      await press(page, 'New document');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'documents-menu',
    async go(page) {
      await leave(page);
      await press(page, 'Actions for Price list 2027');
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    },
  },
  {
    name: 'documents-delete',
    async go(page) {
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'documents-found',
    async go(page) {
      await leave(page);
      await page.getByRole('searchbox').fill('plaster');
      await page.locator('.document-snippet mark').first().waitFor();
    },
  },
  {
    name: 'documents-nothing-found',
    async go(page) {
      await page.getByRole('searchbox').fill('zebra');
      await page.getByText('Nothing matches').waitFor();
    },
  },
];

const KINDS: readonly Stop[] = [
  { name: 'document-price', go: (page) => open(page, 'Price list 2027') },
  { name: 'compare-values', go: (page) => compare(page, '61.5') },
  { name: 'document-spring', go: (page) => leave(page).then(() => open(page, 'Spring')) },
  { name: 'compare-items', go: (page) => compare(page, 'Return the ladder') },
  { name: 'document-minutes', go: (page) => leave(page).then(() => open(page, 'Minutes of Monday')) },
  { name: 'compare-text', go: (page) => compare(page, 'RAL 9010') },
  { name: 'settings', go: (page) => page.goto('/settings').then(() => heading(page, 'Settings')) },
  { name: 'not-found', go: (page) => page.goto('/documents/x/y/z').then(() => heading(page, 'Not found')) },
];

const DOCUMENT: readonly Stop[] = [
  { name: 'document-handbook', go: (page) => open(page, 'Handbook') },
  {
    name: 'document-comments',
    async go(page) {
      await press(page, 'Comments');
      await page.getByText('Is this still so?').waitFor();
    },
  },
  {
    name: 'document-mention',
    async go(page) {
      await page.getByRole('textbox', { name: 'About the document' }).pressSequentially('Ask @bo');
      await page.getByRole('option').first().waitFor();
    },
  },
];

const PAST: readonly Stop[] = [
  {
    name: 'document-history',
    async go(page) {
      await open(page, 'Handbook');
      await press(page, 'History');
      await page.locator('.entry').first().waitFor();
    },
  },
  {
    name: 'document-authors',
    async go(page) {
      await choose(page, 'Authors');
      await page.locator('.written').waitFor();
    },
  },
  {
    name: 'document-versions',
    async go(page) {
      await choose(page, 'Versions');
      await page.getByText('First draft').waitFor();
    },
  },
  {
    name: 'compare-blocks',
    async go(page) {
      await page.locator('.entry-main', { hasText: 'First draft' }).click();
      await page.locator('ins').getByText('Tell the owner so.').waitFor();
    },
  },
  {
    name: 'document-restore',
    async go(page) {
      await press(page, 'Go back to this version');
      await page.getByRole('alertdialog').waitFor();
    },
  },
];

const BRANCHES: readonly Stop[] = [
  {
    name: 'document-branches',
    async go(page) {
      await open(page, 'Handbook');
      await press(page, 'Branches');
      await page.getByRole('link', { name: /Handbook, shorter/ }).waitFor();
    },
  },
  {
    name: 'document-branch',
    async go(page) {
      await page.getByRole('link', { name: /Handbook, shorter/ }).click();
      await page.getByText('Nothing of it is seen there').waitFor();
    },
  },
  {
    name: 'document-merge',
    async go(page) {
      await press(page, 'Merge …');
      await page.locator('.conflict').first().waitFor();
    },
  },
  {
    name: 'document-share',
    async go(page) {
      await leave(page);
      await press(page, 'Share');
      await page.getByRole('tab', { name: 'Links' }).waitFor();
    },
  },
  {
    name: 'document-share-links',
    async go(page) {
      await choose(page, 'Links');
      await press(page, 'Create link');
      await page.getByLabel('The link, shown this once').waitFor();
    },
  },
];

describe.skipIf(withoutChromium !== undefined)('pages', () => {
  let company: Company;
  /** Ada, who is signed in. */
  let ada: Visitor;

  beforeAll(async () => {
    company = await openCompany();
    await furnish(company);
    ada = await company.enter(company.ada);
  });

  afterAll(() => company?.close());

  async function walk({ page, takeTroubles }: Visitor, stops: readonly Stop[]): Promise<void> {
    const findings: string[] = [];
    for (const { name, go } of stops) {
      await go(page);
      for (const { theme, width, axe } of SIGHTS) {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height: WINDOW_HEIGHT });
        // A menu follows the window a frame later.
        await isDrawn(page);
        await keepScreenshot(page, name, { theme, width });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (overflow > 0) findings.push(`${name}: is ${overflow} px wider than ${width} px`);
        if (axe === undefined) continue;
        findings.push(...(await graveFindings(page, axe)).map((finding) => `${name}, ${theme}, ${width}: ${finding}`));
      }
      await page.setViewportSize({ width: SIGHTS[0].width, height: WINDOW_HEIGHT });
    }
    expect(findings).toEqual([]);
    // Chromium logs the status of a page that is not there by itself.
    expect(takeTroubles().filter((trouble) => !trouble.includes('status of 404'))).toEqual([]);
  }

  test('the entrances can be used and read in both themes and three widths', async () => {
    const visitor = await visit(company.browser, company.network.url);
    await walk(visitor, OUTSIDE);
    await visitor.close();
  });

  test.for([
    ['lists', LISTS],
    ['documents of every kind, and what changed in them', KINDS],
    ['a document and its comments', DOCUMENT],
    ['the past of a document', PAST],
    ['branches and sharing', BRANCHES],
  ] as const)('%s can be used and read in both themes and three widths', async ([, stops]) => {
    await leave(ada.page);
    await toDocuments(ada.page);
    await walk(ada, stops);
  });
});
