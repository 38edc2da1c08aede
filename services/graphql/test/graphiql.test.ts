import { launchChromium, withoutChromium } from '@candlefish/testkit/chromium';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenShop, openShop } from './shop.ts';

const BROWSER_MS = 45_000;

let shop: OpenShop;

beforeAll(async () => {
  shop = await openShop();
});

afterAll(() => shop.close());

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('a browser gets a page whose every file comes from here', async () => {
  const response = await fetch(shop.url, { headers: HTML });
  const page = await response.text();
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
  const addresses = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), (match) => match[1] ?? '');
  expect(addresses.filter((address) => !address.startsWith('/graphql/graphiql/') && address !== 'data:,')).toEqual([]);
  for (const address of addresses.filter((one) => one.startsWith('/'))) {
    const file = await fetch(new URL(address, shop.url));
    expect([address, file.status]).toEqual([address, 200]);
    expect((await file.text()).length).toBeGreaterThan(100);
    const again = await fetch(new URL(address, shop.url), {
      headers: { 'if-none-match': file.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  }
});

test('a file that is not there is not found', async () => {
  expect((await fetch(`${shop.url}/graphiql/nope.js`)).status).toBe(404);
});

test('a query in the address is answered, not shown', async () => {
  const response = await fetch(`${shop.url}?query=${encodeURIComponent('{ __typename }')}`, { headers: HTML });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test('there is no page where the schema is shown to nobody', async () => {
  const closed = await openShop({ environment: { GRAPHQL_INTROSPECTION: 'off' } });
  expect((await fetch(closed.url, { headers: HTML })).status).toBe(400);
  expect((await fetch(`${closed.url}/graphiql/main.js`)).status).toBe(404);
  await closed.close();
});

if (withoutChromium !== undefined) console.warn(`left out: GraphiQL in a browser, ${withoutChromium}`);

test.runIf(withoutChromium === undefined)(
  'the editor comes up in a browser, which has nothing to complain of',
  async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      const schema = page.waitForResponse((response) => response.request().method() === 'POST', {
        timeout: BROWSER_MS,
      });
      await page.goto(shop.url);
      await page.locator('.graphiql-container .view-line').first().waitFor({ timeout: BROWSER_MS });
      await (await schema).finished();
      // What the page makes of the schema takes it a moment; a quiet network may never come on a busy machine.
      await page.waitForTimeout(500);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  60_000,
);
