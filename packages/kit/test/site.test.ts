import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addOpenApi, type Route } from '@candlefish/kit/http';
import { addBuiltSite, addSite } from '@candlefish/kit/site';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteRoutes } from './http-notes.ts';

const app = fastify();
const PAGE = new URL('../../../web/api/', import.meta.url);

beforeAll(async () => {
  const info = { title: 'Notes', version: '1.0.0', description: '' };
  addOpenApi(app, info, [{ name: 'notes', summary: '', routes: noteRoutes as readonly Route[] }]);
  addSite(app, {
    path: '/api',
    page: new URL('index.html', PAGE),
    files: {
      'before.js': new URL('before.js', PAGE),
      'scalar.js': new URL(import.meta.resolve('@scalar/api-reference/browser/standalone.js')),
    },
  });
  await app.ready();
});

afterAll(() => app.close());

test('a page admits nothing inline but styles with its own fresh nonce, and nothing from elsewhere', async () => {
  const [one, other] = [await app.inject('/api'), await app.inject('/api')];
  const policy = String(one.headers['content-security-policy']);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(one.body).toContain(`content="${nonce}"`);
  expect(one.body).not.toContain('{{');
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(policy).toContain("script-src 'self';");
  expect(other.headers['content-security-policy']).not.toBe(policy);
  expect(one.body).not.toMatch(/(src|href)="(https?:)?\/\//);
});

test('a file is sent zipped where that is understood, and not again while it holds', async () => {
  const plain = await app.inject('/api/scalar.js');
  const zipped = await app.inject({ url: '/api/scalar.js', headers: { 'accept-encoding': 'br, gzip' } });
  expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  const etag = String(plain.headers.etag);
  const again = await app.inject({ url: '/api/scalar.js', headers: { 'if-none-match': etag } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('the document is served to every site', async () => {
  const answer = await app.inject('/api/v1/openapi.json');
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  expect(answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Notes' } });
});

test('a built site answers each of its pages, keeps hashed files for ever and packed files as they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'site-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<meta name="style-nonce" content="{{nonce}}">');
  await writeFile(join(folder, 'theme.js'), 'theme()');
  await writeFile(join(folder, 'assets', 'main-abc.js'), 'plain()');
  await writeFile(join(folder, 'assets', 'main-abc.js.br'), 'packed');
  await using site = fastify();
  const send = addBuiltSite(site, { folder, pages: ['/', '/things/:id'], trustedTypes: ['Clipboard'] });
  const page = await site.inject('/things/7');
  expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache']);
  expect(page.headers['content-security-policy']).toContain(/content="([^"]+)"/.exec(page.body)?.[1]);
  expect(page.headers['content-security-policy']).toContain(
    "require-trusted-types-for 'script'; trusted-types Clipboard;",
  );
  const hashed = await site.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'gzip, br' } });
  expect([hashed.headers['content-encoding'], hashed.body]).toEqual(['br', 'packed']);
  expect(hashed.headers['cache-control']).toContain('immutable');
  const unhashed = await site.inject('/theme.js');
  expect([unhashed.body, unhashed.headers['cache-control']]).toEqual(['theme()', 'no-cache']);
  expect((await site.inject('/assets/main-abc.js.br')).statusCode).toBe(404);
  expect((await site.inject('/index.html')).statusCode).toBe(404);
  expect(send).not.toBeNull();
  await rm(folder, { recursive: true });
});

test('a folder without a built site serves nothing', async () => {
  await using site = fastify();
  expect(
    addBuiltSite(site, { folder: join(tmpdir(), 'no-such-folder-of-a-site'), pages: ['/'], trustedTypes: [] }),
  ).toBeNull();
  expect((await site.inject('/')).statusCode).toBe(404);
});
