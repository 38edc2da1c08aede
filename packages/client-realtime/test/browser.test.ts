import { launchChromium, withoutChromium } from '@candlefish/testkit/chromium';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { cuttingProxy } from '../../../e2e/support/cutting-proxy.ts';
import { DocumentServer } from './support/document-server.ts';
import type { PageHandle } from './support/page.ts';
import { type Site, serveSite } from './support/site.ts';

/** What the page has put into its global scope. */
const { realtime } = globalThis as unknown as { readonly realtime: PageHandle };
const WAIT_MAX_MS = 15_000;

let browser: Browser;
let site: Site;
let server: DocumentServer;
/** One for all tests, which each have a document of their own in it: one for each would take a quarter longer. */
let context: BrowserContext;
let documentId = 'd0';
let documents = 0;

const inBrowser = test.runIf(withoutChromium === undefined);
if (withoutChromium !== undefined) console.log(`left out: ${withoutChromium}`);

beforeAll(async () => {
  if (withoutChromium !== undefined) return;
  site = await serveSite();
  browser = await launchChromium();
  context = await browser.newContext();
});

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  if (withoutChromium !== undefined) return;
  server = await DocumentServer.start();
  documents += 1;
  documentId = `d${documents}`;
});

afterEach(async () => {
  await Promise.all((context?.pages() ?? []).map((page) => page.close()));
  await server?.kill();
});

async function openTab(url = server.url, owner = 'ada', prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(site.url);
  await page.waitForFunction(() => 'realtime' in globalThis);
  await page.evaluate(([at, id, who]) => realtime.open(at, id, who), [url, documentId, owner] as const);
  return page;
}

const type = (page: Page, text: string): Promise<void> => page.evaluate((typed) => realtime.type(typed), text);
const textOf = (page: Page): Promise<string> => page.evaluate(() => realtime.text());
const untilStatus = (page: Page, status: string) =>
  page.waitForFunction((wanted) => realtime.state().status === wanted, status, { timeout: WAIT_MAX_MS });
const untilText = (page: Page, text: string) =>
  page.waitForFunction((wanted) => realtime.text() === wanted, text, { timeout: WAIT_MAX_MS });
const untilKept = (page: Page) =>
  page.waitForFunction(() => realtime.state().keptLocally, undefined, { timeout: WAIT_MAX_MS });

/** Kills the process of a tab as a crash does: nothing of the page runs any more. */
async function crash(page: Page): Promise<void> {
  const crashed = new Promise<void>((resolve) => page.once('crash', () => resolve()));
  const debuggerOf = await context.newCDPSession(page);
  debuggerOf.send('Page.crash').catch(() => {
    // There is nobody left to answer.
  });
  await crashed;
}

inBrowser('offline work survives the death of its tab and is saved by the next one', async () => {
  const first = await openTab();
  await type(first, 'online; ');
  await untilStatus(first, 'saved');
  await server.kill();
  await type(first, 'offline');
  await untilKept(first);
  await crash(first);
  const second = await openTab();
  expect(await textOf(second)).toBe('online; offline');
  expect(await second.evaluate(() => realtime.state().unsavedChanges)).toBeGreaterThan(0);
  await server.listen();
  await untilStatus(second, 'saved');
  expect(server.text(documentId)).toBe('online; offline');
  const third = await openTab();
  expect(await third.evaluate(() => realtime.state().unsavedChanges)).toBe(0);
});

inBrowser('a tab that dies while it types has kept every word it said was kept', async () => {
  await server.kill();
  const tab = await openTab();
  let kept = '';
  for (let word = 0; word < 30; word += 1) {
    await type(tab, `${word} `);
    await untilKept(tab);
    kept += `${word} `;
  }
  await tab.evaluate(() => {
    setInterval(() => realtime.type('x'), 1);
  });
  await crash(tab);
  const next = await openTab();
  expect(await textOf(next)).toMatch(new RegExp(`^${kept}x*$`));
});

inBrowser('two tabs see what the other does without a server, and either of them saves it', async () => {
  const one = await openTab();
  const two = await openTab();
  await untilStatus(one, 'saved');
  await untilStatus(two, 'saved');
  await server.kill();
  await type(one, 'one ');
  await untilText(two, 'one ');
  await type(two, 'two');
  await untilText(one, 'one two');
  await crash(one);
  await server.listen();
  await untilStatus(two, 'saved');
  expect(server.text(documentId)).toBe('one two');
});

inBrowser('two tabs that write at once and both die have lost nothing', async () => {
  await server.kill();
  const tabs = [await openTab(), await openTab()];
  await Promise.all(
    tabs.map((tab, index) =>
      tab.evaluate(async (letter) => {
        for (let n = 0; n < 700; n += 1) {
          realtime.type(letter);
          if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }, 'ab'[index] ?? ''),
    ),
  );
  for (const tab of tabs) await untilKept(tab);
  for (const tab of tabs) await crash(tab);
  const next = await openTab();
  const text = await textOf(next);
  expect([text.replaceAll('b', '').length, text.replaceAll('a', '').length]).toEqual([700, 700]);
  await server.listen();
  await untilStatus(next, 'saved');
  expect(server.text(documentId)).toBe(text);
});

inBrowser('a link that is cut again and again loses and doubles nothing', async () => {
  await using proxy = await cuttingProxy(server.url);
  const tab = await openTab(proxy.url);
  const other = await openTab(server.url, 'bob');
  let typed = '';
  for (let word = 0; word < 25; word += 1) {
    await type(tab, `w${word} `);
    typed += `w${word} `;
    if (word % 3 === 0) proxy.cut();
  }
  await untilStatus(tab, 'saved');
  expect(server.text(documentId)).toBe(typed);
  await untilText(other, typed);
});

inBrowser('a browser that denies its store is told of once, and the document works', async () => {
  const tab = await openTab(server.url, 'ada', (page) =>
    page.addInitScript(() => {
      Object.defineProperty(globalThis, 'indexedDB', {
        get: () => ({
          open: () => {
            throw new DOMException('denied by the user', 'SecurityError');
          },
        }),
      });
    }),
  );
  await type(tab, 'still saved');
  await untilStatus(tab, 'saved');
  expect(server.text(documentId)).toBe('still saved');
  expect(await tab.evaluate(() => realtime.problems())).toEqual(['storage: SecurityError: denied by the user']);
});

inBrowser('a new history empties the copy of this machine and keeps what was not saved', async () => {
  const tab = await openTab();
  await type(tab, 'secret');
  await untilStatus(tab, 'saved');
  await server.kill();
  await type(tab, ' unsaved');
  await untilKept(tab);
  await crash(tab);
  server.erase(documentId, 'clean');
  await server.listen();
  const next = await openTab();
  await untilText(next, 'clean');
  await untilStatus(next, 'saved');
  await next.close();
  await server.kill();
  const offline = await openTab();
  expect(await textOf(offline)).toBe('clean');
});

inBrowser('a document that is left and opened again in one page has kept what was typed last', async () => {
  await server.kill();
  const tab = await openTab();
  await tab.evaluate(async () => {
    realtime.type('typed and left at once');
    await realtime.close();
  });
  await tab.evaluate(([url, id]) => realtime.open(url, id, 'ada'), [server.url, documentId] as const);
  expect(await textOf(tab)).toBe('typed and left at once');
  await server.listen();
  await untilStatus(tab, 'saved');
  expect(await tab.evaluate(() => realtime.problems())).toEqual([]);
});

inBrowser('what one person keeps is not seen by another, and goes when it is dropped', async () => {
  const mine = await openTab(server.url, 'ada');
  await type(mine, 'of Ada');
  await untilStatus(mine, 'saved');
  await server.kill();
  const theirs = await openTab(server.url, 'bob');
  expect(await textOf(theirs)).toBe('');
  await mine.close();
  await theirs.evaluate(() => realtime.drop('ada'));
  const again = await openTab(server.url, 'ada');
  expect(await textOf(again)).toBe('');
});
