import { addOpenApi, addSite, type Route } from '@candlefish/kit/http';
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
