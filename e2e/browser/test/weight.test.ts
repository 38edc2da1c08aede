import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../support/built-console.ts';

const SITE = fileURLToPath(new URL('../../../web/app/dist/site', import.meta.url));
/** What comes before the first page may weigh, bytes of gzip without fonts: two seconds on a slow phone line. */
const FIRST_PAGE_BYTES_MAX = 200_000;

beforeAll(() => buildConsole());

test('what comes before the first page is light, and names no address of a machine', () => {
  const page = readFileSync(`${SITE}/index.html`, 'utf8');
  const files = Array.from(page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g), ([, path]) => path);
  expect(files.length).toBeGreaterThan(1);
  const bytes = files.reduce((sum, path) => sum + gzipSync(readFileSync(`${SITE}${path}`), { level: 9 }).length, 0);
  expect(bytes).toBeLessThan(FIRST_PAGE_BYTES_MAX);
  for (const path of files) expect(readFileSync(`${SITE}${path}`, 'utf8')).not.toMatch(/\/\/localhost|127\.0\.0\.1/);
});
