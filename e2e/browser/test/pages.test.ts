import { type SignedUp, type TestNetwork, testNetwork } from '@candlefish/testkit/network';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graveFindings } from '../support/axe.ts';
import { buildConsole } from '../support/built-console.ts';
import { launchChromium, withoutChromium } from '../support/chromium.ts';
import { keepScreenshot } from '../support/screenshots.ts';
import { type Sight, signIn, visit } from '../support/visitor.ts';

const THEMES = ['light', 'dark'] as const;
/** A phone, a tablet, a small laptop, px. */
const WIDTHS = [360, 768, 1_280] as const;
const SIGHTS: readonly Sight[] = THEMES.flatMap((theme) => WIDTHS.map((width) => ({ theme, width })));

/** A page of the console and how to tell that it is there. */
interface Stop {
  readonly name: string;
  /** Leads there. */
  readonly go: (page: Page) => Promise<unknown>;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();

const OUTSIDE: readonly Stop[] = [
  { name: 'sign-in', go: (page) => page.goto('/sign-in').then(() => heading(page, 'Sign in')) },
  {
    name: 'sign-in-refused',
    async go(page) {
      await page.goto('/sign-in');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Enter your password.').waitFor();
    },
  },
  { name: 'sign-up', go: (page) => page.goto('/sign-up').then(() => heading(page, 'Create a company')) },
];

const INSIDE: readonly Stop[] = [
  { name: 'documents', go: (page) => page.goto('/documents').then(() => page.getByText('Price list 2027').waitFor()) },
  {
    name: 'documents-nothing-found',
    go: (page) => page.goto('/documents?q=zebra').then(() => page.getByText('Nothing matches').waitFor()),
  },
  {
    name: 'documents-create',
    async go(page) {
      await page.goto('/documents');
      await page.getByRole('button', { name: 'New document' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'documents-menu',
    async go(page) {
      await page.goto('/documents');
      await page.getByRole('button', { name: 'Actions for Price list 2027' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    },
  },
  {
    name: 'documents-delete',
    async go(page) {
      await page.goto('/documents');
      await page.getByRole('button', { name: 'Actions for Price list 2027' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  { name: 'settings', go: (page) => page.goto('/settings').then(() => heading(page, 'Settings')) },
  { name: 'not-found', go: (page) => page.goto('/documents/x/y/z').then(() => heading(page, 'Not found')) },
];

const TITLES = [
  ['Price list 2027', 'application/json'],
  ['Minutes of the meeting on Monday', 'text/markdown'],
  ['How we prepare walls of old plaster before the first coat, and what we tell the owner about it', 'text/markdown'],
  ['Notes', 'text/plain'],
  ['Über Grundierungen und Öle', 'text/plain'],
] as const;

describe.skipIf(withoutChromium !== undefined)('pages', () => {
  let network: TestNetwork;
  let browser: Browser;
  let ada: SignedUp;

  beforeAll(async () => {
    buildConsole();
    network = await testNetwork();
    ada = await network.signUp('Ada & Sons Painting');
    for (const [title, contentType] of TITLES) await ada.api.post('/api/v1/documents', { title, contentType });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await network?.close();
  });

  test.for(SIGHTS)('every page can be used and read in the $theme theme at $width px', async (sight) => {
    const { page, troubles, close } = await visit(browser, network.url, sight);
    const findings: string[] = [];
    const look = async ({ name, go }: Stop): Promise<void> => {
      await go(page);
      await keepScreenshot(page, name, sight);
      findings.push(...(await graveFindings(page)).map((finding) => `${name}: ${finding}`));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) findings.push(`${name}: is ${overflow} px wider than the window`);
    };
    for (const stop of OUTSIDE) await look(stop);
    await signIn(page, ada.email, ada.password);
    for (const stop of INSIDE) await look(stop);
    expect(findings).toEqual([]);
    // Chromium logs the status of a page that is not there by itself.
    expect(troubles.filter((trouble) => !trouble.includes('status of 404'))).toEqual([]);
    await close();
  });
});
