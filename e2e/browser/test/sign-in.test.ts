import { launchChromium, withoutChromium } from '@candlefish/testkit/chromium';
import { type RunningNetwork, type SignedUp, sharedNetwork } from '@candlefish/testkit/network';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildConsole } from '../support/built-console.ts';
import { signIn, type Visitor, visit } from '../support/visitor.ts';

describe.skipIf(withoutChromium !== undefined)('signing in', () => {
  let network: RunningNetwork;
  let browser: Browser;
  let ada: SignedUp;
  /** One browser for all, which forgets before each test who it was: one for each would double the time of the short tests. */
  let visitor: Visitor;

  beforeAll(async () => {
    buildConsole();
    network = await sharedNetwork();
    ada = await network.signUp('Ada & Sons');
    browser = await launchChromium();
    visitor = await visit(browser, network.url);
  });

  beforeEach(async () => {
    await forget(visitor, network.url);
  });

  afterAll(async () => {
    await browser?.close();
  });

  test('somebody signs in, creates a document and signs out with the keyboard alone', async () => {
    const { page, takeTroubles } = visitor;
    await page.goto('/documents');
    await page.waitForURL('**/sign-in?next=%2Fdocuments');
    const keys = page.keyboard;
    // The address has the focus already.
    await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'email');
    await keys.type(ada.email);
    await keys.press('Tab');
    await keys.type(ada.password);
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
    await page.getByText('No documents yet').waitFor();

    await focusByTab(page, 'New document');
    await keys.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'title');
    await keys.type('Minutes of Monday');
    await keys.press('Enter');
    await page.waitForURL('**/documents/*-*');
    await page.waitForFunction(() => document.activeElement?.id === 'main');

    await focusByTab(page, ada.email);
    await keys.press('Enter');
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('[role="menu"]') !== null);
    await keys.press('End');
    await page.locator('[role="menuitem"][data-highlighted]', { hasText: 'Sign out' }).waitFor();
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(takeTroubles()).toEqual([]);
  });

  test('a session outlives a reload and ends in every tab at once', async () => {
    const { page, context, takeTroubles } = visitor;
    await signIn(page, ada.email, ada.password);
    const other = await context.newPage();
    await other.goto('/documents');
    await other.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(takeTroubles()).toEqual([]);
  });

  test('somebody of two companies goes over to the other one, and sees nothing of the first there', async () => {
    const bea = await network.signUp('Bea Paints');
    await bea.api.post('/api/v1/documents', { title: 'Of the first company', contentType: 'text/plain' });
    await bea.api.post('/api/v1/tenants', { name: 'Bea Prints' });
    const { page, takeTroubles } = visitor;
    await signIn(page, bea.email, bea.password);
    await page.getByText('Of the first company').waitFor();
    await page.getByRole('button', { name: /Bea Paints/ }).click();
    await page.getByRole('menuitemradio', { name: 'Bea Prints' }).click();
    await page.getByRole('button', { name: /Bea Prints/ }).waitFor();
    await page.getByText('No documents yet').waitFor();
    expect(await page.getByText('Of the first company').count()).toBe(0);
    expect(takeTroubles()).toEqual([]);
  });

  test('a wrong password is told without saying which part was wrong', async () => {
    const { page } = visitor;
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(ada.email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('The address or the password is wrong.');
  });

  test('after the sign-in a visitor is where the link led, and never on another site', async () => {
    const { page } = visitor;
    await page.goto('/sign-in?next=%2F%2Felsewhere.example');
    await page.getByLabel('E-mail').fill(ada.email);
    await page.getByLabel('Password').fill(ada.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${network.url}/documents`);
  });
});

/** Leaves a visitor as one who was never there: one empty tab, no session and nothing stored. */
async function forget({ page, context, takeTroubles }: Visitor, origin: string): Promise<void> {
  await Promise.all(context.pages().map((tab) => (tab === page ? tab.goto('about:blank') : tab.close())));
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await session.detach();
  await context.clearCookies();
  takeTroubles();
}

async function focusByTab(page: Page, name: string): Promise<void> {
  /** Controls of the longest page. */
  const tabsMax = 40;
  for (let tabs = 0; tabs < tabsMax; tabs++) {
    const label = await page.evaluate(() => {
      const { activeElement: at } = document;
      // A page that has the focus as a whole holds the words of everything in it.
      return at === null || at.matches('body, main') ? '' : (at.getAttribute('aria-label') ?? at.textContent);
    });
    if (label.includes(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} cannot be reached by Tab`);
}
