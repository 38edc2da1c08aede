import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenShop, openShop } from './shop.ts';

const CHROMIUM = '/usr/bin/chromium';
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

if (!existsSync(CHROMIUM)) console.warn(`left out: GraphiQL in a browser, since ${CHROMIUM} is not installed`);

test.runIf(existsSync(CHROMIUM))(
  'the editor comes up in a browser, which has nothing to complain of',
  async () => {
    const profile = await mkdtemp(join(tmpdir(), 'graphiql-'));
    const { stdout, stderr } = await promisify(execFile)(
      CHROMIUM,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${profile}`,
        '--virtual-time-budget=15000',
        '--enable-logging=stderr',
        '--dump-dom',
        shop.url,
      ],
      { timeout: BROWSER_MS, maxBuffer: 64 * 1024 * 1024 },
    );
    expect(stdout).toContain('graphiql-container');
    expect(stdout).toContain('view-line');
    expect(stderr.split('\n').filter((line) => line.includes(':CONSOLE'))).toEqual([]);
    await rm(profile, { recursive: true, force: true });
  },
  60_000,
);
